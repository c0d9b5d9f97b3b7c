#include "socle/migrate/onnx/output_type.hpp"

#include <array>

namespace socle::migrate::onnx {
namespace {

/// Where the type of an output comes from that no input's variable binds.
enum class From { kFloat, kUint8, kInt32, kFirst, kElement, kSequence, kOptional, kFloatSequence };

struct Rule {
  std::string_view op;
  From from;
};

constexpr std::array<Rule, 21> kRules{{{"RandomNormal", From::kFloat},
                                       {"RandomUniform", From::kFloat},
                                       {"RandomNormalLike", From::kFirst},
                                       {"RandomUniformLike", From::kFirst},
                                       {"Bernoulli", From::kFirst},
                                       {"EyeLike", From::kFirst},
                                       {"Multinomial", From::kInt32},
                                       {"QuantizeLinear", From::kUint8},
                                       {"HannWindow", From::kFloat},
                                       {"HammingWindow", From::kFloat},
                                       {"BlackmanWindow", From::kFloat},
                                       {"MelWeightMatrix", From::kFloat},
                                       {"ConstantOfShape", From::kFloat},
                                       {"SequenceAt", From::kElement},
                                       {"ConcatFromSequence", From::kElement},
                                       {"OptionalGetElement", From::kElement},
                                       {"SequenceConstruct", From::kSequence},
                                       {"SplitToSequence", From::kSequence},
                                       {"SequenceEmpty", From::kFloatSequence},
                                       {"Optional", From::kOptional},
                                       {"DequantizeLinear", From::kFloat}}};

TypeName by_rule(std::string_view op, const std::vector<TypeName>& inputs) {
  const TypeName first = inputs.empty() ? TypeName() : inputs[0];
  for (const Rule& rule : kRules) {
    if (rule.op != op) continue;
    switch (rule.from) {
      case From::kFloat:
        return "float";
      case From::kUint8:
        return "uint8";
      case From::kInt32:
        return "int32";
      case From::kFirst:
        return first;
      case From::kElement:
        return is_tensor(first) ? first : inner_type(first);
      case From::kSequence:
        return first.empty() ? first : "seq(" + long_type(first) + ")";
      case From::kFloatSequence:
        return "seq(tensor(float))";
      case From::kOptional:
        return first.empty() ? first : "optional(" + long_type(first) + ")";
    }
  }
  return {};
}

/// A constant's type, by which of its attributes is set.
TypeName constant_type(const FindAttribute& attribute) {
  if (const Attribute* value = attribute("value")) return TypeName(element_name(value->element));
  for (const char* name : {"value_float", "value_floats"}) {
    if (attribute(name)) return "float";
  }
  for (const char* name : {"value_int", "value_ints"}) {
    if (attribute(name)) return "int64";
  }
  for (const char* name : {"value_string", "value_strings"}) {
    if (attribute(name)) return "string";
  }
  return {};
}

TypeName by_attribute(const OpName& name, const FindAttribute& attribute) {
  for (const char* key : {"to", "dtype", "output_dtype", "output_datatype"}) {
    const Attribute* found = attribute(key);
    if (!found || found->kind != 'i' || found->number == 0) continue;
    const TypeName element(element_name(found->number));
    return name.op == "SequenceEmpty" ? "seq(" + long_type(element) + ")" : element;
  }
  if (name.op == "ConstantOfShape") {
    if (const Attribute* value = attribute("value")) return TypeName(element_name(value->element));
  }
  if (name.domain == "ai.onnx.ml" && name.op.ends_with("Classifier")) {
    for (const char* key : {"classlabels_strings", "classlabels_string"}) {
      if (attribute(key)) return "string";
    }
    return "int64";
  }
  if (name.op == "Optional") {
    if (const Attribute* type = attribute("type")) return "optional(" + long_type(type->type) + ")";
  }
  return {};
}

}  // namespace

Variables bind_variables(const Schema& schema, const std::vector<TypeName>& inputs) {
  Variables variables;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Formal* formal = formal_at(schema.inputs, i);
    if (!formal || formal->variable.empty() || inputs[i].empty() || find_variable(variables, formal->variable))
      continue;
    variables.emplace_back(formal->variable, inputs[i]);
  }
  return variables;
}

const TypeName* find_variable(const Variables& variables, std::string_view name) {
  for (const auto& [variable, type] : variables) {
    if (variable == name) return &type;
  }
  return nullptr;
}

TypeName output_type(const OpName& name, const Schema& schema, std::size_t place, const std::vector<TypeName>& inputs,
                     const Variables& variables, const FindAttribute& attribute) {
  if (name.op == "Constant") return constant_type(attribute);
  const Formal* formal = formal_at(schema.outputs, place);
  if (!formal) return {};
  if (!formal->type.empty()) return formal->type;
  if (const TypeName* bound = find_variable(variables, formal->variable)) return *bound;
  if (place == 0) {
    const TypeName stated = by_attribute(name, attribute);
    if (!stated.empty()) return stated;
  }
  return name.domain == kStandardDomain && place == 0 ? by_rule(name.op, inputs) : TypeName();
}

}  // namespace socle::migrate::onnx
