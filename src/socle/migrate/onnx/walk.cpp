#include "socle/migrate/onnx/walk.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate::onnx {
namespace {

std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() / 4 - b ? std::numeric_limits<std::uint64_t>::max() / 4 : a + b;
}

std::string key_of(std::string_view domain, std::string_view name, std::string_view overload) {
  return fmt::format("{}\n{}\n{}", domain, name, overload);
}

bool is_control(const Node& node) {
  return node.domain == kStandardDomain &&
         (node.op == "If" || node.op == "Loop" || node.op == "Scan" || node.op == "SequenceMap");
}

bool is_random(std::string_view op) {
  static constexpr std::array<std::string_view, 6> kRandom{"RandomNormal",      "RandomUniform", "RandomNormalLike",
                                                           "RandomUniformLike", "Multinomial",   "Bernoulli"};
  return std::find(kRandom.begin(), kRandom.end(), op) != kRandom.end();
}

bool is_quantised(std::string_view op) {
  return op.starts_with("QLinear") || op.ends_with("Integer") || op.ends_with("QuantizeLinear") ||
         op.ends_with("DequantizeLinear") || op.starts_with("DynamicQuantize") || op == "MatMulNBits";
}

}  // namespace

TypeName Walk::Scope::of(std::string_view name) const {
  for (const Scope* scope = this; scope; scope = scope->around) {
    const auto found = scope->types.find(name);
    if (found != scope->types.end()) return found->second;
  }
  return {};
}

Walk::Walk(const Model& model, const std::string& file, const SchemaTable& schemas,
           const std::set<std::string, std::less<>>& watched, Requirement& found)
    : model_(model), file_(file), schemas_(schemas), watched_(watched), found_(found) {
  for (std::uint32_t i = 0; i < model_.functions.size(); ++i) {
    const Function& function = model_.functions[i];
    functions_.emplace(key_of(function.domain, function.name, function.overload), i);
  }
  found_.use_of_node.assign(model_.nodes.size(), -1);
}

void Walk::run() {
  Tally tally;
  graph(0, nullptr, {}, {.opsets = model_.opsets_used, .tally = &tally, .partitioned = true});
  for (const auto& [use, nodes] : tally) {
    found_.uses[use].nodes = nodes;
    found_.nodes = plus(found_.nodes, nodes);
  }
}

void Walk::spend(const Graph& graph) {
  walked_ += graph.nodes.count + 1;
  if (walked_ > kWalkedMax)
    throw InputError(
        Problem{file_,
                0,
                0,
                {},
                fmt::format("more than {} nodes once its functions are expanded; a model has fewer", kWalkedMax)});
}

std::vector<TypeName> Walk::graph(std::uint32_t index, const Scope* around, const std::vector<TypeName>& inputs,
                                  const Place& place) {
  const Graph& graph = model_.graphs[index];
  spend(graph);
  if (place.partitioned) found_.graphs.push_back(index);
  Scope scope{{}, around};
  for (std::uint32_t i = graph.initializers.first; i < graph.initializers.end(); ++i) {
    const Tensor& tensor = model_.tensors[i];
    const TypeName element(element_name(tensor.element));
    scope.types.emplace(tensor.name, tensor.sparse ? "sparse_tensor(" + element + ")" : element);
  }
  for (const Range& range : {graph.inputs, graph.outputs, graph.values}) {
    for (std::uint32_t i = range.first; i < range.end(); ++i) {
      const Value& value = model_.values[i];
      const bool given = range.first == graph.inputs.first && i - range.first < inputs.size();
      const TypeName& type = value.type.empty() && given ? inputs[i - range.first] : value.type;
      if (!type.empty()) scope.types.emplace(value.name, type);
    }
  }
  for (std::uint32_t i = 0; i < graph.nodes.count; ++i) node(graph.nodes.first + i, i, scope, place);
  std::vector<TypeName> outputs;
  for (std::uint32_t i = graph.outputs.first; i < graph.outputs.end(); ++i)
    outputs.push_back(scope.of(model_.values[i].name));
  return outputs;
}

int Walk::opset_of(const Range& imports, std::string_view domain) const {
  for (std::uint32_t i = imports.first; i < imports.end(); ++i) {
    if (model_.opsets[i].domain == domain)
      return static_cast<int>(std::clamp<std::int64_t>(model_.opsets[i].version, 1, 1'000'000));
  }
  return 1;
}

const Attribute* Walk::attribute(const Node& node, std::string_view name, const Place& place) const {
  for (std::uint32_t i = node.attributes.first; i < node.attributes.end(); ++i) {
    const Attribute& attribute = model_.attributes[i];
    if (attribute.name != name) continue;
    if (attribute.reference.empty()) return &attribute;
    if (!place.call) return nullptr;
    for (const Attribute& given : *place.call) {
      if (given.name == attribute.reference) return &given;
    }
    return nullptr;
  }
  return nullptr;
}

