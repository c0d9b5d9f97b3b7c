#include "socle/migrate/onnx/element_type.hpp"

#include <array>

namespace socle::migrate::onnx {
namespace {

struct Element {
  std::string_view name;
  unsigned bits;
};

// By number. Source: onnx.proto, TensorProto.DataType, of onnx 1.23.
constexpr std::array<Element, 29> kElements{{{"", 0},
                                             {"float", 32},
                                             {"uint8", 8},
                                             {"int8", 8},
                                             {"uint16", 16},
                                             {"int16", 16},
                                             {"int32", 32},
                                             {"int64", 64},
                                             {"string", 0},
                                             {"bool", 8},
                                             {"float16", 16},
                                             {"double", 64},
                                             {"uint32", 32},
                                             {"uint64", 64},
                                             {"complex64", 64},
                                             {"complex128", 128},
                                             {"bfloat16", 16},
                                             {"float8e4m3fn", 8},
                                             {"float8e4m3fnuz", 8},
                                             {"float8e5m2", 8},
                                             {"float8e5m2fnuz", 8},
                                             {"uint4", 4},
                                             {"int4", 4},
                                             {"float4e2m1", 4},
                                             {"float8e8m0", 8},
                                             {"uint2", 2},
                                             {"int2", 2},
                                             {"float6e2m3", 0},
                                             {"float6e3m2", 0}}};

const Element& element(std::int64_t number) {
  const auto index = static_cast<std::uint64_t>(number);
  return kElements[index < kElements.size() ? index : 0];
}

}  // namespace

std::string_view element_name(std::int64_t number) { return element(number).name; }
unsigned element_bits(std::int64_t number) { return element(number).bits; }

bool is_tensor(const TypeName& type) { return !type.empty() && type.find('(') == std::string::npos; }

std::string long_type(const TypeName& type) { return is_tensor(type) ? "tensor(" + type + ")" : type; }

TypeName inner_type(const TypeName& type) {
  for (const std::string_view outer : {"seq(", "optional("}) {
    if (!type.starts_with(outer)) continue;
    const TypeName inner = type.substr(outer.size(), type.size() - outer.size() - 1);
    return inner.starts_with("tensor(") ? inner.substr(7, inner.size() - 8) : inner;
  }
  return {};
}

}  // namespace socle::migrate::onnx
