// PyTorch's C++ library as a peer: what overhead is left where there is no Python.
//
//   libtorch_peer                          answers requests
//   libtorch_peer first-result THREADS     prints the sum of a product of two matrices
#include <torch/torch.h>

#include "peer.hpp"

namespace {

using torch::Tensor;

Tensor make(const peer::Input &input) {
  if (input.fill == "mask") {
    Tensor tensor = torch::empty(input.shape, torch::kBool);
    input.write(tensor.data_ptr<bool>());
    return tensor;
  }
  Tensor tensor = torch::empty(input.shape, torch::kFloat32);
  input.write(tensor.data_ptr<float>());
  return tensor;
}

peer::Output output(const Tensor &tensor) {
  Tensor dense = tensor.detach().contiguous();
  const float *elements = dense.const_data_ptr<float>();
  return {dense.sizes().vec(), {elements, elements + dense.numel()}};
}

/// A workload whose iterations are all the same and leave nothing behind.
template <typename Step>
peer::Workload repeated(Step step) {
  return {
      [step](int64_t iterations) {
        for (int64_t i = 0; i < iterations; i++) step();
      },
      [step] {
        std::vector<peer::Output> outputs;
        for (const Tensor &tensor : step()) outputs.push_back(output(tensor));
        return outputs;
      },
  };
}

/// A function without gradients.
template <typename Function>
peer::Workload inference(Function function) {
  peer::Workload workload = repeated([function] { return std::array<Tensor, 1>{function()}; });
  return {
      [run = workload.run](int64_t iterations) {
        c10::InferenceMode guard;
        run(iterations);
      },
      workload.outputs,
  };
}

peer::Workload pointwise(const peer::Row &row) {
  const std::string &operation = row.operation;
  Tensor a = make(row.input("a"));
  if (operation == "exp") return inference([=] { return torch::exp(a); });
  if (operation == "log") return inference([=] { return torch::log(a); });
  if (operation == "tanh") return inference([=] { return torch::tanh(a); });
  if (operation == "sigmoid") return inference([=] { return torch::sigmoid(a); });
  if (operation == "gelu") return inference([=] { return torch::gelu(a); });
  if (operation == "erf") return inference([=] { return torch::erf(a); });
  Tensor b = make(row.input("b"));
  if (operation == "add" || operation == "row-broadcast") return inference([=] { return torch::add(a, b); });
  if (operation == "where") {
    Tensor mask = make(row.input("mask"));
    return inference([=] { return torch::where(mask, a, b); });
  }
  Tensor c = make(row.input("c"));
  if (operation == "multiply-add") return inference([=] { return torch::addcmul(c, a, b); });
  // One fresh tensor, changed in place.
  if (operation == "chain") {
    return inference([=] { return torch::addcmul(c, a, b).tanh_().mul_(b).sub_(c).relu_(); });
  }
  throw peer::Missing("no pointwise operation " + operation + " for libtorch");
}

peer::Workload tape(const peer::Row &row) {
  Tensor x = make(row.input("x")), one = make(row.input("one"));
  int64_t count = row.sizes.at("count");
  auto additions = [=] {
    Tensor y = x;
    for (int64_t i = 0; i < count; i++) y = y + one;
    return y;
  };
  if (row.operation == "no-grad") return inference(additions);
  x.requires_grad_();
  if (row.operation == "forward") return repeated([=] { return std::array<Tensor, 1>{additions()}; });
  if (row.operation == "forward-backward") {
    return repeated([=] {
      Tensor y = additions();
      return std::array<Tensor, 2>{y, torch::autograd::grad({y}, {x})[0]};
    });
  }
  throw peer::Missing("no operation " + row.operation + " on the tape for libtorch");
}

/// Steps of training the tiny MLP.
struct Training {
  explicit Training(const peer::Row &row)
      : model(torch::nn::Linear(2, 16), torch::nn::Tanh(), torch::nn::Linear(16, 16), torch::nn::Tanh(),
              torch::nn::Linear(16, 1)),
        optimizer(model->parameters(), torch::optim::SGDOptions(0.05)) {
    for (const peer::Input &input : row.inputs) {
      if (input.name == "x") {
        x = make(input);
      } else if (input.name == "y") {
        y = make(input);
      } else {
        initial.emplace_back(model->named_parameters()[input.name], make(input));
      }
    }
    reset();
  }

  Tensor step() {
    Tensor loss = torch::mse_loss(model->forward(x), y);
    loss.backward();
    optimizer.step();
    optimizer.zero_grad();
    return loss;
  }

  void reset() {
    torch::NoGradGuard guard;
    for (auto &[parameter, value] : initial) parameter.copy_(value);
  }

  std::vector<peer::Output> outputs() {
    std::vector<peer::Output> outputs;
    for (int i = 0; i < 3; i++) outputs.push_back(output(step()));
    for (auto &[parameter, value] : initial) outputs.push_back(output(parameter));
    return outputs;
  }

  torch::nn::Sequential model;
  torch::optim::SGD optimizer;
  Tensor x, y;
  /// The parameters in the order of the inputs, and what they start from.
  std::vector<std::pair<Tensor, Tensor>> initial;
};

peer::Workload train(const peer::Row &row) {
  if (row.operation != "tiny-mlp") throw peer::Missing("libtorch trains the tiny MLP only");
  auto training = std::make_shared<Training>(row);
  return {
      [training](int64_t iterations) {
        for (int64_t i = 0; i < iterations; i++) training->step();
      },
      [training] { return training->outputs(); },
      [training] { training->reset(); },
  };
}

struct LibTorch : peer::Library {
  explicit LibTorch(std::string program) : program(std::move(program)) {}

  std::map<std::string, std::string> versions() override { return {{"libtorch", TORCH_VERSION}}; }

  void set_threads(int threads) override { torch::set_num_threads(threads); }

  peer::Workload prepare(const peer::Row &row) override {
    if (row.kind == "pointwise") return pointwise(row);
    if (row.kind == "tape") return tape(row);
    if (row.kind == "train") return train(row);
    if (row.kind == "start") return start();
    throw peer::Missing("no workload of kind " + row.kind + " for libtorch");
  }

 private:
  peer::Workload start() {
    std::string command = "'" + program + "' first-result " + std::to_string(torch::get_num_threads());
    auto run = [command](int64_t iterations) {
      for (int64_t i = 0; i < iterations; i++) {
        FILE *stream = popen(command.c_str(), "r");
        double printed = 0;
        bool is_number = stream != nullptr && std::fscanf(stream, "%lf", &printed) == 1;
        if (stream == nullptr || pclose(stream) != 0 || !is_number || printed != 64) {
          throw std::runtime_error(command + " did not print 64");
        }
      }
    };
    return {run, [run] {
              run(1);
              return std::vector<peer::Output>();
            }};
  }

  std::string program;
};

}  // namespace

int main(int argc, char **argv) {
  if (argc == 3 && std::string(argv[1]) == "first-result") {
    torch::set_num_threads(std::stoi(argv[2]));
    c10::InferenceMode guard;
    Tensor a = torch::full({64, 64}, 1.0 / 64);
    std::cout << torch::mm(a, a).sum().item<float>() << "\n";
    return 0;
  }
  LibTorch library(argv[0]);
  return peer::serve(library);
}
