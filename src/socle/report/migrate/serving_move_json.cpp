#include <utility>

#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/serving_move_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

using answer::MovedFleet;
using answer::Ratio;
using answer::ServingVerdict;
using setup::MoveSide;

Json ratio_json(const std::optional<Ratio>& ratio) {
  if (!ratio) return {};
  return Json::object({{"value", ratio->value}, {"low", ratio->low}, {"high", ratio->high}});
}

Json money_json(const std::optional<Money>& money) {
  if (!money) return {};
  return Json::object({{"amount", money->amount}, {"currency", currency_name(money->currency)}});
}

Json fleet_json(const MovedFleet& fleet) {
  return Json::object({{"weights", setup::weight_format_name(fleet.formats.matrices)},
                       {"experts", setup::weight_format_name(fleet.formats.experts)},
                       {"kv", setup::kv_format_name(fleet.formats.kv)},
                       {"tp", fleet.layout.tensor_parallel},
                       {"pp", fleet.layout.pipeline_parallel},
                       {"dp", fleet.layout.data_parallel},
                       {"ep", fleet.layout.expert_parallel},
                       {"replicas", fleet.replicas},
                       {"chips", fleet.chips},
                       {"weights_per_chip_b", fleet.weights_per_chip.value()},
                       {"cache_tokens", fleet.cache_tokens},
                       {"ttft_mean_s", fleet.figures.ttft.mean.value()},
                       {"tpot_mean_s", fleet.figures.tpot.mean.value()},
                       {"tpot_low_s", fleet.figures.tpot.mean.value() * fleet.tpot.low},
                       {"tpot_high_s", fleet.figures.tpot.mean.value() * fleet.tpot.high},
                       {"output_per_chip", fleet.output_per_chip()},
                       {"measured", fleet.measured},
                       {"per_million_output", money_json(fleet.per_million_output)}});
}

Json checkpoint_json(const std::optional<migrate::Checkpoint>& checkpoint) {
  if (!checkpoint) return {};
  Json types = Json::array(), pickles = Json::array(), missing = Json::array();
  for (const auto& [type, bytes] : checkpoint->bytes_by_type)
    types.push(Json::object({{"type", type}, {"bytes", bytes}}));
  for (const std::string& name : checkpoint->pickles) pickles.push(name);
  for (const std::string& name : checkpoint->missing) missing.push(name);
  return Json::object({{"architecture", text_or_null(checkpoint->architecture)},
                       {"dtype", text_or_null(checkpoint->dtype)},
                       {"quantization", text_or_null(checkpoint->quantization)},
                       {"own_code", checkpoint->own_code},
                       {"files", checkpoint->files},
                       {"tensors", checkpoint->tensors},
                       {"bytes", checkpoint->bytes},
                       {"types", std::move(types)},
                       {"pickles", std::move(pickles)},
                       {"missing", std::move(missing)}});
}

Shape checkpoint_shape() {
  return {"checkpoint",
          "What a folder of a model holds.",
          {{"architecture", "string|null", "First of `architectures`; null: none is named."},
           {"dtype", "string|null", "As the configuration says; null: it does not."},
           {"quantization", "string|null", "Its quant_method; null: none."},
           {"own_code", "boolean", "It names Python of its own (auto_map)."},
           {"files", "integer", "Files of safetensors whose heads were read."},
           {"tensors", "number", "Tensors in them."},
           {"bytes", "number", "Bytes of them."},
           {"types[]", "object", "By type of element."},
           {"types[].type", "string", "As the format names it."},
           {"types[].bytes", "number", "Bytes of such tensors."},
           {"pickles[]", "string", "Files that run code when they are loaded: not opened."},
           {"missing[]", "string", "Files that the index names and the folder lacks."}}};
}

Json fleet_or_null(const std::optional<MovedFleet>& fleet) { return fleet ? fleet_json(*fleet) : Json(); }