void Walk::node(std::uint32_t index, std::uint32_t number, Scope& scope, const Place& place) {
  const Node& node = model_.nodes[index];
  std::vector<TypeName> inputs;
  for (std::uint32_t i = node.inputs.first; i < node.inputs.end(); ++i)
    inputs.push_back(model_.names[i].empty() ? TypeName() : scope.of(model_.names[i]));
  const auto give = [&](const auto& type_of) {
    for (std::uint32_t i = 0; i < node.outputs.count; ++i) {
      const std::string_view name = model_.names[node.outputs.first + i];
      if (name.empty()) continue;
      TypeName type = type_of(i);
      if (!type.empty()) scope.types.emplace(name, std::move(type));
    }
  };
  const auto function = functions_.find(key_of(node.domain, node.op, node.overload));
  if (function != functions_.end()) {
    const Call& made = call(function->second, node, inputs, place);
    for (const auto& [use, nodes] : made.tally) (*place.tally)[use] = plus((*place.tally)[use], nodes);
    give([&](std::uint32_t i) { return i < made.outputs.size() ? made.outputs[i] : TypeName(); });
    if (!place.partitioned) return;
    found_.use_of_node[index] = -2 - static_cast<std::int32_t>(found_.calls.size());
    std::vector<std::uint32_t> uses;
    for (const auto& [use, nodes] : made.tally) uses.push_back(use);
    found_.calls.push_back(std::move(uses));
    return;
  }
  const OpName name{std::string(node.domain), std::string(node.op)};
  const int opset = opset_of(place.opsets, node.domain);
  const Schema* schema = schemas_.find(name, opset);
  Variables variables = schema ? bind_variables(*schema, inputs) : Variables();
  std::vector<TypeName> outputs(node.outputs.count);
  if (is_control(node)) {
    outputs = bodies(node, inputs, scope, place);
  } else if (schema) {
    const FindAttribute find = [&](std::string_view wanted) { return attribute(node, wanted, place); };
    for (std::uint32_t i = 0; i < node.outputs.count; ++i)
      outputs[i] = output_type(name, *schema, i, inputs, variables, find);
  }
  give([&](std::uint32_t i) { return i < outputs.size() ? outputs[i] : TypeName(); });
  // What the file declares goes before what was inferred, also for the variables of outputs.
  for (std::uint32_t i = 0; schema && i < node.outputs.count; ++i) {
    const Formal* formal = formal_at(schema->outputs, i);
    TypeName type = scope.of(model_.names[node.outputs.first + i]);
    if (formal && !formal->variable.empty() && !type.empty() && !find_variable(variables, formal->variable))
      variables.emplace_back(formal->variable, std::move(type));
  }
  if (node.op == "Constant" && node.domain == kStandardDomain) {
    ++found_.constants;
    return;
  }
  const std::uint32_t use = use_of(node, number, opset, schema, inputs, variables, place);
  (*place.tally)[use] = plus((*place.tally)[use], 1);
  if (place.partitioned) found_.use_of_node[index] = static_cast<std::int32_t>(use);
  note(node, number, found_.uses[use], outputs);
}

std::vector<TypeName> Walk::bodies(const Node& node, const std::vector<TypeName>& inputs, const Scope& scope,
                                   const Place& place) {
  std::vector<TypeName> given = inputs;
  if (node.op == "If") given.clear();
  if (node.op == "Loop") {
    given.resize(std::max<std::size_t>(given.size(), 2));
    given[0] = "int64";
    given[1] = "bool";
  }
  if (node.op == "SequenceMap") {
    for (TypeName& type : given) type = is_tensor(type) ? type : inner_type(type);
  }
  Place within = place;
  within.inside = true;
  std::vector<TypeName> outputs;
  for (std::uint32_t i = node.attributes.first; i < node.attributes.end(); ++i) {
    const Range graphs = model_.attributes[i].graphs;
    for (std::uint32_t at = graphs.first; at < graphs.end(); ++at) {
      std::vector<TypeName> found = graph(at, &scope, given, within);
      if (outputs.size() < found.size()) outputs.resize(found.size());
      for (std::size_t out = 0; out < found.size(); ++out) {
        if (outputs[out].empty()) outputs[out] = std::move(found[out]);
      }
    }
  }
  if (node.op == "Loop" && !outputs.empty()) outputs.erase(outputs.begin());
  if (node.op == "SequenceMap") {
    for (TypeName& type : outputs) type = type.empty() ? type : "seq(" + long_type(type) + ")";
  }
  return outputs;
}

