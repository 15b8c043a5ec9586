// What the peers in C++ share: the protocol of `Messages.swift`, the inputs that `Input.swift` defines, the clock, and
// the files of outputs.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace peer {

using nlohmann::json;

/// Says why a peer cannot run a row, though nothing is wrong.
struct Missing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The recipe of a tensor.
struct Input {
  std::string name, fill;
  std::vector<int64_t> shape;
  double low, high;
  uint32_t seed;

  explicit Input(const json &message)
      : name(message.at("name")),
        fill(message.at("fill")),
        shape(message.at("shape").get<std::vector<int64_t>>()),
        low(message.at("low")),
        high(message.at("high")),
        seed(message.at("seed")) {}

  int64_t count() const {
    int64_t count = 1;
    for (int64_t extent : shape) count *= extent;
    return count;
  }

  /// MurmurHash3's 32-bit finalizer of an element's number and the seed.
  uint32_t hash(int64_t index) const {
    uint32_t bits = static_cast<uint32_t>(index) + seed * 0x9E3779B9u;
    bits ^= bits >> 16;
    bits *= 0x85EBCA6Bu;
    bits ^= bits >> 13;
    bits *= 0xC2B2AE35u;
    return bits ^ bits >> 16;
  }

  void write(float *elements) const {
    expect("uniform");
    for (int64_t i = 0; i < count(); i++) {
      elements[i] = static_cast<float>(low + (high - low) * (hash(i) >> 8) / 16777216.0);
    }
  }

  void write(bool *elements) const {
    expect("mask");
    for (int64_t i = 0; i < count(); i++) elements[i] = hash(i) & 1;
  }

 private:
  void expect(const char *wanted) const {
    if (fill != wanted) throw std::invalid_argument(name + " is filled with " + fill + ", not " + wanted);
  }
};

/// What is to be computed; `Row.swift` has the fields, `README.md` their meaning.
struct Row {
  std::string name, kind, operation;
  std::map<std::string, int64_t> sizes;
  std::vector<Input> inputs;

  explicit Row(const json &message)
      : name(message.at("name")),
        kind(message.at("kind")),
        operation(message.at("operation")),
        sizes(message.at("sizes").get<std::map<std::string, int64_t>>()) {
    for (const json &input : message.at("inputs")) inputs.emplace_back(input);
  }

  const Input &input(const std::string &name) const {
    for (const Input &input : inputs) {
      if (input.name == name) return input;
    }
    throw std::invalid_argument(this->name + " has no input " + name);
  }
};

/// An output of a row, in row-major order.
struct Output {
  std::vector<int64_t> shape;
  std::vector<float> elements;
};

/// A row made ready to run.
struct Workload {
  /// Runs so many iterations. What one gives is freed before the next.
  std::function<void(int64_t)> run;
  /// Runs from the initial state and gives the row's outputs.
  std::function<std::vector<Output>()> outputs;
  /// Goes back to the initial state, where iterations change it; called before the clock starts.
  std::function<void()> reset = [] {};
};

/// What a peer measures. One row is prepared at a time.
struct Library {
  virtual ~Library() = default;
  /// What is measured, by name.
  virtual std::map<std::string, std::string> versions() = 0;
  /// Computes with as many threads from here on.
  virtual void set_threads(int threads) = 0;
  /// Makes a row ready. Throws `Missing` where the library cannot.
  virtual Workload prepare(const Row &row) = 0;
};

namespace detail {

inline json write(const std::vector<Output> &outputs, const std::string &folder) {
  json described = json::array();
  for (size_t i = 0; i < outputs.size(); i++) {
    std::string file = std::to_string(i) + ".bin";
    std::ofstream stream(folder + "/" + file, std::ios::binary);
    const std::vector<float> &elements = outputs[i].elements;
    stream.write(reinterpret_cast<const char *>(elements.data()),
                 static_cast<std::streamsize>(elements.size() * sizeof(float)));
    if (!stream.flush()) throw std::runtime_error("an output cannot be written into " + folder);
    described.push_back({{"dtype", "float32"}, {"shape", outputs[i].shape}, {"file", file}});
  }
  return described;
}

inline json act(Library &library, std::unique_ptr<Workload> &workload, const json &request) {
  using clock = std::chrono::steady_clock;
  if (request.contains("threads")) library.set_threads(request.at("threads"));
  const std::string action = request.at("action");
  if (action == "hello") return {{"versions", library.versions()}};
  if (action == "measure") throw Missing("limits are measured by Weft's worker alone");
  if (action == "drop" || action == "prepare") workload.reset();
  if (action == "drop") return json::object();
  if (action == "prepare") {
    workload = std::make_unique<Workload>(library.prepare(Row(request.at("row"))));
    return json::object();
  }
  if (!workload) throw std::logic_error("no row is prepared");
  workload->reset();
  if (action == "check") return {{"outputs", write(workload->outputs(), request.at("folder"))}};
  if (action == "run") {
    int64_t iterations = request.at("iterations");
    clock::time_point start = clock::now();
    workload->run(iterations);
    return {{"seconds", std::chrono::duration<double>(clock::now() - start).count()}};
  }
  throw std::invalid_argument("unknown action " + action);
}

}  // namespace detail

/// Reads requests from standard input and answers on standard output until the input ends.
inline int serve(Library &library) {
  // Whatever else is printed goes to standard error.
  FILE *answers = fdopen(dup(1), "w");
  dup2(2, 1);
  std::unique_ptr<Workload> workload;
  for (std::string line; std::getline(std::cin, line);) {
    json answer;
    try {
      answer = detail::act(library, workload, json::parse(line));
    } catch (const Missing &reason) {
      answer = {{"missing", reason.what()}};
    } catch (const std::exception &failure) {
      answer = {{"error", failure.what()}};
    }
    std::fprintf(answers, "%s\n", answer.dump().c_str());
    std::fflush(answers);
  }
  return 0;
}

}  // namespace peer