Json target_json(const MoveSide& side, const ServingVerdict& verdict) {
  Json needs = Json::array(), items = Json::array(), blockers = Json::array(), others = Json::array();
  for (const migrate::NeedVerdict& need : verdict.needs)
    needs.push(Json::object({{"item", need.need.item},
                             {"asked_by", need.need.from},
                             {"status", migrate::status_key(need.known.status)},
                             {"holds", need.holds()},
                             {"evidence", migrate::evidence_key(need.known.evidence)},
                             {"source", text_or_null(need.known.source)}}));
  for (const migrate::Translated& item : verdict.launch.items) items.push(translated_json(item));
  for (const answer::Blocker& blocker : verdict.blockers)
    blockers.push(
        Json::object({{"what", blocker.what}, {"line", blocker.line}, {"why", blocker.why}, {"stops", blocker.stops}}));
  for (const MovedFleet& other : verdict.others) others.push(fleet_json(other));
  const bool fits = verdict.fleet.has_value();
  return Json::object(
      {{"chip", side.chip.slug},
       {"engine", text_or_null(side.engine)},
       {"hardware", side.hardware ? Json(side.hardware->key) : Json()},
       {"dated", side.hardware ? text_or_null(side.hardware->dated) : Json()},
       {"decision", migrate::decision_key(verdict.decision)},
       {"model_status", verdict.model ? Json(migrate::status_key(verdict.model->known.status)) : Json()},
       {"needs_share", verdict.needs_share()},
       {"items_share", verdict.items_share()},
       {"fleet", fleet_or_null(verdict.fleet)},
       {"other_formats", std::move(others)},
       {"speed", ratio_json(verdict.speed)},
       {"token_time", ratio_json(verdict.token_time)},
       {"chips_for_same_output", verdict.chips_for_same},
       {"rent", money_json(side.rent)},
       {"export_class", side.exports.empty() ? Json() : Json(catalog::export_class_name(side.exports.back().verdict))},
       {"effort", migrate::effort_key(verdict.effort)},
       {"effort_h", verdict.hours},
       {"evidence", migrate::evidence_key(verdict.evidence)},
       {"launch", fits ? Json(migrate::launch_line(verdict.launch.record, false)) : Json()},
       {"needs", std::move(needs)},
       {"items", std::move(items)},
       {"blockers", std::move(blockers)}});
}

Shape fleet_shape() {
  return {"fleet",
          "Replicas that serve the requests.",
          {{"weights", "string", "Format of matrices."},
           {"experts", "string", "Format of routed experts."},
           {"kv", "string", "Format of the cache."},
           {"tp", "integer", "Tensor-parallel size of a replica."},
           {"pp", "integer", "Pipeline stages."},
           {"dp", "integer", "Attention data-parallel size."},
           {"ep", "integer", "Expert-parallel size."},
           {"replicas", "integer", "Copies of the model."},
           {"chips", "integer", "Chips of all of them."},
           {"weights_per_chip_b", "number", "Bytes of weights on a chip."},
           {"cache_tokens", "number", "Tokens that the cache of a replica holds."},
           {"ttft_mean_s", "number", "Time to the first token, mean."},
           {"tpot_mean_s", "number", "Time of a later token, mean."},
           {"tpot_low_s", "number", "Its range, low end."},
           {"tpot_high_s", "number", "Its range, high end."},
           {"output_per_chip", "number", "Output tokens a second and chip."},
           {"measured", "boolean", "The engine's times were fitted on runs on this chip."},
           {"per_million_output", "money|null", "Rent of a million output tokens; null: no rent is known."}}};
}

Shape ratio_shape() {
  return {"ratio",
          "Times what it is today.",
          {{"value", "number", "Predicted."}, {"low", "number", "Low end."}, {"high", "number", "High end."}}};
}