const Walk::Call& Walk::call(std::uint32_t index, const Node& node, const std::vector<TypeName>& inputs,
                             const Place& place) {
  const Function& function = model_.functions[index];
  std::string key = std::to_string(index);
  for (const TypeName& type : inputs) key += "," + type;
  std::vector<Attribute> given;
  for (std::uint32_t i = node.attributes.first; i < node.attributes.end(); ++i) {
    const Attribute* found = attribute(node, model_.attributes[i].name, place);
    if (!found) continue;
    given.push_back(*found);
    given.back().name = model_.attributes[i].name;
    key += fmt::format(";{}={}/{}/{}", given.back().name, found->number, found->element, found->text);
  }
  const auto [entry, is_new] = calls_.try_emplace(std::move(key));
  Call& call = entry->second;
  if (!is_new && !call.running) return call;
  if (call.running || place.depth == kCallDepthMax)
    throw InputError(Problem{
        file_,
        0,
        0,
        {},
        call.running
            ? fmt::format("the function {} calls itself in a circle; the file is damaged", printable(function.name, 60))
            : fmt::format("functions that call functions more than {} deep; a model has fewer", kCallDepthMax)});
  call.running = true;
  const Graph& body = model_.graphs[function.graph];
  spend(body);
  Scope scope;
  for (std::uint32_t i = 0; i < function.inputs.count && i < inputs.size(); ++i)
    scope.types.emplace(model_.names[function.inputs.first + i], inputs[i]);
  for (std::uint32_t i = body.values.first; i < body.values.end(); ++i)
    if (!model_.values[i].type.empty()) scope.types.emplace(model_.values[i].name, model_.values[i].type);
  const Place within{.opsets = function.opsets.count > 0 ? function.opsets : model_.opsets_used,
                     .call = &given,
                     .tally = &call.tally,
                     .depth = place.depth + 1,
                     .inside = place.inside,
                     .partitioned = false};
  for (std::uint32_t i = 0; i < body.nodes.count; ++i) this->node(body.nodes.first + i, i, scope, within);
  for (std::uint32_t i = 0; i < function.outputs.count; ++i)
    call.outputs.push_back(scope.of(model_.names[function.outputs.first + i]));
  call.running = false;
  Requirement::Found& hazard = found_.hazard(OnnxHazard::kFunctions);
  if (hazard.places++ == 0) hazard.first = printable(function.name, 60);
  return call;
}

std::uint32_t Walk::use_of(const Node& node, std::uint32_t number, int opset, const Schema* schema,
                           const std::vector<TypeName>& inputs, const Variables& variables, const Place& place) {
  std::string key = fmt::format("{}\n{}\n{}\n{}", node.domain, node.op, opset, place.inside ? 1 : 0);
  std::vector<TypeName> kept;
  for (std::size_t i = 0; i < inputs.size() && kept.size() < kInputsKept; ++i) {
    const Formal* formal = schema ? formal_at(schema->inputs, i) : nullptr;
    const bool repeats = i > 0 && formal && formal->variadic && inputs[i] == inputs[i - 1];
    if (!repeats || i < schema->inputs.size()) kept.push_back(inputs[i]);
  }
  for (const TypeName& type : kept) key += "," + type;
  for (const auto& [variable, type] : variables) key += ";" + variable + "=" + type;
  std::vector<std::pair<std::string, std::string>> settings;
  for (const std::string& name : watched_) {
    const Attribute* set = attribute(node, name, place);
    if (!set || (set->kind != 'i' && set->kind != 's')) continue;
    settings.emplace_back(name, set->kind == 'i' ? std::to_string(set->number) : std::string(set->text.substr(0, 100)));
    key += ";" + name + "=" + settings.back().second;
  }
  const auto [entry, is_new] = uses_.try_emplace(std::move(key), static_cast<std::uint32_t>(found_.uses.size()));
  if (!is_new) return entry->second;
  if (found_.uses.size() == kUsesMax)
    throw InputError(
        Problem{file_, 0, 0, {}, fmt::format("more than {} distinct operators; a model has fewer", kUsesMax)});
  found_.uses.push_back({.name = {std::string(node.domain), std::string(node.op)},
                         .since = schema ? schema->since : 0,
                         .opset = opset,
                         .schema = schema,
                         .inputs = kept,
                         .variables = variables,
                         .settings = std::move(settings),
                         .inside = place.inside,
                         .nodes = 0,
                         .first = node.name.empty() ? fmt::format("#{}", number) : printable(node.name, 200)});
  return entry->second;
}

/// Hazards of one node.
void Walk::note(const Node& node, std::uint32_t number, const OpUse& use, const std::vector<TypeName>& outputs) {
  const auto found = [&](OnnxHazard hazard, bool has) {
    if (!has) return;
    Requirement::Found& place = found_.hazard(hazard);
    if (place.places++ == 0) place.first = node.name.empty() ? fmt::format("#{}", number) : printable(node.name, 200);
  };
  const TypeName first = outputs.empty() ? TypeName() : outputs[0];
  const auto any = [&](const auto& is) { return std::any_of(use.inputs.begin(), use.inputs.end(), is) || is(first); };
  ++found_.types[first.empty() ? "unknown" : first];
  found(OnnxHazard::kControlFlow, is_control(node));
  found(OnnxHazard::kUnknownDomain, schemas_.versions(use.name).empty());
  found(OnnxHazard::kContribDomain, use.name.domain == "com.microsoft" && use.schema);
  found(OnnxHazard::kFloat64, any([](const TypeName& type) { return type == "double"; }));
  found(OnnxHazard::kQuantised, is_quantised(node.op));
  found(OnnxHazard::kRandom, is_random(node.op));
  found(OnnxHazard::kSequences,
        any([](const TypeName& type) { return type == "string" || (!type.empty() && !is_tensor(type)); }));
  if (node.op == "QuantizeLinear" || node.op == "DequantizeLinear") ++found_.quantise_pairs;
}

}  // namespace socle::migrate::onnx
