#include <utility>

#include "socle/migrate/onnx/requirement.hpp"
#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

std::vector<std::string> hazard_keys() {
  std::vector<std::string> keys;
  for (const auto& facts : migrate::onnx::kOnnxHazardFacts) keys.emplace_back(facts.key);
  return keys;
}

const std::vector<std::string> kEvidence{"E0", "E1", "E2", "E3", "E4"};
const std::vector<std::string> kStatuses{"supported", "experimental", "partial", "unsupported", "unknown"};
const std::vector<std::string> kReasons{"none",   "absent", "version", "type", "setting",
                                        "stated", "body",   "inside",  "opset"};

SchemaRows model_rows() {
  return {{"models[]", "object", "Each model that was read."},
          {"models[].file", "string", "Its path."},
          {"models[].bytes", "integer", "Bytes of the file, without external data."},
          {"models[].format", "integer", "Version of the file format (ir_version)."},
          {"models[].producer", "string|null", "What wrote it; null: not stated."},
          {"models[].opsets[]", "object", "Operator sets that it imports."},
          {"models[].opsets[].domain", "string", "ai.onnx is the standard."},
          {"models[].opsets[].version", "integer", "Of the set."},
          {"models[].nodes", "integer", "Nodes, with bodies and functions expanded, without constants."},
          {"models[].constants", "integer", "Constant nodes: folded."},
          {"models[].functions", "integer", "Functions of its own."},
          {"models[].quantise_nodes", "integer", "QuantizeLinear and DequantizeLinear nodes."},
          {"models[].initializers", "integer", "Tensors of weights."},
          {"models[].weight_bytes", "integer", "Bytes of them."},
          {"models[].external_bytes", "integer", "Of those, in files beside the model."},
          {"models[].weights[]", "object", "Weights by element type."},
          {"models[].weights[].type", "string", "Element type."},
          {"models[].weights[].bytes", "integer", "Bytes."},
          {"models[].types[]", "object", "Nodes by the type of their first output."},
          {"models[].types[].type", "string", "Element type, a longer type, or unknown."},
          {"models[].types[].nodes", "integer", "Nodes, a function's once."},
          {"models[].inputs[]", "value", "Inputs that a caller gives."},
          {"models[].outputs[]", "value", "Outputs."},
          {"models[].hazards[]", "object", "What decides beside operators."},
          {"models[].hazards[].hazard", "string", "Which.", hazard_keys()},
          {"models[].hazards[].meaning", "string", "What it is."},
          {"models[].hazards[].places", "integer", "Nodes, inputs, functions or tensors that have it."},
          {"models[].hazards[].first", "string|null", "The first of them; null: the whole model."}};
}

SchemaRows target_rows() {
  return {{"models[].targets[]", "object", "Each backend asked about."},
          {"models[].targets[].backend", "string", "Its key."},
          {"models[].targets[].name", "string", "Its name."},
          {"models[].targets[].platforms[]", "string", "Platforms that it stands for."},
          {"models[].targets[].dated", "string|null", "Month of its facts; null: their source states none."},
          {"models[].targets[].source", "string", "Where they are from."},
          {"models[].targets[].decision", "string", "By the first of the rules.", {"go", "go_with_work", "no_go"}},
          {"models[].targets[].coverage_by_node", "number", "Share of nodes that it takes; 1 without any."},
          {"models[].targets[].coverage_by_operator", "number", "Share of distinct operators of which it takes all."},
          {"models[].targets[].all", "count", "All of the model."},
          {"models[].targets[].supported", "count", "Stated as supported."},
          {"models[].targets[].experimental", "count", "Stated as experimental."},
          {"models[].targets[].partial", "count", "Attempted, limited, behind casts, or as a function's body."},
          {"models[].targets[].unsupported", "count", "Not taken."},
          {"models[].targets[].unknown", "count", "Of which nothing is known: never counted as yes."},
          {"models[].targets[].nowhere", "count", "That neither it nor its fallback runs."},
          {"models[].targets[].loads", "boolean", "Every node runs somewhere and no file is missing."},
          {"models[].targets[].gives_up", "boolean", "It takes nothing of the model."},
          {"models[].targets[].parts", "integer", "Runs of nodes on the backend."},
          {"models[].targets[].islands", "integer", "Runs of nodes left to another."},
          {"models[].targets[].changes", "integer", "Steps from one to the other."},
          {"models[].targets[].convert_to", "integer|null", "Opset under which it takes more; null: none."},
          {"models[].targets[].convert_gains", "integer", "Nodes that it takes beyond now."},
          {"models[].targets[].blockers[]", "string", "What stands in the way of the whole model."},
          {"models[].targets[].advice[]", "string", "What to do, a sentence each."},
          {"models[].targets[].effort", "string", "Class of effort.", {"none", "hours", "days", "weeks"}},
          {"models[].targets[].effort_h", "number", "Hours, by the rules of effort: assumptions."},
          {"models[].targets[].evidence", "string", "The least of what was used.", kEvidence}};
}

