#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace socle::migrate::onnx {

/// "float" for the number 1, as the type strings of ONNX have it; empty: no such type.
std::string_view element_name(std::int64_t number);
/// Bits of one element; 0 for texts and for what is unknown.
unsigned element_bits(std::int64_t number);

/// The type of a value. Tensors are named by their elements alone ("float"), all else as ONNX does
/// ("seq(tensor(float))"); empty: unknown.
using TypeName = std::string;

/// "tensor(float)" for "float"; what is no tensor stays.
std::string long_type(const TypeName& type);
bool is_tensor(const TypeName& type);
/// "float" of "seq(tensor(float))", of "optional(tensor(float))"; empty otherwise.
TypeName inner_type(const TypeName& type);

}  // namespace socle::migrate::onnx
