#include "socle/report/layout_json.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/stack_spread_json.hpp"
#include "socle/report/train/figure_rows.hpp"
#include "socle/report/train/flow_report.hpp"
#include "socle/report/train/slice_places.hpp"
#include "socle/report/train/train_report.hpp"

namespace socle::report {
namespace {

Json figures_json(const answer::TrainFigures& figures) {
  Json json = Json::object();
  for (const FigureRow& row : figure_rows(figures)) {
    json.set(row.key,
             Json::object(
                 {{"value", row.value.value}, {"low", row.value.low}, {"high", row.value.high}, {"basis", row.basis}}));
  }
  return json;
}

Json memory_json(const answer::TrainCase& run) {
  Json list = Json::array();
  const Bytes have = run.machine.memory();
  for (const memory::StageMemory& m : run.step.stages) {
    list.push(Json::object({{"weights_bytes", m.weights.value()},
                            {"gradients_bytes", m.gradients.value()},
                            {"optimizer_bytes", m.optimizer.value()},
                            {"activations_bytes", m.activations.value()},
                            {"buffers_bytes", m.buffers.value()},
                            {"total_bytes", m.total().value()},
                            {"headroom", 1.0 - m.total() / have}}));
  }
  return Json::object({{"chip_bytes", have.value()},
                       {"relative_error", train::kMemoryError},
                       {"fullest_stage", run.step.fullest_stage},
                       {"stages", std::move(list)}});
}

Json waterfall_json(const std::vector<answer::WaterfallStep>& steps) {
  Json json = Json::object();
  for (const answer::WaterfallStep& s : steps) json.set(s.key + "_s", s.time.value());
  return json;
}

Json search_json(const answer::SearchOutcome& search) {
  const auto count = [](std::uint64_t value) { return Json(static_cast<std::int64_t>(value)); };
  const search::SearchCounts& counts = search.counts;
  Json reasons = Json::object();
  for (const auto& [reason, number] : search.reasons) reasons.set(reason, count(number));
  Json best = Json::array();
  for (const search::RankedLayout& ranked : search.best) {
    best.push(Json::object({{"step_time_s", ranked.step.step_time.value()},
                            {"mfu", ranked.step.mfu},
                            {"layout", layout_json(ranked.layout)}}));
  }
  return Json::object({{"considered", count(counts.considered)},
                       {"cut_divisibility", count(counts.cut_divisibility)},
                       {"cut_memory", count(counts.cut_memory)},
                       {"cut_bound", count(counts.cut_bound)},
                       {"estimated", count(counts.estimated)},
                       {"replayed", count(counts.replayed)},
                       {"infeasible", std::move(reasons)},
                       {"proven", search.proven},
                       {"best", std::move(best)}});
}

Json basis_json(const answer::TrainCase& run) {
  const catalog::Stack& stack = run.machine.stack();
  return Json::object({{"measured_share_of_device_time", run.step.measured_share},
                       {"stack", stack.slug},
                       {"stack_runs", stack.runs},
                       {"stack_error", stack.error},
                       {"chip_runs", run.machine.spec().calibration.runs},
                       {"power", run.cluster.power_basis},
                       {"price", run.cluster.price_basis}});
}

}  // namespace

Json train_json(const answer::TrainResult& result, const std::vector<InputText>& inputs) {
  const answer::TrainCase& run = result.run;
  Json json = Json::object();
  json.set("schema", "socle.train/1");
  json.set("provenance", provenance("train", inputs));
  json.set("model", run.model.name);
  json.set("cluster", run.cluster.name);
  json.set("chips", run.cluster.chips);
  json.set("chip", run.machine.spec().chip.slug);
  json.set("precision", run.precision);
  json.set("sequence_length", run.job.sequence_length);
  json.set("global_batch", run.job.global_batch);
  json.set("microbatches", run.step.microbatches);
  json.set("tokens", run.job.total_tokens > Tokens{} ? Json(run.job.total_tokens.value()) : Json());
  json.set("layout", layout_json(run.layout));
  if (run.machine.spec().slice) json.set("slice", slice_places_json(run));
  json.set("flop_convention", "6N + causal attention (half of the square); mfu_full_attention counts the full square");
  json.set("figures", figures_json(result.figures));
  json.set("basis", basis_json(run));
  json.set("stacks", run.stacks ? stack_spread_json(*run.stacks) : Json());
  json.set("memory", memory_json(run));
  json.set("waterfall", waterfall_json(result.waterfall));
  if (result.limits) {
    json.set("limits", Json::object({{"kept", result.limits->broken.empty()},
                                     {"broken", sentences_json(result.limits->broken)},
                                     {"not_judged", sentences_json(result.limits->unjudged)}}));
  }
  if (result.search) json.set("search", search_json(*result.search));
  if (!result.swings.empty()) {
    Json swings = Json::array();
    for (const answer::Swing& s : result.swings) {
      swings.push(Json::object(
          {{"assumption", s.assumption}, {"step_time_low_s", s.low.value()}, {"step_time_high_s", s.high.value()}}));
    }
    json.set("sensitivity", std::move(swings));
  }
  json.set("assumptions", sentences_json(run.assumptions));
  json.set("doubts", sentences_json(run.doubts));
  if (result.network) json.set("network", flow_json(*result.network));
  return json;
}

Json infeasible_json(const Infeasible& why, const std::vector<InputText>& inputs) {
  Json json = Json::object({{"schema", "socle.train/1"}, {"provenance", provenance("train", inputs)}});
  return std::move(
      json.set("infeasible", Json::object({{"reason", why.reason}, {"detail", why.detail}, {"remedy", why.remedy}})));
}

}  // namespace socle::report
