#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socle::test {

/// One message of Protocol Buffers, field by field, as a test wants it: right or wrong.
class Wire {
 public:
  Wire& number(std::uint32_t field, std::int64_t value) {
    varint(std::uint64_t{field} << 3);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  Wire& text(std::uint32_t field, std::string_view bytes) {
    varint(std::uint64_t{field} << 3 | 2);
    varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  Wire& message(std::uint32_t field, const Wire& inside) { return text(field, inside.bytes_); }
  Wire& varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Numbers of element types.
inline constexpr std::int64_t kFloat = 1, kUint8 = 2, kInt16 = 5, kInt32 = 6, kInt64 = 7, kString = 8, kBool = 9,
                              kFloat16 = 10, kDouble = 11;

inline Wire tensor_type(std::int64_t element, const std::vector<std::string>& sizes) {
  Wire shape;
  for (const std::string& size : sizes) {
    const bool fixed = !size.empty() && size[0] >= '0' && size[0] <= '9';
    shape.message(1, fixed ? Wire().number(1, std::stoll(size)) : size == "?" ? Wire() : Wire().text(2, size));
  }
  return Wire().message(1, Wire().number(1, element).message(2, shape));
}

/// An input, an output or a value: name and type.
inline Wire value(std::string_view name, std::int64_t element, const std::vector<std::string>& sizes = {"2", "2"}) {
  return Wire().text(1, name).message(2, tensor_type(element, sizes));
}

inline Wire int_attribute(std::string_view name, std::int64_t number) {
  return Wire().text(1, name).number(3, number).number(20, 2);
}
inline Wire graph_attribute(std::string_view name, const Wire& graph) {
  return Wire().text(1, name).message(6, graph).number(20, 5);
}

inline Wire node(std::string_view op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                 const std::vector<Wire>& attributes = {}, std::string_view domain = {}, std::string_view name = {}) {
  Wire wire;
  for (const std::string& input : inputs) wire.text(1, input);
  for (const std::string& output : outputs) wire.text(2, output);
  wire.text(3, name).text(4, op).text(7, domain);
  for (const Wire& attribute : attributes) wire.message(5, attribute);
  return wire;
}

/// Weights whose bytes are zeros.
inline Wire weights(std::string_view name, std::int64_t element, const std::vector<std::int64_t>& sizes,
                    std::size_t bytes) {
  Wire wire;
  for (const std::int64_t size : sizes) wire.number(1, size);
  return wire.number(2, element).text(8, name).text(9, std::string(bytes, '\0'));
}
inline Wire external_weights(std::string_view name, const std::vector<std::int64_t>& sizes,
                             const std::vector<std::pair<std::string, std::string>>& place) {
  Wire wire;
  for (const std::int64_t size : sizes) wire.number(1, size);
  wire.number(2, kFloat).text(8, name).number(14, 1);
  for (const auto& [key, text] : place) wire.message(13, Wire().text(1, key).text(2, text));
  return wire;
}

struct GraphParts {
  std::vector<Wire> nodes{}, inputs{}, outputs{}, values{}, initializers{};
};
inline Wire graph(const GraphParts& parts) {
  Wire wire;
  for (const Wire& part : parts.nodes) wire.message(1, part);
  wire.text(2, "g");
  for (const Wire& part : parts.initializers) wire.message(5, part);
  for (const Wire& part : parts.inputs) wire.message(11, part);
  for (const Wire& part : parts.outputs) wire.message(12, part);
  for (const Wire& part : parts.values) wire.message(13, part);
  return wire;
}

inline Wire import_of(std::string_view domain, std::int64_t version) {
  return Wire().text(1, domain).number(2, version);
}

/// The file: a graph under an opset of the standard domain, and functions.
inline std::string model(const Wire& graph, std::int64_t opset, const std::vector<Wire>& functions = {},
                         const std::vector<Wire>& imports = {}) {
  Wire wire;
  wire.number(1, 8).text(2, "test").message(7, graph).message(8, import_of("", opset));
  for (const Wire& import : imports) wire.message(8, import);
  for (const Wire& function : functions) wire.message(25, function);
  return wire.bytes();
}

inline Wire function(std::string_view domain, std::string_view name, const std::vector<std::string>& inputs,
                     const std::vector<std::string>& outputs, const std::vector<Wire>& nodes, std::int64_t opset) {
  Wire wire;
  wire.text(1, name).text(10, domain);
  for (const std::string& input : inputs) wire.text(4, input);
  for (const std::string& output : outputs) wire.text(5, output);
  for (const Wire& inside : nodes) wire.message(7, inside);
  return wire.message(9, import_of("", opset)).message(9, import_of(domain, 1));
}

}  // namespace socle::test
