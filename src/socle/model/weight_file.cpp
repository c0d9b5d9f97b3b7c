#include "socle/model/weight_file.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"

namespace socle::model {
namespace {

constexpr double kElementsMax = 1e18;  // beyond a million times the largest model that exists
constexpr std::uint64_t kTensorsMax = 10'000'000;
constexpr std::uint32_t kDimensionsMax = 8;

[[noreturn]] void refuse(const std::string& source, const std::string& key, const std::string& message) {
  throw InputError(Problem{source, 0, 0, key, message});
}

double product_of(const Json& shape, const std::string& source, const std::string& tensor) {
  if (!shape.is_array()) refuse(source, tensor, fmt::format("{}: its shape is no array of whole numbers", tensor));
  double product = 1;
  for (const Json& size : shape.as_array()) {
    if (!size.is_integer() || size.as_int() < 0)
      refuse(source, tensor, fmt::format("{}: its shape is no array of whole numbers", tensor));
    product *= size.as_double();
  }
  if (product > kElementsMax) refuse(source, tensor, fmt::format("{}: more than {:g} weights", tensor, kElementsMax));
  return product;
}

WeightFile read_index(const Json& index, const std::string& source) {
  WeightFile file{.format = "safetensors index"};
  const Json* map = index.find("weight_map");
  if (map == nullptr || !map->is_object()) {
    refuse(source, "weight_map",
           "the file is no index of safetensors (weight_map is missing); give model.safetensors.index.json, a "
           ".safetensors or a .gguf file");
  }
  file.tensors = static_cast<double>(map->as_object().size());
  const Json* metadata = index.find("metadata");
  const Json* size = metadata != nullptr ? metadata->find("total_size") : nullptr;
  if (size == nullptr) return file;
  if (!size->is_number() || size->as_double() < 0 || size->as_double() > 8 * kElementsMax)
    refuse(source, "metadata.total_size", "metadata.total_size is no number of bytes");
  file.bytes = size->as_double();
  return file;
}

/// The bytes of a file from its start; whatever lies beyond them is a file cut short.
class Cursor {
 public:
  Cursor(std::string_view bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  template <typename T>
  T number() {
    T value{};
    std::memcpy(&value, take(sizeof value).data(), sizeof value);  // little-endian, as the machines that run this
    return value;
  }
  std::string_view text() { return take(number<std::uint64_t>()); }
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) {
      refuse(source_, {},
             fmt::format("the header is cut short at byte {}, or holds more than {} MiB; give the whole file", at_,
                         kWeightHeadMax >> 20));
    }
    const std::string_view part = bytes_.substr(at_, count);
    at_ += count;
    return part;
  }

 private:
  std::string_view bytes_;
  const std::string& source_;
  std::size_t at_ = 0;
};

/// Bytes of an element of the types that the format names; 0: of another type, or of less than a byte.
double bytes_of_type(const std::string& type) {
  static const std::map<std::string, double> kBytes{
      {"F64", 8}, {"I64", 8}, {"U64", 8},     {"F32", 4},     {"I32", 4},     {"U32", 4}, {"BF16", 2}, {"F16", 2},
      {"I16", 2}, {"U16", 2}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"F8_E8M0", 1}, {"I8", 1},  {"U8", 1},   {"BOOL", 1}};
  const auto found = kBytes.find(type);
  return found == kBytes.end() ? 0 : found->second;
}

/// Where a tensor lies in the file's data.
struct Extent {
  double from, to;
  std::string tensor;
};

void check_apart(std::vector<Extent> extents, const std::string& source) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
    return std::tie(a.from, a.to, a.tensor) < std::tie(b.from, b.to, b.tensor);
  });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].from < extents[i - 1].to && extents[i].to > extents[i].from)
      refuse(source, extents[i].tensor,
             fmt::format("{} lies over {}: the file is damaged", extents[i].tensor, extents[i - 1].tensor));
  }
}

