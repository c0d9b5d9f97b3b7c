#include "socle/migrate/onnx/golden.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <set>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/random.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate::onnx {
namespace {

constexpr std::uint32_t kPurpose = 0x6f6e6e78;  // "onnx"

struct NumpyType {
  std::string_view type, code;
  unsigned bytes;
};

constexpr std::array<NumpyType, 12> kNumpyTypes{{{"float", "<f4", 4},
                                                 {"double", "<f8", 8},
                                                 {"float16", "<f2", 2},
                                                 {"bool", "|b1", 1},
                                                 {"int8", "|i1", 1},
                                                 {"uint8", "|u1", 1},
                                                 {"int16", "<i2", 2},
                                                 {"uint16", "<u2", 2},
                                                 {"int32", "<i4", 4},
                                                 {"uint32", "<u4", 4},
                                                 {"int64", "<i8", 8},
                                                 {"uint64", "<u8", 8}}};

/// Bits of a multiple of 1/256 between -1 and 1 as IEEE 754 half precision, from its single precision.
std::uint16_t half_bits(float value) {
  const auto single = std::bit_cast<std::uint32_t>(value);
  if ((single << 1) == 0) return static_cast<std::uint16_t>(single >> 16);
  const std::uint32_t exponent = ((single >> 23) & 0xff) - 127 + 15;
  return static_cast<std::uint16_t>((single >> 16 & 0x8000) | exponent << 10 | (single >> 13 & 0x3ff));
}

void append(std::string& out, std::uint64_t bits, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(bits >> (8 * i));
}

std::uint64_t element_bits_of(std::string_view type, const RandomStream& random, std::uint64_t input, std::uint64_t i) {
  if (type == "float" || type == "double" || type == "float16") {
    const double value = (static_cast<double>(random.below(512, input, i)) - 256.0) / 256.0;
    if (type == "double") return std::bit_cast<std::uint64_t>(value);
    if (type == "float") return std::bit_cast<std::uint32_t>(static_cast<float>(value));
    return half_bits(static_cast<float>(value));
  }
  return random.below(2, input, i);
}

/// Source: numpy.lib.format, version 1.0: a header whose end lies on a multiple of 64 bytes.
std::string npy_head(std::string_view code, const std::vector<std::int64_t>& shape) {
  std::string sizes;
  for (const std::int64_t size : shape) sizes += std::to_string(size) + ",";
  std::string head = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", code, sizes);
  head += std::string(63 - (10 + head.size()) % 64, ' ') + "\n";
  std::string file("\x93NUMPY\x01\x00", 8);
  append(file, head.size(), 2);
  return file + head;
}

class Maker {
 public:
  Maker(const Requirement& model, const std::string& file, const GoldenOptions& options)
      : model_(model), file_(file), options_(options) {
    for (const GraphInput& input : model.inputs) {
      if (!input.dimensions.empty() && !input.dimensions.front().name.empty())
        firsts_.insert(input.dimensions.front().name);
    }
  }

  std::vector<GoldenInput> run() {
    std::vector<GoldenInput> inputs;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < model_.inputs.size(); ++i) inputs.push_back(one(model_.inputs[i], i, bytes));
    for (const auto& [name, size] : options_.sizes) {
      if (used_.count(name) == 0)
        refuse("--dim", fmt::format("--dim names {}, which no input leaves open; it leaves open: {}",
                                    printable(name, 60), open_.empty() ? "none" : open_));
    }
    return inputs;
  }

 private:
  [[noreturn]] void refuse(const char* key, std::string message) const {
    throw InputError(Problem{file_, 0, 0, key, std::move(message)});
  }

  GoldenInput one(const GraphInput& input, std::size_t index, std::uint64_t& bytes) {
    const std::string name = printable(input.name, 60);
    if (find_invalid_utf8(input.name))
      refuse("--golden", fmt::format("the input {} has a name that is no UTF-8; rename it", name));
    const NumpyType* numpy = nullptr;
    for (const NumpyType& known : kNumpyTypes) numpy = known.type == input.type ? &known : numpy;
    if (!numpy)
      refuse("--golden", fmt::format("the input {} is {}, of which NumPy has none; write inputs of your own", name,
                                     input.type.empty() ? "of no stated type" : input.type));
    if (!input.shaped) refuse("--golden", fmt::format("the input {} states no shape; write inputs of your own", name));
    GoldenInput made{.name = input.name,
                     .file = fmt::format("input_{}.npy", index),
                     .type = input.type,
                     .shape = {},
                     .chosen = {},
                     .npy = {}};
    std::uint64_t count = 1;
    for (std::size_t axis = 0; axis < input.dimensions.size(); ++axis) {
      bool chosen = false;
      made.shape.push_back(size_of(input, axis, chosen));
      made.chosen.push_back(chosen);
      const auto size = static_cast<std::uint64_t>(made.shape.back());
      count = size != 0 && count > kGoldenBytesMax / size ? kGoldenBytesMax + 1 : count * size;
    }
    bytes += count > kGoldenBytesMax ? kGoldenBytesMax : count * numpy->bytes;
    if (count > kGoldenBytesMax || bytes > kGoldenBytesMax)
      refuse("--dim", fmt::format("the inputs take more than 256 MiB with {}; give smaller sizes by --dim", name));
    made.npy = npy_head(numpy->code, made.shape);
    const RandomStream random(options_.seed, kPurpose);
    for (std::uint64_t i = 0; i < count; ++i)
      append(made.npy, element_bits_of(input.type, random, index, i), numpy->bytes);
    return made;
  }

  std::int64_t size_of(const GraphInput& input, std::size_t axis, bool& chosen) {
    const GraphInput::Size& size = input.dimensions[axis];
    if (size.size >= 0) return size.size;
    const std::string place = fmt::format("{}:{}", input.name, axis);
    open_ += (open_.empty() ? "" : ", ") + printable(size.name.empty() ? place : size.name, 60);
    for (const std::string& key : {place, size.name}) {
      const auto stated = options_.sizes.find(key);
      if (key.empty() || stated == options_.sizes.end()) continue;
      used_.insert(key);
      return stated->second;
    }
    chosen = true;
    return axis == 0 || firsts_.count(size.name) > 0 ? 1 : kGoldenSize;
  }

  const Requirement& model_;
  const std::string& file_;
  const GoldenOptions& options_;
  std::set<std::string> firsts_;  ///< names of first axes: one name has one size everywhere
  std::set<std::string> used_;
  std::string open_;
};

}  // namespace

const std::vector<Tolerance>& tolerances() {
  static const std::vector<Tolerance> all{
      {"float", 1e-3, 1e-4, "single precision summed in another order, some thousand terms; convolutions by Winograd"},
      {"double", 1e-6, 1e-9, "double precision summed in another order; accelerators may run it as single"},
      {"float16", 1e-2, 1e-3, "ten bits of mantissa, summed in single precision or in half"},
      {"bfloat16", 2e-2, 1e-2, "seven bits of mantissa"},
      {"uint8", 0, 1, "a value that lies on the edge of rounding may come out one step off"},
      {"int8", 0, 1, "a value that lies on the edge of rounding may come out one step off"},
      {"other", 0, 0, "whole numbers, flags and texts are equal or wrong"}};
  return all;
}

std::vector<GoldenInput> golden_inputs(const Requirement& model, const std::string& file,
                                       const GoldenOptions& options) {
  return Maker(model, file, options).run();
}

}  // namespace socle::migrate::onnx
