// Loads LLVM's OpenMP runtime so that it never sees its own environment variables.
//
// The runtime reads them once, in its library's constructor or on its first call, and many a malformed value ends the
// process there; well-formed ones would change how many threads Weft has, or where they run. A library that a program is
// linked with has its constructor run before any code of the program, so it is loaded here instead, while the variables
// are taken out of the environment, and asked something at once.
#define _GNU_SOURCE  // dladdr
#include "openmp.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"
#include "ck_stop.h"

extern char **environ;

static bool begins_with(const char *text, const char *beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

/// Whether the runtime would take an entry of the environment for a setting.
static bool is_setting(const char *entry) {
  static const char *const prefixes[] = {"OMP_", "KMP_", "GOMP_", "LIBOMP_"};
  // What these say is not about threads, ends no process, and has to be heard: tools such as the thread sanitizer's
  // watch the runtime, and processes that another OpenMP runtime was loaded into before may want to go on.
  static const char *const heard[] = {"OMP_TOOL", "KMP_DUPLICATE_LIB_OK="};
  for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) {
    if (begins_with(entry, heard[i])) return false;
  }
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
    if (begins_with(entry, prefixes[i])) return strchr(entry, '=') != NULL;
  }
  return false;
}

static size_t count_settings(void) {
  size_t count = 0;
  for (char **entry = environ; entry && *entry; entry++) count += is_setting(*entry);
  return count;
}

typedef struct settings {
  size_t count;
  // Names with values behind their ends.
  char **entries;
} settings;

/// Takes the runtime's settings out of the environment.
static settings take_settings(void) {
  settings taken = {.count = 0, .entries = calloc(count_settings() + 1, sizeof(char *))};
  if (taken.entries == NULL) ck_stop("weft: out of memory");
  for (char **entry = environ; entry && *entry; entry++) {
    if (!is_setting(*entry)) continue;
    char *copy = strdup(*entry);
    if (copy == NULL) ck_stop("weft: out of memory");
    *strchr(copy, '=') = '\0';
    taken.entries[taken.count++] = copy;
  }
  for (size_t i = 0; i < taken.count; i++) unsetenv(taken.entries[i]);
  return taken;
}

static void put_back(settings taken) {
  // From the last on, for of several values of one variable the first counts.
  for (size_t i = taken.count; i-- > 0;) {
    setenv(taken.entries[i], taken.entries[i] + strlen(taken.entries[i]) + 1, 1);
    free(taken.entries[i]);
  }
  free(taken.entries);
}

#if defined(__APPLE__)
static const char *const file_names[] = {"libomp.dylib", "/opt/homebrew/opt/libomp/lib/libomp.dylib",
                                         "/usr/local/opt/libomp/lib/libomp.dylib"};
#else
static const char *const file_names[] = {"libomp.so.5", "libomp.so"};
#endif

static ck_openmp runtime;

/// The address of a function of the runtime's.
static void *function(void *library, const char *name) {
  void *address = dlsym(library, name);
  if (address == NULL) {
    char message[256];
    snprintf(message, sizeof message, "weft: LLVM's OpenMP runtime (libomp) has no function %s", name);
    ck_stop(message);
  }
  return address;
}

static void load(void) {
  const settings taken = take_settings();
  void *library = NULL;
  for (size_t i = 0; library == NULL && i < sizeof file_names / sizeof *file_names; i++) {
    library = dlopen(file_names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (library == NULL) {
    ck_stop("weft: LLVM's OpenMP runtime (libomp) is missing; it is in the package libomp5 of Debian and Ubuntu, "
            "and in Homebrew's libomp");
  }
  runtime.global_thread = (int32_t(*)(const ck_openmp_place *))function(library, "__kmpc_global_thread_num");
  runtime.push_thread_count =
      (void (*)(const ck_openmp_place *, int32_t, int32_t))function(library, "__kmpc_push_num_threads");
  runtime.fork = (void (*)(const ck_openmp_place *, int32_t, ck_openmp_region, ...))function(library, "__kmpc_fork_call");
  runtime.thread = (int (*)(void))function(library, "omp_get_thread_num");
  runtime.set_dynamic = (void (*)(int))function(library, "omp_set_dynamic");
  runtime.set_blocktime = (void (*)(int))function(library, "kmp_set_blocktime");
  // Now at the latest it reads the environment.
  runtime.set_dynamic(0);
  put_back(taken);
}

const ck_openmp *ck_openmp_runtime(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return &runtime;
}

// Where there are settings, before the program has threads of its own that read the environment meanwhile. Elsewhere
// nothing is taken out, and a process that never needs a team never loads the runtime.
__attribute__((constructor)) static void load_early(void) {
  if (count_settings() > 0) ck_openmp_runtime();
}

const char *ck_openmp_library(void) {
  Dl_info info;
  if (dladdr((void *)(uintptr_t)ck_openmp_runtime()->set_blocktime, &info) == 0 || info.dli_fname == NULL) {
    return "unknown";
  }
  return info.dli_fname;
}