WeightFile read_safetensors(std::string_view head, const std::string& source) {
  Cursor cursor(head, source);
  const std::string_view text = cursor.text();
  const Json header = parse_json(text, source);
  if (!header.is_object()) refuse(source, {}, "the header of the safetensors file is no JSON object");
  WeightFile file{.format = "safetensors"};
  std::vector<Extent> extents;
  for (const auto& [name, tensor] : header.as_object()) {
    if (name == "__metadata__") continue;
    const std::string shown = printable(name, 80);
    const Json* shape = tensor.find("shape");
    const Json* offsets = tensor.find("data_offsets");
    if (shape == nullptr || offsets == nullptr || !offsets->is_array() || offsets->as_array().size() != 2 ||
        !offsets->as_array()[0].is_number() || !offsets->as_array()[1].is_number()) {
      refuse(source, shown, fmt::format("{}: a tensor has a shape and two data_offsets", shown));
    }
    const double from = offsets->as_array()[0].as_double(), to = offsets->as_array()[1].as_double();
    if (from < 0 || to < from || to > 8 * kElementsMax)
      refuse(source, shown, fmt::format("{}: data_offsets end before they start", shown));
    const double elements = product_of(*shape, source, shown);
    const Json* type = tensor.find("dtype");
    const std::string named = type != nullptr && type->is_string() ? printable(type->as_string(), 20) : "?";
    const double each = bytes_of_type(named);
    if (each > 0 && elements * each != to - from)
      refuse(source, shown,
             fmt::format("{}: {} elements of {} are {} bytes, data_offsets hold {}", shown, elements, named,
                         elements * each, to - from));
    extents.push_back({from, to, shown});
    file.tensors += 1;
    file.elements += elements;
    file.bytes += to - from;
    file.bytes_by_type[named] += to - from;
  }
  check_apart(std::move(extents), source);
  return file;
}

constexpr int kGgufString = 8, kGgufArray = 9;

std::uint64_t gguf_size(std::uint32_t type, const std::string& source) {
  static constexpr std::uint64_t kSizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  if (type >= std::size(kSizes))
    refuse(source, {}, fmt::format("metadata of the unknown type {}; the file is damaged, or newer than GGUF 3", type));
  return kSizes[type];
}

void skip_gguf_value(Cursor& cursor, std::uint32_t type, const std::string& source) {
  if (type == kGgufString) {
    cursor.text();
  } else if (type == kGgufArray) {
    const auto of = cursor.number<std::uint32_t>();
    const auto count = cursor.number<std::uint64_t>();
    if (of == kGgufArray) refuse(source, {}, "arrays within arrays are no GGUF metadata");
    if (of == kGgufString) {
      for (std::uint64_t i = 0; i < count; ++i) cursor.text();
      return;
    }
    const std::uint64_t size = gguf_size(of, source);
    if (count > kWeightHeadMax) refuse(source, {}, fmt::format("an array of {} entries", count));
    cursor.take(count * size);
  } else {
    cursor.take(gguf_size(type, source));
  }
}

WeightFile read_gguf(std::string_view head, const std::string& source) {
  Cursor cursor(head, source);
  cursor.take(4);
  const auto version = cursor.number<std::uint32_t>();
  if (version < 2 || version > 3)
    refuse(source, {}, fmt::format("GGUF of version {}; versions 2 and 3 are read", version));
  const auto tensors = cursor.number<std::uint64_t>();
  const auto keys = cursor.number<std::uint64_t>();
  if (tensors > kTensorsMax || keys > kTensorsMax)
    refuse(source, {}, fmt::format("{} tensors and {} keys; at most {} are read", tensors, keys, kTensorsMax));
  for (std::uint64_t i = 0; i < keys; ++i) {
    cursor.text();
    skip_gguf_value(cursor, cursor.number<std::uint32_t>(), source);
  }
  WeightFile file{.format = "GGUF", .tensors = static_cast<double>(tensors)};
  for (std::uint64_t i = 0; i < tensors; ++i) {
    cursor.text();
    const auto dimensions = cursor.number<std::uint32_t>();
    if (dimensions > kDimensionsMax)
      refuse(source, {}, fmt::format("a tensor of {} dimensions; at most {} are read", dimensions, kDimensionsMax));
    double product = 1;
    for (std::uint32_t d = 0; d < dimensions; ++d) product *= static_cast<double>(cursor.number<std::uint64_t>());
    if (product > kElementsMax) refuse(source, {}, fmt::format("a tensor of more than {:g} weights", kElementsMax));
    file.elements += product;
    cursor.number<std::uint32_t>();  // type
    cursor.number<std::uint64_t>();  // offset
  }
  return file;
}

}  // namespace

WeightFile read_weight_file(std::string_view head, const std::string& source) {
  if (head.starts_with("GGUF")) return read_gguf(head, source);
  if (head.starts_with("{")) return read_index(parse_json(head, source), source);
  return read_safetensors(head, source);
}

}  // namespace socle::model
