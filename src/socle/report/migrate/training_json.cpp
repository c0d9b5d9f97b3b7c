#include <algorithm>

#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/training_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::TrainingMigration;
using answer::TrainingTarget;
using migrate::TrainingNeeds;

template <typename T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(static_cast<std::int64_t>(*value)) : Json();
}
Json maybe(const std::string& text) { return text_or_null(text); }

std::vector<std::string> framework_keys() {
  std::vector<std::string> keys;
  for (const migrate::Framework& framework : migrate::frameworks()) keys.push_back(framework.key);
  return keys;
}

Json notes_json(const std::vector<migrate::JobRecord::Note>& notes) {
  Json list = Json::array();
  for (const auto& note : notes) list.push(Json::object({{"line", note.line}, {"text", note.text}}));
  return list;
}

SchemaRows note_rows() {
  return {{"notes[]", "object", "What was not followed, or decided while reading."},
          {"notes[].line", "integer", "Line of the launch."},
          {"notes[].text", "string", "What it is."}};
}

Json items_json(const std::vector<migrate::Translated>& items) {
  Json list = Json::array();
  for (const migrate::Translated& item : items) list.push(translated_json(item));
  return list;
}

Json needs_json(const TrainingNeeds& needs) {
  const char* shape = needs.shape == TrainingNeeds::Shape::kMoe     ? "moe"
                      : needs.shape == TrainingNeeds::Shape::kDense ? "dense"
                                                                    : "unknown";
  return Json::object({{"shape", shape},
                       {"latent_attention", needs.latent_attention},
                       {"layers", maybe(needs.layers)},
                       {"hidden", maybe(needs.hidden)},
                       {"ffn", maybe(needs.ffn)},
                       {"heads", maybe(needs.heads)},
                       {"kv_heads", maybe(needs.kv_heads)},
                       {"vocabulary", maybe(needs.vocabulary)},
                       {"sequence_length", maybe(needs.sequence)},
                       {"experts", maybe(needs.experts)},
                       {"topk", maybe(needs.top_k)},
                       {"precision", needs.precision},
                       {"fp8_recipe", maybe(needs.fp8_recipe)},
                       {"tp", needs.tp},
                       {"pp", needs.pp},
                       {"vpp", needs.vpp},
                       {"cp", needs.cp},
                       {"ep", needs.ep},
                       {"dp", maybe(needs.dp())},
                       {"nodes", maybe(needs.nodes)},
                       {"per_node", maybe(needs.per_node)},
                       {"micro_batch", maybe(needs.micro_batch)},
                       {"global_batch", maybe(needs.global_batch)},
                       {"accumulation", maybe(needs.accumulation())},
                       {"recompute", maybe(needs.recompute)},
                       {"distributed_optimizer", needs.distributed_optimizer},
                       {"checkpoint_format", maybe(needs.checkpoint_format)}});
}

SchemaRows needs_rows() {
  SchemaRows rows{{"needs", "object", "What the job asks for; null: it does not say, or only a run knows."},
                  {"needs.shape", "string", "Class of the model.", {"dense", "moe", "unknown"}},
                  {"needs.latent_attention", "boolean", "Multi-head latent attention."}};
  const std::vector<std::pair<const char*, const char*>> counts{{"layers", "Layers."},
                                                                {"hidden", "Width."},
                                                                {"ffn", "Width of the feed-forward block."},
                                                                {"heads", "Attention heads."},
                                                                {"kv_heads", "Heads of keys and values."},
                                                                {"vocabulary", "Size of the vocabulary."},
                                                                {"sequence_length", "Tokens of a sequence."},
                                                                {"experts", "Experts of a layer."},
                                                                {"topk", "Experts that a token takes."}};
  for (const auto& [name, help] : counts) rows.push_back({std::string("needs.") + name, "integer|null", help});
  rows.push_back({"needs.precision", "string", "Number format.", {"bf16", "fp16", "fp32"}});
  rows.push_back({"needs.fp8_recipe", "string|null", "Recipe of fp8."});
  for (const char* axis : {"tp", "pp", "vpp", "cp", "ep"})
    rows.push_back({std::string("needs.") + axis, "integer", "Size of this axis of the layout."});
  rows.push_back({"needs.dp", "integer|null", "Data-parallel size, from the number of processes."});
  rows.push_back({"needs.nodes", "integer|null", "Nodes."});
  rows.push_back({"needs.per_node", "integer|null", "Processes of a node."});
  rows.push_back({"needs.micro_batch", "integer|null", "Sequences of a micro batch."});
  rows.push_back({"needs.global_batch", "integer|null", "Sequences of a step."});
  rows.push_back({"needs.accumulation", "integer|null", "Micro batches of a rank in a step."});
  rows.push_back({"needs.recompute", "string|null", "What the backward pass computes again; null: nothing."});
  rows.push_back({"needs.distributed_optimizer", "boolean", "States of the optimizer are shared out."});
  rows.push_back({"needs.checkpoint_format", "string|null", "Format of checkpoints."});
  return rows;
}