SchemaRows not_plain_rows() {
  return {
      {"models[].targets[].not_plain[]", "object", "Nodes that are not plainly supported, by kind."},
      {"models[].targets[].not_plain[].operator", "string", "Its name."},
      {"models[].targets[].not_plain[].domain", "string", "Its domain."},
      {"models[].targets[].not_plain[].version", "integer|null", "Of the operator; null: no schema knows it."},
      {"models[].targets[].not_plain[].opset", "integer", "That the model imports."},
      {"models[].targets[].not_plain[].types[]", "string|null", "Of its inputs; null: left out, or unknown."},
      {"models[].targets[].not_plain[].nodes", "integer", "Such nodes."},
      {"models[].targets[].not_plain[].first", "string", "Name of the first; #7 is the eighth of its graph."},
      {"models[].targets[].not_plain[].status",
       "string",
       "What is stated of it.",
       {"supported", "experimental", "partial", "unsupported", "unknown"}},
      {"models[].targets[].not_plain[].reason",
       "string",
       "What decides.",
       {"none", "absent", "version", "type", "setting", "stated", "body", "inside", "opset"}},
      {"models[].targets[].not_plain[].why", "string|null", "In words; null: nothing to say."},
      {"models[].targets[].not_plain[].evidence",
       "string",
       "How far that may be trusted.",
       {"E0", "E1", "E2", "E3", "E4"}},
      {"models[].targets[].not_plain[].converts_to", "integer|null", "The nearest opset that covers it; null: none."}};
}

}  // namespace

Schema migrate_onnx_schema() {
  SchemaRows rows{{"provenance", "provenance", "Version, command and inputs."}};
  rows = joined(joined(joined(rows, model_rows()), target_rows()), not_plain_rows());
  rows.push_back({"unread[]", "object", "Files below folders that are no models."});
  rows.push_back({"unread[].file", "string", "Path."});
  rows.push_back({"unread[].why", "string", "What is wrong, with the byte."});
  rows.push_back({"rules[]", "string", "How decisions and effort come about, a sentence each."});
  return {"socle.migrate.onnx/1",
          "ONNX models on backends: `socle migrate onnx`.",
          {{"", "", std::move(rows)}},
          {provenance_shape(),
           {"count",
            "Nodes and operators counted twice over.",
            {{"nodes", "integer", "Nodes."}, {"operators", "integer", "Distinct operators."}}},
           {"value",
            "An input or output.",
            {{"name", "string", "Its name."},
             {"type", "string|null", "Element type, or a longer type; null: not stated."},
             {"shaped", "boolean", "A shape is stated; without sizes it is a scalar."},
             {"shape[]", "object", "Sizes."},
             {"shape[].size", "integer|null", "Fixed size; null: not fixed."},
             {"shape[].name", "string|null", "Name of one that is not fixed; null: none."},
             {"dynamic", "boolean", "Some size is not fixed."}}}}};
}

}  // namespace socle::report
