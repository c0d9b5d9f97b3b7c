#include "socle/report/layout_text.hpp"
#include "socle/report/slice_places.hpp"
#include "socle/report/train_report.hpp"

namespace socle::report {
namespace {

Json strings(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

Json figures_json(const std::vector<Figure>& figures) {
  Json json = Json::object();
  for (const Figure& f : figures) {
    json.set(f.key, Json::object({{"value", f.value}, {"low", f.low}, {"high", f.high}, {"basis", f.basis}}));
  }
  return json;
}

Json memory_json(const TrainCase& run) {
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
  return Json::object({{"chip_bytes", have.value()}, {"relative_error", train::kMemoryError}, {"fullest_stage", run.step.fullest_stage}, {"stages", std::move(list)}});
}

Json waterfall_json(const std::vector<WaterfallStep>& steps) {
  Json json = Json::object();
  for (const WaterfallStep& s : steps) json.set(s.key + "_s", s.time.value());
  return json;
}

Json search_json(const SearchReport& search) {
  const auto count = [](std::uint64_t value) { return Json(static_cast<std::int64_t>(value)); };
  const search::SearchCounts& counts = search.counts;
  Json reasons = Json::object();
  for (const auto& [reason, number] : search.reasons) reasons.set(reason, count(number));
  Json best = Json::array();
  for (const search::RankedLayout& ranked : search.best) {
    best.push(Json::object({{"step_time_s", ranked.step.step_time.value()}, {"mfu", ranked.step.mfu}, {"layout", layout_json(ranked.layout)}}));
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

Json basis_json(const TrainCase& run) {
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

Json train_json(const TrainReport& report, const std::vector<InputText>& inputs) {
  const TrainCase& run = report.run;
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
  json.set("figures", figures_json(report.figures));
  json.set("basis", basis_json(run));
  json.set("memory", memory_json(run));
  json.set("waterfall", waterfall_json(report.waterfall));
  if (report.limits) {
    json.set("limits", Json::object({{"kept", report.limits->broken.empty()}, {"broken", strings(report.limits->broken)}, {"not_judged", strings(report.limits->unjudged)}}));
  }
  if (report.search) json.set("search", search_json(*report.search));
  if (!report.swings.empty()) {
    Json swings = Json::array();
    for (const Swing& s : report.swings) {
      swings.push(Json::object({{"assumption", s.assumption}, {"step_time_low_s", s.low.value()}, {"step_time_high_s", s.high.value()}}));
    }
    json.set("sensitivity", std::move(swings));
  }
  json.set("assumptions", strings(run.assumptions));
  json.set("doubts", strings(run.doubts));
  return json;
}

}  // namespace socle::report
