// Runs tile functions for NEON on behalf of tests on another architecture, inside an emulator of user-mode programs.
//
//   runner ARENA BYTES ADDRESS    maps BYTES of the file ARENA at ADDRESS, where the tests have it too
//
// Reads requests from standard input and answers each with one byte: 0 when it was run, 1 where there is no such tile
// function. Pointers in a launch lead into the arena, so they mean the same here as in the tests.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ckernels.h"

typedef struct request {
  int64_t kernel;
  int64_t begin, end;
  void *scratch;
  // Whether to run it, or only to say whether it is there.
  int64_t runs;
  ck_launch launch;
} request;

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int file = open(argv[1], O_RDWR);
  size_t size = strtoull(argv[2], NULL, 0);
  void *address = (void *)(uintptr_t)strtoull(argv[3], NULL, 0);
  if (file < 0 || mmap(address, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) != address) {
    perror("runner: mapping the arena");
    return 1;
  }
  static request next;
  while (fread(&next, sizeof next, 1, stdin) == 1) {
    ck_tile tile = ck_tile_function((ck_kernel)next.kernel, CK_ISA_NEON);
    if (tile != NULL && next.runs) tile(&next.launch, next.begin, next.end, next.scratch);
    putchar(tile == NULL);
    fflush(stdout);
  }
  return 0;
}
