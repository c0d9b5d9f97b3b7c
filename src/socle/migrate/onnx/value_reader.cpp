#include <limits>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"
#include "socle/migrate/onnx/model_reader.hpp"

namespace socle::migrate::onnx {
namespace {

constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 62;

/// The product, or nothing where it is no longer a number of bytes.
bool multiply(std::uint64_t& product, std::uint64_t factor) {
  if (factor != 0 && product > kBytesMax / factor) return false;
  product *= factor;
  return true;
}

}  // namespace

Value ModelReader::value(std::string_view bytes) {
  Value value;
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1) value.name = reader.bytes_of(*field, "the name of a value");
    if (field->number == 2) value.type = type(reader.bytes_of(*field, "a type"), 0, &value);
  }
  if (value.name.empty())
    reader.refuse(bytes.data(), "an input, an output or a type has no name; the file is damaged, or is no ONNX model");
  return value;
}

TypeName ModelReader::type(std::string_view bytes, int depth, Value* shaped) {
  WireReader reader(file_, bytes);
  if (depth == kTypeDepthMax)
    reader.refuse(bytes.data(), fmt::format("types within types more than {} deep; a model has fewer", kTypeDepthMax));
  TypeName name;
  while (const auto field = reader.next()) {
    const std::uint32_t number = field->number;
    if (number != 1 && number != 4 && number != 5 && number != 8 && number != 9) continue;
    const std::string_view inside = reader.bytes_of(*field, "a type");
    if (number == 1) {
      name = tensor_type(inside, shaped);
    } else if (number == 8) {
      name = "sparse_tensor(" + tensor_type(inside, nullptr) + ")";
    } else if (number == 5) {
      std::int64_t key = 0;
      TypeName element;
      each(inside, 1, [&](const WireReader& at, const Field& part) { key = at.number_of(part, "a key's type"); });
      each_field(inside, 2, [&](std::string_view part) { element = type(part, depth + 1, nullptr); });
      name = "map(" + std::string(element_name(key)) + "," + long_type(element) + ")";
    } else {
      TypeName element;
      each_field(inside, 1, [&](std::string_view part) { element = type(part, depth + 1, nullptr); });
      name = (number == 4 ? "seq(" : "optional(") + long_type(element) + ")";
    }
  }
  return name;
}

TypeName ModelReader::tensor_type(std::string_view bytes, Value* shaped) {
  TypeName name;
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1) name = element_name(reader.number_of(*field, "an element type"));
    if (field->number == 2 && shaped) shape(reader.bytes_of(*field, "a shape"), *shaped);
  }
  return name;
}

void ModelReader::shape(std::string_view bytes, Value& value) {
  value.shaped = true;
  value.dimensions.first = place(model_.dimensions);
  each_field(bytes, 1, [&](std::string_view part) {
    if (model_.dimensions.size() - value.dimensions.first == kRankMax)
      WireReader(file_, part)
          .refuse(part.data(), fmt::format("a shape of more than {} sizes; a model has fewer", kRankMax));
    Dimension dimension;
    WireReader reader(file_, part);
    while (const auto field = reader.next()) {
      if (field->number == 1) dimension.size = reader.number_of(*field, "a dimension");
      if (field->number == 2) dimension.name = reader.bytes_of(*field, "a dimension's name");
    }
    model_.dimensions.push_back(dimension);
  });
  value.dimensions.count = place(model_.dimensions) - value.dimensions.first;
}

Tensor ModelReader::tensor(std::string_view bytes, bool keeps_shape) {
  Tensor tensor;
  std::uint64_t raw = 0, texts = 0;
  bool has_raw = false;
  tensor.dimensions.first = place(model_.dimensions);
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case 1:
        if (keeps_shape)
          reader.numbers(*field, [&](std::uint64_t size) {
            model_.dimensions.push_back({static_cast<std::int64_t>(size), {}});
          });
        break;
      case 2:
        tensor.element = reader.number_of(*field, "an element type");
        break;
      case 6:
        texts += reader.bytes_of(*field, "a text").size();
        break;
      case 8:
        tensor.name = reader.bytes_of(*field, "an initializer's name");
        break;
      case 9:
        raw = reader.bytes_of(*field, "the bytes of weights").size();
        has_raw = true;
        break;
      case 13:
        external(reader.bytes_of(*field, "a place of external data"), tensor);
        break;
      case 14:
        tensor.external = reader.number_of(*field, "the place of data") == 1;
        break;
      default:
        break;
    }
  }
  if (!keeps_shape) return tensor;
  tensor.dimensions.count = place(model_.dimensions) - tensor.dimensions.first;
  if (tensor.name.empty())
    reader.refuse(bytes.data(), "an initializer has no name; the file is damaged, or is no ONNX model");
  weigh(reader, bytes.data(), tensor, raw, has_raw && !tensor.external);
  if (element_name(tensor.element) == "string") tensor.bytes = texts;
  return tensor;
}

Tensor ModelReader::sparse_tensor(std::string_view bytes) {
  Tensor values;
  values.dimensions.first = place(model_.dimensions);
  each_field(bytes, 1, [&](std::string_view part) { values = tensor(part, true); });
  values.sparse = true;
  return values;
}

void ModelReader::external(std::string_view bytes, Tensor& tensor) {
  std::string_view key, value;
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1) key = reader.bytes_of(*field, "a key");
    if (field->number == 2) value = reader.bytes_of(*field, "a value");
  }
  if (key == "location") tensor.location = value;
  if (key == "offset") tensor.offset = decimal(reader, bytes.data(), value);
  if (key == "length") {
    tensor.length = decimal(reader, bytes.data(), value);
    tensor.has_length = true;
  }
}

std::uint64_t ModelReader::decimal(const WireReader& reader, const char* at, std::string_view text) {
  std::uint64_t number = 0;
  bool right = !text.empty();
  for (const char c : text) {
    right = right && c >= '0' && c <= '9' && multiply(number, 10);
    if (right) number += static_cast<std::uint64_t>(c - '0');
  }
  if (!right)
    reader.refuse(at, fmt::format("\"{}\" is no offset or length of external data; write a number of bytes",
                                  printable(text, 40)));
  return number;
}

/// Bytes by shape and type; what lies in the file must be as many.
void ModelReader::weigh(const WireReader& reader, const char* at, Tensor& tensor, std::uint64_t raw, bool has_raw) {
  std::uint64_t bits = element_bits(tensor.element);
  for (std::uint32_t i = tensor.dimensions.first; i < tensor.dimensions.end(); ++i) {
    const std::int64_t size = model_.dimensions[i].size;
    if (size < 0 || !multiply(bits, static_cast<std::uint64_t>(size)))
      reader.refuse(at, fmt::format("the initializer {} has a dimension of {}; its shape cannot be",
                                    printable(tensor.name, 60), size));
  }
  tensor.bytes = (bits + 7) / 8;
  if (has_raw && element_bits(tensor.element) > 0 && raw != tensor.bytes)
    reader.refuse(at, fmt::format("the initializer {} holds {} bytes, its shape and type ask for {}; the file is "
                                  "damaged",
                                  printable(tensor.name, 60), raw, tensor.bytes));
  if (tensor.external && tensor.has_length && element_bits(tensor.element) > 0 && tensor.length != tensor.bytes)
    reader.refuse(at, fmt::format("the initializer {} states {} bytes of external data, its shape and type ask for {}; "
                                  "the file is damaged",
                                  printable(tensor.name, 60), tensor.length, tensor.bytes));
}

}  // namespace socle::migrate::onnx
