#include "socle/migrate/onnx/model_reader.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"

namespace socle::migrate::onnx {
namespace {

std::string_view domain_of(std::string_view written) { return written.empty() ? kStandardDomain : written; }

void check_imports(const WireReader& reader, const Field& field, std::size_t count) {
  if (count >= kImportsMax)
    reader.refuse(field.at, fmt::format("more than {} imports of operators; a model has fewer", kImportsMax));
}

/// A list that grows by a quarter: doubling would waste half of the memory of a large model.
template <typename List, typename Entry>
void add(List& list, Entry entry) {
  if (list.size() == list.capacity()) list.reserve(list.size() + list.size() / 4 + 16);
  list.push_back(std::move(entry));
}

}  // namespace

Model ModelReader::run() {
  model_.graphs.emplace_back();
  std::string_view main;
  WireReader reader(file_, file_.bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case 1:
        model_.ir_version = reader.number_of(*field, "the version of the format");
        break;
      case 2:
        model_.producer = reader.bytes_of(*field, "the producer");
        break;
      case 3:
        model_.producer_version = reader.bytes_of(*field, "the producer's version");
        break;
      case 7:
        if (main.data()) reader.refuse(field->at, "a second graph; a model has one");
        main = reader.bytes_of(*field, "the graph");
        break;
      case 8:
        check_imports(reader, *field, model_.opsets.size());
        opset(reader.bytes_of(*field, "an import of operators"));
        break;
      case 20:
        model_.training = true;
        break;
      default:
        break;
    }
  }
  model_.opsets_used = {0, place(model_.opsets)};
  if (!main.data())
    throw InputError(Problem{file_.name, 0, 0, {}, "holds no graph; it is no ONNX model, or is cut short"});
  waiting_.push_back({0, main});
  each(file_.bytes, 25, [&](const WireReader& at, const Field& field) { function(at.bytes_of(field, "a function")); });
  while (!waiting_.empty()) {
    const Waiting next = waiting_.back();
    waiting_.pop_back();
    graph(next.graph, next.bytes);
  }
  return std::move(model_);
}

void ModelReader::opset(std::string_view bytes) {
  OpsetImport import{kStandardDomain, 0};
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1) import.domain = domain_of(reader.bytes_of(*field, "a domain"));
    if (field->number == 2) import.version = reader.number_of(*field, "an opset");
  }
  add(model_.opsets, import);
}

void ModelReader::function(std::string_view bytes) {
  Function function{.name = {}, .domain = kStandardDomain, .overload = {}, .inputs = {}, .outputs = {}, .opsets = {}};
  function.opsets.first = place(model_.opsets);
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1) function.name = reader.bytes_of(*field, "a function's name");
    if (field->number == 9) {
      check_imports(reader, *field, model_.opsets.size() - function.opsets.first);
      opset(reader.bytes_of(*field, "an import of operators"));
    }
    if (field->number == 10) function.domain = domain_of(reader.bytes_of(*field, "a domain"));
    if (field->number == 13) function.overload = reader.bytes_of(*field, "an overload");
  }
  if (function.name.empty())
    reader.refuse(bytes.data(), "a function has no name; the file is damaged, or is no ONNX model");
  function.opsets.count = place(model_.opsets) - function.opsets.first;
  function.inputs = names_of(bytes, 4);
  function.outputs = names_of(bytes, 5);
  Graph body;
  body.name = function.name;
  body.at = static_cast<std::size_t>(bytes.data() - file_.bytes.data());
  body.nodes = nodes_of(bytes, 7, 0);
  body.values.first = place(model_.values);
  each(bytes, 12,
       [&](const WireReader& at, const Field& field) { add(model_.values, value(at.bytes_of(field, "a type"))); });
  body.values.count = place(model_.values) - body.values.first;
  // Its subgraphs, if any, were given the next numbers: the body itself is put behind them.
  function.graph = place(model_.graphs);
  add(model_.graphs, body);
  add(model_.functions, function);
}

void ModelReader::graph(std::uint32_t index, std::string_view bytes) {
  Graph graph = model_.graphs[index];
  graph.at = static_cast<std::size_t>(bytes.data() - file_.bytes.data());
  each(bytes, 2, [&](const WireReader& at, const Field& field) { graph.name = at.bytes_of(field, "a graph's name"); });
  graph.nodes = nodes_of(bytes, 1, graph.depth);
  const auto values = [&](std::uint32_t number) {
    Range range{place(model_.values), 0};
    each(bytes, number, [&](const WireReader& at, const Field& field) {
      add(model_.values, value(at.bytes_of(field, "an input, an output or a type")));
    });
    range.count = place(model_.values) - range.first;
    return range;
  };
  graph.inputs = values(11);
  graph.outputs = values(12);
  graph.values = values(13);
  graph.initializers.first = place(model_.tensors);
  each(bytes, 5, [&](const WireReader& at, const Field& field) {
    add(model_.tensors, tensor(at.bytes_of(field, "an initializer"), true));
  });
  each(bytes, 15, [&](const WireReader& at, const Field& field) {
    add(model_.tensors, sparse_tensor(at.bytes_of(field, "a sparse initializer")));
  });
  graph.initializers.count = place(model_.tensors) - graph.initializers.first;
  model_.graphs[index] = graph;
}