Json target_json(const TrainingTarget& target) {
  Json counts = Json::object();
  for (int i = 0; i <= static_cast<int>(migrate::Change::kUnknown); ++i) {
    const auto change = static_cast<migrate::Change>(i);
    counts.set(migrate::change_key(change), target.of(change));
  }
  Json blockers = Json::array();
  for (const answer::TrainingBlocker& blocker : target.blockers)
    blockers.push(Json::object({{"line", blocker.line},
                                {"item", blocker.item},
                                {"change", migrate::change_key(blocker.change)},
                                {"why", blocker.why}}));
  Json files = Json::array();
  for (const migrate::LaunchFile& file : target.files)
    files.push(Json::object({{"name", file.name}, {"text", file.text}}));
  return Json::object({{"asked", target.asked},
                       {"platform", target.platform.key},
                       {"chip", maybe(target.chip)},
                       {"framework", target.framework.key},
                       {"decision", migrate::decision_key(target.decision)},
                       {"coverage", target.coverage},
                       {"hours", target.hours},
                       {"effort", migrate::effort_key(target.effort)},
                       {"evidence", migrate::evidence_key(target.evidence)},
                       {"counts", std::move(counts)},
                       {"blockers", std::move(blockers)},
                       {"items", items_json(target.items)},
                       {"files", std::move(files)}});
}

SchemaRows target_rows() {
  SchemaRows rows{{"targets[]", "object", "The job on each target."},
                  {"targets[].asked", "string", "The target as it was named."},
                  {"targets[].platform", "string", "Its platform."},
                  {"targets[].chip", "string|null", "Its chip; null: a platform was named."},
                  {"targets[].framework", "string", "Framework there.", framework_keys()},
                  {"targets[].decision", "string", "What it comes to.", {"go", "go_with_work", "no_go"}},
                  {"targets[].coverage", "number", "Share of what was read that is known to go on there."},
                  {"targets[].hours", "number", "Assumed hours of work, without data, weights and acceptance."},
                  {"targets[].effort", "string", "Class of the hours.", {"none", "hours", "days", "weeks"}},
                  {"targets[].evidence", "string", "The least of what was used.", {"E0", "E1", "E2"}},
                  {"targets[].counts", "object", "Items by what becomes of them."}};
  for (const std::string& key : change_keys()) rows.push_back({"targets[].counts." + key, "integer", "Items."});
  rows.push_back({"targets[].blockers[]", "object", "What somebody has to decide."});
  rows.push_back({"targets[].blockers[].line", "integer", "Line of the launch; 0: none."});
  rows.push_back({"targets[].blockers[].item", "string", "Item, as written."});
  rows.push_back({"targets[].blockers[].change",
                  "string",
                  "What becomes of it.",
                  {"dropped_correctness", "no_equivalent", "unknown"}});
  rows.push_back({"targets[].blockers[].why", "string", "Why."});
  for (SchemaRow& row : translated_rows("targets[].items[]")) rows.push_back(std::move(row));
  rows.push_back({"targets[].files[]", "object", "Launch files, as --emit asked."});
  rows.push_back({"targets[].files[].name", "string", "Name of the file."});
  rows.push_back({"targets[].files[].text", "string", "Its text."});
  return rows;
}

