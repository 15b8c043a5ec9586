// A BLAS library as a peer, called from C: `blas_peer openblas` or `blas_peer blis`.
//
// Its best case: the result's memory is there before the clock starts.
#include <dlfcn.h>

#include "peer.hpp"

namespace {

/// What the CBLAS interface numbers.
enum { row_major = 101, as_stored = 111, transposed = 112 };

using Product = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
                         int lda, const float *b, int ldb, float beta, float *c, int ldc);

struct BLAS : peer::Library {
  explicit BLAS(const std::string &name) : name(name) {
    bool is_openblas = name == "openblas";
    if (!is_openblas && name != "blis") throw std::invalid_argument("there are openblas and blis, not " + name);
    // By the names of the quicker variants. OpenBLAS keeps its POSIX threads; BLIS makes new ones for each product, but
    // keeps OpenMP's.
    const char *file = is_openblas ? "openblas-pthread/libopenblas.so.0" : "blis-openmp/libblis.so.4";
    for (const char *folder : {"/usr/lib/x86_64-linux-gnu/", "/usr/lib/aarch64-linux-gnu/"}) {
      library = dlopen((std::string(folder) + file).c_str(), RTLD_NOW | RTLD_LOCAL);
      if (library != nullptr) break;
    }
    if (library == nullptr) throw std::runtime_error(dlerror());
    product = symbol<Product>("cblas_sgemm");
  }

  std::map<std::string, std::string> versions() override {
    const char *version = name == "openblas" ? symbol<const char *(*)()>("openblas_get_config")()
                                             : symbol<const char *(*)()>("bli_info_get_version_str")();
    // Which of its kernels it has chosen for this CPU.
    const char *kernel = name == "openblas" ? symbol<const char *(*)()>("openblas_get_corename")()
                                            : symbol<const char *(*)(int)>("bli_arch_string")(
                                                  symbol<int (*)()>("bli_arch_query_id")());
    return {{name, version}, {"kernel", kernel}};
  }

  void set_threads(int threads) override {
    if (name == "openblas") {
      symbol<void (*)(int)>("openblas_set_num_threads")(threads);
    } else {
      symbol<void (*)(int64_t)>("bli_thread_set_num_threads")(threads);
    }
  }

  peer::Workload prepare(const peer::Row &row) override {
    if (row.kind != "matmul") throw peer::Missing("a BLAS has products only");
    auto read = [&](const char *name) {
      auto elements = std::make_shared<std::vector<float>>(row.input(name).count());
      row.input(name).write(elements->data());
      return elements;
    };
    bool is_batched = row.sizes.count("batch") > 0;
    int64_t batch = is_batched ? row.sizes.at("batch") : 1;
    int64_t m = row.sizes.at("m"), k = row.sizes.at("k"), n = row.sizes.at("n");
    bool transposes_a = row.operation == "tn", transposes_b = row.operation == "nt";
    auto a = read("a"), b = read("b");
    auto c = std::make_shared<std::vector<float>>(batch * m * n);
    auto run = [=, product = product](int64_t iterations) {
      for (int64_t i = 0; i < iterations; i++) {
        for (int64_t matrix = 0; matrix < batch; matrix++) {
          product(row_major, transposes_a ? transposed : as_stored, transposes_b ? transposed : as_stored,
                  static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), 1, a->data() + matrix * m * k,
                  static_cast<int>(transposes_a ? m : k), b->data() + matrix * k * n,
                  static_cast<int>(transposes_b ? k : n), 0, c->data() + matrix * m * n, static_cast<int>(n));
        }
      }
    };
    std::vector<int64_t> shape = {m, n};
    if (is_batched) shape.insert(shape.begin(), batch);
    auto outputs = [=] {
      run(1);
      return std::vector<peer::Output>{{shape, *c}};
    };
    return {run, outputs};
  }

 private:
  template <typename Function>
  Function symbol(const char *symbol) {
    void *address = dlsym(library, symbol);
    if (address == nullptr) throw std::runtime_error(name + " has no " + symbol);
    return reinterpret_cast<Function>(address);
  }

  std::string name;
  void *library = nullptr;
  Product product;
};

}  // namespace

int main(int argc, char **argv) {
  try {
    if (argc != 2) throw std::invalid_argument("usage: blas_peer openblas|blis");
    BLAS library(argv[1]);
    return peer::serve(library);
  } catch (const std::exception &failure) {
    std::cerr << "blas_peer: " << failure.what() << "\n";
    return 1;
  }
}
