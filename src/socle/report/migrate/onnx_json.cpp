#include <utility>

#include "socle/base/utf8.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/onnx_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using migrate::onnx::NodeCount;
using migrate::onnx::OnnxVerdict;
using migrate::onnx::Requirement;

constexpr int kNameWidth = 200;

Json number_or_null(const std::optional<int>& number) { return number ? Json(*number) : Json(); }
Json whole(std::uint64_t number) { return Json(static_cast<std::int64_t>(number)); }
Json count_json(const NodeCount& count) {
  return Json::object({{"nodes", whole(count.nodes)}, {"operators", count.operators}});
}
Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

Json values_json(const std::vector<migrate::onnx::GraphInput>& values) {
  Json list = Json::array();
  for (const migrate::onnx::GraphInput& value : values) {
    Json shape = Json::array();
    for (const auto& size : value.dimensions)
      shape.push(Json::object({{"size", size.size >= 0 ? Json(size.size) : Json()},
                               {"name", text_or_null(printable(size.name, kNameWidth))}}));
    list.push(Json::object({{"name", printable(value.name, kNameWidth)},
                            {"type", text_or_null(value.type)},
                            {"shaped", value.shaped},
                            {"shape", std::move(shape)},
                            {"dynamic", value.dynamic()}}));
  }
  return list;
}

Json hazards_json(const Requirement& model) {
  Json list = Json::array();
  for (std::size_t i = 0; i < migrate::onnx::kOnnxHazards; ++i) {
    if (model.hazards[i].places == 0) continue;
    list.push(Json::object({{"hazard", migrate::onnx::kOnnxHazardFacts[i].key},
                            {"meaning", migrate::onnx::kOnnxHazardFacts[i].help},
                            {"places", whole(model.hazards[i].places)},
                            {"first", text_or_null(model.hazards[i].first)}}));
  }
  return list;
}

Json model_json(const answer::OnnxFile& file) {
  const Requirement& model = file.requirement;
  Json opsets = Json::array(), weights = Json::array(), types = Json::array();
  for (const auto& [domain, version] : model.opsets)
    opsets.push(Json::object({{"domain", printable(domain, kNameWidth)}, {"version", version}}));
  for (const auto& [type, bytes] : model.weights) weights.push(Json::object({{"type", type}, {"bytes", whole(bytes)}}));
  for (const auto& [type, nodes] : model.types) types.push(Json::object({{"type", type}, {"nodes", whole(nodes)}}));
  return Json::object({{"file", file.name},
                       {"bytes", file.bytes},
                       {"format", model.ir_version},
                       {"producer", text_or_null(model.producer)},
                       {"opsets", std::move(opsets)},
                       {"nodes", whole(model.nodes)},
                       {"constants", whole(model.constants)},
                       {"functions", model.functions},
                       {"quantise_nodes", whole(model.quantise_pairs)},
                       {"initializers", model.initializers},
                       {"weight_bytes", whole(model.weight_bytes)},
                       {"external_bytes", whole(model.external_bytes)},
                       {"weights", std::move(weights)},
                       {"types", std::move(types)},
                       {"inputs", values_json(model.inputs)},
                       {"outputs", values_json(model.outputs)},
                       {"hazards", hazards_json(model)}});
}

Json missing_json(const answer::OnnxFile& file, const OnnxVerdict& target) {
  Json list = Json::array();
  for (std::size_t i = 0; i < target.uses.size(); ++i) {
    const migrate::onnx::OpUse& use = file.requirement.uses[i];
    const migrate::onnx::UseVerdict& there = target.uses[i];
    if (there.status == migrate::Status::kSupported) continue;
    Json types = Json::array();
    for (const std::string& type : use.inputs) types.push(text_or_null(type));
    list.push(Json::object({{"operator", printable(use.name.op, kNameWidth)},
                            {"domain", printable(use.name.domain, kNameWidth)},
                            {"version", use.since > 0 ? Json(use.since) : Json()},
                            {"opset", use.opset},
                            {"types", std::move(types)},
                            {"nodes", whole(use.nodes)},
                            {"first", use.first},
                            {"status", migrate::status_key(there.status)},
                            {"reason", migrate::onnx::reason_key(there.reason)},
                            {"why", text_or_null(there.why)},
                            {"evidence", migrate::evidence_key(there.evidence)},
                            {"converts_to", number_or_null(there.converts_to)}}));
  }
  return list;
}

Json target_json(const answer::OnnxFile& file, const OnnxVerdict& target) {
  return Json::object({{"backend", target.backend->key},
                       {"name", target.backend->name},
                       {"platforms", texts_json(target.backend->platforms)},
                       {"dated", text_or_null(target.backend->dated)},
                       {"source", target.backend->source},
                       {"decision", migrate::decision_key(target.decision)},
                       {"coverage_by_node", target.coverage_by_node()},
                       {"coverage_by_operator", target.coverage_by_operator()},
                       {"all", count_json(target.all)},
                       {"supported", count_json(target.supported)},
                       {"experimental", count_json(target.experimental)},
                       {"partial", count_json(target.partial)},
                       {"unsupported", count_json(target.unsupported)},
                       {"unknown", count_json(target.unknown)},
                       {"nowhere", count_json(target.nowhere)},
                       {"loads", target.loads},
                       {"gives_up", target.gives_up},
                       {"parts", whole(target.partition.parts)},
                       {"islands", whole(target.partition.islands)},
                       {"changes", whole(target.partition.changes)},
                       {"convert_to", number_or_null(target.convert_to)},
                       {"convert_gains", whole(target.convert_gains)},
                       {"blockers", texts_json(target.blockers)},
                       {"advice", texts_json(target.advice)},
                       {"effort", migrate::effort_key(target.effort)},
                       {"effort_h", target.hours},
                       {"evidence", migrate::evidence_key(target.evidence)},
                       {"not_plain", missing_json(file, target)}});
}

}  // namespace

Json onnx_json(const answer::OnnxResult& result, const std::vector<InputText>& inputs) {
  Json models = Json::array(), unread = Json::array();
  for (const answer::OnnxFile& file : result.files) {
    Json targets = Json::array();
    for (const OnnxVerdict& target : file.targets) targets.push(target_json(file, target));
    Json model = model_json(file);
    model.set("targets", std::move(targets));
    models.push(std::move(model));
  }
  for (const answer::OnnxUnread& file : result.unread)
    unread.push(Json::object({{"file", file.name}, {"why", file.message}}));
  return Json::object({{"schema", "socle.migrate.onnx/1"},
                       {"provenance", provenance("migrate onnx", inputs)},
                       {"models", std::move(models)},
                       {"unread", std::move(unread)},
                       {"rules", sentences_json(answer::onnx_rules())}});
}

}  // namespace socle::report