Range ModelReader::nodes_of(std::string_view bytes, std::uint32_t field, int depth) {
  Range range{place(model_.nodes), 0};
  each(bytes, field, [&](const WireReader& reader, const Field& found) {
    if (model_.nodes.size() == kNodesMax)
      reader.refuse(found.at, fmt::format("more than {} nodes; a model has fewer", kNodesMax));
    add(model_.nodes, node(reader.bytes_of(found, "a node"), depth));
  });
  range.count = place(model_.nodes) - range.first;
  return range;
}

Range ModelReader::names_of(std::string_view bytes, std::uint32_t field) {
  Range range{place(model_.names), 0};
  each(bytes, field, [&](const WireReader& reader, const Field& found) {
    if (model_.names.size() - range.first == kNamesMax)
      reader.refuse(found.at, fmt::format("more than {} inputs or outputs of one node; a model has fewer", kNamesMax));
    add(model_.names, reader.bytes_of(found, "the name of a value"));
  });
  range.count = place(model_.names) - range.first;
  return range;
}

Node ModelReader::node(std::string_view bytes, int depth) {
  Node node;
  node.domain = kStandardDomain;
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    if (field->number == 3) node.name = reader.bytes_of(*field, "a node's name");
    if (field->number == 4) node.op = reader.bytes_of(*field, "an operator's name");
    if (field->number == 7) node.domain = domain_of(reader.bytes_of(*field, "a domain"));
    if (field->number == 8) node.overload = reader.bytes_of(*field, "an overload");
  }
  if (node.op.empty())
    reader.refuse(bytes.data(), "a node names no operator; the file is damaged, or is no ONNX model");
  node.inputs = names_of(bytes, 1);
  node.outputs = names_of(bytes, 2);
  node.attributes.first = place(model_.attributes);
  each(bytes, 5, [&](const WireReader& at, const Field& field) {
    add(model_.attributes, attribute(at.bytes_of(field, "an attribute"), depth));
  });
  node.attributes.count = place(model_.attributes) - node.attributes.first;
  return node;
}

Attribute ModelReader::attribute(std::string_view bytes, int depth) {
  Attribute attribute;
  WireReader reader(file_, bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case 1:
        attribute.name = reader.bytes_of(*field, "an attribute's name");
        break;
      case 2:
        attribute.kind = 'f';
        break;
      case 3:
        attribute.kind = 'i';
        attribute.number = reader.number_of(*field, "an attribute");
        break;
      case 4:
        attribute.kind = 's';
        attribute.text = reader.bytes_of(*field, "an attribute");
        break;
      case 5:
        attribute.kind = 't';
        attribute.element = tensor(reader.bytes_of(*field, "an attribute"), false).element;
        break;
      case 6:
      case 11:
        attribute.kind = field->number == 6 ? 'g' : 'G';
        subgraph(reader, *field, depth, attribute);
        break;
      case 7:
      case 8:
      case 9:
        attribute.kind = field->number == 7 ? 'F' : field->number == 8 ? 'I' : 'S';
        break;
      case 14:
        attribute.kind = 'p';
        attribute.type = type(reader.bytes_of(*field, "a type"), 0, nullptr);
        break;
      case 21:
        attribute.reference = reader.bytes_of(*field, "an attribute's reference");
        break;
      default:
        break;
    }
  }
  if (attribute.name.empty())
    reader.refuse(bytes.data(), "an attribute has no name; the file is damaged, or is no ONNX model");
  return attribute;
}

void ModelReader::subgraph(const WireReader& reader, const Field& field, int depth, Attribute& attribute) {
  if (depth == kGraphDepthMax)
    reader.refuse(field.at, fmt::format("graphs within graphs more than {} deep; a model has fewer", kGraphDepthMax));
  if (model_.graphs.size() == kGraphsMax)
    reader.refuse(field.at, fmt::format("more than {} graphs; a model has fewer", kGraphsMax));
  if (attribute.graphs.count == 0) attribute.graphs.first = place(model_.graphs);
  ++attribute.graphs.count;
  waiting_.push_back({place(model_.graphs), reader.bytes_of(field, "a graph")});
  Graph graph;
  graph.depth = depth + 1;
  add(model_.graphs, graph);
}

Model read_model(const FileBytes& file) { return ModelReader(file).run(); }

}  // namespace socle::migrate::onnx