void append(SchemaRows& rows, const SchemaRows& more) { rows.insert(rows.end(), more.begin(), more.end()); }

}  // namespace

Json arguments_json(const answer::ArgumentsResult& result, const std::vector<InputText>& inputs) {
  Json came = Json::array();
  for (const answer::NewArgument& one : result.came)
    came.push(Json::object({{"name", one.name}, {"default", maybe(one.default_value)}, {"source", one.source}}));
  return Json::object({{"schema", "socle.migrate.arguments/1"},
                       {"provenance", provenance("migrate arguments", inputs)},
                       {"from", result.from.key},
                       {"to", result.to.key},
                       {"of_launch", result.of_launch},
                       {"known_from", result.known_from},
                       {"known_to", result.known_to},
                       {"same", result.same},
                       {"went", result.went()},
                       {"came", std::move(came)},
                       {"items", items_json(result.changed)},
                       {"notes", notes_json(result.notes)},
                       {"arguments_dated", result.arguments_dated},
                       {"rules_dated", result.rules_dated}});
}

Schema migrate_arguments_schema() {
  SchemaRows rows{{"provenance", "provenance", "Version, command and inputs."},
                  {"from", "string", "Framework and release of the source.", framework_keys()},
                  {"to", "string", "Of the target.", framework_keys()},
                  {"of_launch", "boolean", "Arguments of a launch instead of the two parsers."},
                  {"known_from", "integer", "Arguments that the pack knows of the source; 0 for a launch."},
                  {"known_to", "integer", "Of the target; 0 for a launch."},
                  {"same", "integer", "Those that are the same."},
                  {"went", "integer", "Those of the source that the target does not take under their name."},
                  {"came[]", "object", "Those that are new there."},
                  {"came[].name", "string", "Name."},
                  {"came[].default", "string|null", "Default; null: none, or not stated."},
                  {"came[].source", "string", "Where it was read."}};
  append(rows, translated_rows("items[]"));
  append(rows, note_rows());
  rows.push_back({"arguments_dated", "string", "Year in which the parsers were read."});
  rows.push_back({"rules_dated", "string", "Year of the rules."});
  return {"socle.migrate.arguments/1",
          "Arguments of training between frameworks and releases: `socle migrate arguments`.",
          {{"", "", std::move(rows)}},
          {provenance_shape()}};
}

Json training_json(const TrainingMigration& result, const std::vector<InputText>& inputs) {
  Json targets = Json::array();
  for (const TrainingTarget& target : result.targets) targets.push(target_json(target));
  return Json::object({{"schema", "socle.migrate.training/1"},
                       {"provenance", provenance("migrate training", inputs)},
                       {"from", result.from.key},
                       {"line", result.record.line},
                       {"needs", needs_json(result.needs)},
                       {"targets", std::move(targets)},
                       {"notes", notes_json(result.record.notes)},
                       {"scenario", result.scenario ? Json(result.scenario->toml()) : Json()},
                       {"config", result.scenario ? Json(result.scenario->config) : Json()},
                       {"arguments_dated", result.arguments_dated},
                       {"rules_dated", result.rules_dated},
                       {"rules", sentences_json(training_rules())}});
}

Schema migrate_training_schema() {
  SchemaRows rows{{"provenance", "provenance", "Version, command and inputs."},
                  {"from", "string", "Framework and release of the launch.", framework_keys()},
                  {"line", "integer", "Line of the launch."}};
  append(rows, needs_rows());
  append(rows, target_rows());
  append(rows, note_rows());
  rows.push_back({"scenario", "string|null", "The job as a scenario; null: not asked for."});
  rows.push_back({"config", "string|null", "The config.json that the scenario names."});
  rows.push_back({"arguments_dated", "string", "Year in which the parsers were read."});
  rows.push_back({"rules_dated", "string", "Year of the rules."});
  rows.push_back({"rules[]", "string", "How decisions and effort come about, a sentence each."});
  return {"socle.migrate.training/1",
          "Launches of training on other platforms and frameworks: `socle migrate training`.",
          {{"", "", std::move(rows)}},
          {provenance_shape()}};
}

}  // namespace socle::report
