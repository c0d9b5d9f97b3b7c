#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "socle/migrate/onnx/model.hpp"
#include "socle/migrate/onnx/schema.hpp"

namespace socle::migrate::onnx {

/// The attribute of a node by name, with references to a call's attributes resolved; null: it has none.
using FindAttribute = std::function<const Attribute*(std::string_view)>;
using Variables = std::vector<std::pair<std::string, TypeName>>;

/// Types of a schema's variables, from the inputs that they stand for.
Variables bind_variables(const Schema& schema, const std::vector<TypeName>& inputs);
const TypeName* find_variable(const Variables& variables, std::string_view name);

/// The type of output `place`: fixed, of a variable that the inputs bind, by an attribute such as `to`, or by the
/// operator's own rule. Empty: not known here. Source: Operators.md of onnx 1.23.
TypeName output_type(const OpName& name, const Schema& schema, std::size_t place, const std::vector<TypeName>& inputs,
                     const Variables& variables, const FindAttribute& attribute);

}  // namespace socle::migrate::onnx