SchemaRows target_rows() {
  return {{"targets[]", "object", "Each target, in the order of --to."},
          {"targets[].chip", "string", "Slug of the chip."},
          {"targets[].engine", "string|null", "Family of the engine there; null: none is known."},
          {"targets[].hardware", "string|null", "Kind of chips in the packs; null: none has it."},
          {"targets[].dated", "string|null", "Year of the engine's pages; null: not known."},
          {"targets[].decision", "string", "Whether to go.", {"go", "go_with_work", "no_go"}},
          {"targets[].model_status", "string|null", "What its page says of the model; null: nothing that is known."},
          {"targets[].needs_share", "number", "Share of what the command needs that holds there."},
          {"targets[].items_share", "number", "Share of the command's words that go over."},
          {"targets[].fleet", "fleet|null", "The replicas chosen; null: nothing fits."},
          {"targets[].other_formats[]", "fleet", "The best in other formats of weights."},
          {"targets[].speed", "ratio|null", "Output tokens a second and chip; null: a side does not run."},
          {"targets[].token_time", "ratio|null", "Mean time of a token; null: likewise."},
          {"targets[].chips_for_same_output", "integer", "Chips that keep up with today's output; 0: not known."},
          {"targets[].rent", "money|null", "Of a chip and hour; null: no quote."},
          {"targets[].export_class", "string|null", "By the newest rule in force; null: none is."},
          {"targets[].effort", "string", "Class of work.", {"none", "hours", "days", "weeks"}},
          {"targets[].effort_h", "number", "Hours by the stated assumptions."},
          {"targets[].evidence", "string", "The least of what was used.", {"E0", "E1", "E2", "E3", "E4"}},
          {"targets[].launch", "string|null", "The command there, on one line; null: nothing fits."},
          {"targets[].needs[]", "object", "What the command asks of the engine."},
          {"targets[].needs[].item", "string", "Feature or connector."},
          {"targets[].needs[].asked_by", "string", "Flag that asks for it, or default."},
          {"targets[].needs[].status", "string", "What the packs say."},
          {"targets[].needs[].holds", "boolean", "It works there, as far as anybody says."},
          {"targets[].needs[].evidence", "string", "Of that statement."},
          {"targets[].needs[].source", "string|null", "Where it is from; null: nowhere."},
          {"targets[].blockers[]", "object", "What stands in the way, or has to be decided."},
          {"targets[].blockers[].what", "string", "The thing."},
          {"targets[].blockers[].line", "integer", "Line of the command; 0: none."},
          {"targets[].blockers[].why", "string", "What is wrong with it."},
          {"targets[].blockers[].stops", "boolean", "No-go by itself."}};
}

}  // namespace

Json serving_move_json(const answer::ServingMigration& result, const std::vector<InputText>& inputs) {
  Json targets = Json::array();
  for (std::size_t i = 0; i < result.targets.size(); ++i)
    targets.push(target_json(result.move.to[i], result.targets[i]));
  return Json::object({{"schema", "socle.migrate.serving/1"},
                       {"provenance", provenance("migrate serving", inputs)},
                       {"model", result.move.from.simulation->serve.model.name},
                       {"from", result.move.from.chip.slug},
                       {"engine", result.move.from.engine},
                       {"checkpoint", checkpoint_json(result.move.checkpoint)},
                       {"concurrency", result.move.concurrency},
                       {"source", fleet_or_null(result.source)},
                       {"source_problem", text_or_null(result.source_problem)},
                       {"targets", std::move(targets)},
                       {"rules", sentences_json(serving_move_rules())},
                       {"assumptions", sentences_json(result.assumptions)},
                       {"doubts", sentences_json(result.doubts)}});
}

Schema migrate_serving_schema() {
  SchemaRows rows{{"provenance", "provenance", "Version, command and inputs."},
                  {"model", "string", "The served model."},
                  {"from", "string", "Slug of today's chip."},
                  {"engine", "string", "Family of today's engine."},
                  {"checkpoint", "checkpoint|null", "Of the folder of a model; null: a command was given."},
                  {"concurrency", "integer", "Requests under way at once."},
                  {"source", "fleet|null", "As launched today; null: it does not fit."},
                  {"source_problem", "string|null", "Why it does not; null: it does."}};
  rows = joined(joined(rows, target_rows()), translated_rows("targets[].items[]"));
  rows.push_back({"rules[]", "string", "How decisions, layouts and effort come about, a sentence each."});
  return {"socle.migrate.serving/1",
          "A served model on other chips: `socle migrate serving`.",
          {{"", "", joined(rows, sentence_rows())}},
          {provenance_shape(), money_shape(), fleet_shape(), ratio_shape(), checkpoint_shape()}};
}

}  // namespace socle::report
