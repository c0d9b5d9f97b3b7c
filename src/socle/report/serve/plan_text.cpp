#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"
#include "socle/report/serve/plan_report.hpp"
#include "socle/report/serve/plan_words.hpp"

namespace socle::report {

std::string plan_cost_text(const answer::ServePlanResult& result, double cost) {
  return fmt::format("{} {}", format_number(cost, 5), result.unit);
}

std::string plan_chips_text(const answer::ServePlanResult& result, int chips, double cost) {
  const std::string text = fmt::format("{} chips", chips);
  return result.options.goal == answer::PlanGoal::kChips ? text : text + ", " + plan_cost_text(result, cost);
}

std::string plan_configuration(const answer::ServePlanResult& result, const answer::PlanEntry& e) {
  return fmt::format("{} x {}, {}", e.layout.chips(), result.candidates[e.candidate].serve.chip.slug,
                     layout_words(e.layout));
}

std::string plan_formats_text(const model::ServingFormats& formats) {
  std::string text(setup::weight_format_name(formats.matrices));
  if (formats.experts != formats.matrices) text += fmt::format("/{}", setup::weight_format_name(formats.experts));
  return text;
}

std::string plan_figures_text(const answer::ServePlanResult& result, const answer::ServeFigures& f) {
  return fmt::format(
      "all of them under the whole traffic: TTFT mean {:.4g} ms, p99 {:.4g} ms; TPOT mean {:.4g} ms, p99 "
      "{:.4g} ms;\n{} of the requests keep the objectives, {} are wanted\n",
      f.ttft.mean.value() * 1e3, f.ttft.p99.value() * 1e3, f.tpot.mean.value() * 1e3, f.tpot.p99.value() * 1e3,
      format_percent(f.share_met), format_percent(result.objectives.share));
}

std::string plan_price_text(const answer::ServePlanResult& result, double cost, const answer::ServeFigures& f) {
  if (result.options.goal != answer::PlanGoal::kPrice || !(f.output_tokens > 0)) return {};
  return fmt::format("{:.4g} {} a million output tokens\n",
                     cost / 3600.0 / std::max(1e-12, f.per_second(f.output_tokens)) * 1e6, result.unit.substr(0, 3));
}

namespace {

using answer::PlanEntry;
using answer::PlanVerdict;
using answer::ServePlanResult;

constexpr std::size_t kShown = 12;

bool in_mix(const ServePlanResult& result, std::size_t index) {
  return result.mix && std::any_of(result.mix->parts.begin(), result.mix->parts.end(),
                                   [&](const answer::PlanMix::Part& part) { return part.entry == index; });
}

std::string verdict_text(const ServePlanResult& result, std::size_t index) {
  const PlanEntry& e = result.entries[index];
  switch (e.verdict) {
    case PlanVerdict::kBest:
      return result.apart ? "best together" : "best";
    case PlanVerdict::kHolds:
      if (result.options.stock.empty()) return "holds, costs more";
      return in_mix(result, index) ? "in the mix" : "holds";
    case PlanVerdict::kBound:
      return "at best no cheaper";
    case PlanVerdict::kTooSlow:
      return e.why;
    case PlanVerdict::kNever:
      return "breaks them at any load";
    case PlanVerdict::kDoesNotFit:
      break;
  }
  return e.why;
}

std::string table_text(const ServePlanResult& result) {
  const bool costs = result.options.goal != answer::PlanGoal::kChips;  // which have a column anyway
  std::vector<TextColumn> columns{{"a replica"},
                                  {"weights"},
                                  {"seqs", Align::kRight},
                                  {"tokens", Align::kRight},
                                  {"req/s each", Align::kRight},
                                  {"replicas", Align::kRight},
                                  {"chips", Align::kRight}};
  if (costs) columns.push_back({result.unit, Align::kRight});
  columns.push_back({"verdict"});
  TextTable table(std::move(columns));
  // Of the limits of one layout the best line says enough.
  std::map<std::string, int> seen;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    const PlanEntry& e = result.entries[i];
    const std::string key = plan_configuration(result, e) + plan_formats_text(e.formats);
    if (seen[key]++ > 0 || shown == kShown) continue;
    ++shown;
    const bool known = e.capacity > 0;
    const bool sized = known || e.verdict == PlanVerdict::kBound;
    std::vector<std::string> row{plan_configuration(result, e),
                                 plan_formats_text(e.formats),
                                 std::to_string(e.max_num_seqs),
                                 std::to_string(e.max_num_batched_tokens),
                                 sized ? fmt::format("{}{:.4g}", known ? "" : "< ", known ? e.capacity : e.bound) : "-",
                                 sized ? fmt::format("{}{}", known ? "" : "> ", e.replicas) : "-",
                                 sized ? std::to_string(e.chips) : "-"};
    if (costs) row.push_back(sized ? format_number(e.cost, 5) : "-");
    row.push_back(verdict_text(result, i));
    table.add_row(std::move(row));
  }
  return table.str();
}

std::string counts_text(const ServePlanResult& result) {
  std::map<PlanVerdict, int> counts;
  for (const PlanEntry& e : result.entries) ++counts[e.verdict];
  return fmt::format(
      "{} configurations: {} simulated ({} runs), {} cut by the bound of their throughput, {} break an "
      "objective alone,\n{} do not fit\n",
      result.entries.size(), counts[PlanVerdict::kBest] + counts[PlanVerdict::kHolds] + counts[PlanVerdict::kNever],
      result.simulations, counts[PlanVerdict::kBound], counts[PlanVerdict::kTooSlow], counts[PlanVerdict::kDoesNotFit]);
}

std::string spare_text(const ServePlanResult& result) {
  if (result.options.spare_replicas == 0) return {};
  return fmt::format("{} of the replicas{} are spare: any that fails is replaced at once\n",
                     result.options.spare_replicas, result.mix ? " of each kind" : "");
}

std::string mix_text(const ServePlanResult& result) {
  const answer::PlanMix& mix = *result.mix;
  std::string out = fmt::format("Within the stock, {}; {:.4g} requests/s are asked:\n",
                                plan_chips_text(result, mix.chips, mix.cost), result.rate);
  for (const answer::PlanMix::Part& part : mix.parts) {
    const PlanEntry& e = result.entries[part.entry];
    out += fmt::format(
        "  {} replicas of {}, weights {}, cache {}, max_num_seqs {}, max_num_batched_tokens {}:\n"
        "    each carries {:.4g} requests/s; {} of {} chips\n",
        part.replicas, plan_configuration(result, e), plan_formats_text(e.formats), setup::kv_format_name(e.formats.kv),
        e.max_num_seqs, e.max_num_batched_tokens, e.capacity, part.replicas * e.layout.chips(),
        result.options.stock[e.candidate]);
  }
  out += "router: the least loaded for what it carries\n";
  return out + plan_figures_text(result, mix.figures) + plan_price_text(result, mix.cost, mix.figures) +
         spare_text(result);
}

std::string best_text(const ServePlanResult& result) {
  if (result.mix) return mix_text(result);
  if (result.apart_wins()) return apart_fleet_text(result);
  if (!result.holds()) {
    // The nearest: what comes closest alone.
    const bool some = std::any_of(result.entries.begin(), result.entries.end(),
                                  [](const PlanEntry& e) { return e.verdict == PlanVerdict::kHolds; });
    if (some) return "The stock carries the rate in no mix; what each chip would need alone is below.\n";
    std::string text = "No configuration keeps the objectives.\n";
    const auto slow = std::find_if(result.entries.begin(), result.entries.end(),
                                   [](const PlanEntry& e) { return e.verdict == PlanVerdict::kTooSlow; });
    if (slow != result.entries.end())
      text += fmt::format("The nearest: {} ({})\n", plan_configuration(result, *slow), slow->why);
    return text;
  }
  const PlanEntry& e = result.entries.front();
  std::string text = fmt::format("{} replicas of {}, weights {}, cache {}: {}\n", e.replicas,
                                 plan_configuration(result, e), plan_formats_text(e.formats),
                                 setup::kv_format_name(e.formats.kv), plan_chips_text(result, e.chips, e.cost));
  text +=
      fmt::format("max_num_seqs {}, max_num_batched_tokens {}; a replica carries {:.4g} requests/s, {:.4g} are asked\n",
                  e.max_num_seqs, e.max_num_batched_tokens, e.capacity, result.rate);
  if (result.best) text += plan_figures_text(result, *result.best) + plan_price_text(result, e.cost, *result.best);
  return text + spare_text(result);
}

}  // namespace

std::string serve_plan_text(const ServePlanResult& result) {
  const setup::ServeSimulationSetup& first = result.candidates.front();
  std::string out = fmt::format("{}: {}\n{}\n{}\n\n", printable(first.serve.model.name), model_line(first.serve.model),
                                first.serve.engine.name, printable(first.requests.description, 100));
  out += best_text(result) + apart_reason_text(result) + "\n" + table_text(result) + "\n" + counts_text(result);
  out += apart_counts_text(result);
  return out + sentences_text("Assumptions", first.serve.assumptions) + sentences_text("Doubts", first.serve.doubts);
}

}  // namespace socle::report
