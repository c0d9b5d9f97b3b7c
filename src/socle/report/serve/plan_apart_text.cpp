#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/serve/plan_words.hpp"
#include "socle/setup/serve_setup.hpp"

namespace socle::report {
namespace {

constexpr int kWidth = 110;

using answer::ApartFleet;
using answer::PlanEntry;
using answer::PlanVerdict;
using answer::ServePlanResult;

std::string side_text(const ServePlanResult& result, const char* kind, const PlanEntry& e, double busy) {
  return fmt::format(
      "  {} {} {} of {}, max_num_seqs {}, max_num_batched_tokens {}:\n"
      "    each carries {:.4g} requests/s alone; busy {} of the time\n",
      e.replicas, kind, e.replicas == 1 ? "replica" : "replicas", plan_configuration(result, e), e.max_num_seqs,
      e.max_num_batched_tokens, e.capacity, format_percent(busy));
}

/// Cost of the rate if replicas could be parts of one.
double unrounded(const ServePlanResult& result, const PlanEntry& e) {
  return e.cost / e.replicas * result.rate / e.capacity;
}

/// Why the dearer of two is dearer: by what a replica carries, or only because replicas are whole.
std::string why_dearer(const ServePlanResult& result, const ApartFleet& apart, const PlanEntry& together) {
  const bool apart_lost = apart.cost() >= together.cost;
  const double of_apart = unrounded(result, apart.prefill) + unrounded(result, apart.decode);
  const double of_together = unrounded(result, together);
  const std::string parts = fmt::format("without rounding to whole replicas {} apart and {} together",
                                        plan_cost_text(result, of_apart), plan_cost_text(result, of_together));
  if (apart_lost && apart.cost() == together.cost) return "at the same cost together is simpler; " + parts;
  if (apart_lost)
    return (of_apart >= of_together ? "apart, the replicas carry less for what they cost: "
                                    : "apart, whole replicas of two sides leave more idle: ") +
           parts;
  return (of_together >= of_apart ? "together, prompts in the steps of decodes cost more than the transfer of caches: "
                                  : "together, whole replicas leave more idle: ") +
         parts;
}

std::string no_fleet_text(const ServePlanResult& result) {
  const auto holds = [](const std::vector<PlanEntry>& side) {
    return std::any_of(side.begin(), side.end(), [](const PlanEntry& e) { return e.verdict == PlanVerdict::kHolds; });
  };
  const auto nearest = [&](const std::vector<PlanEntry>& side) {
    const auto slow =
        std::find_if(side.begin(), side.end(), [](const PlanEntry& e) { return e.verdict == PlanVerdict::kTooSlow; });
    return slow == side.end() ? std::string() : ": " + plan_configuration(result, *slow) + " (" + slow->why + ")";
  };
  const answer::ApartPlan& plan = *result.apart;
  if (!holds(plan.prefills)) return "prompts apart: no prefill replica keeps TTFT" + nearest(plan.prefills) + "\n";
  if (!holds(plan.decodes)) return "prompts apart: no decode replica keeps TPOT" + nearest(plan.decodes) + "\n";
  return "prompts apart: no prefill and decode replicas of one vendor and format hold together\n";
}

}  // namespace

std::string apart_fleet_text(const ServePlanResult& result) {
  const ApartFleet& fleet = *result.apart->found;
  std::string text = fmt::format(
      "Prompts apart from decodes, weights {}, cache {}: {}; {:.4g} requests/s are "
      "asked:\n",
      plan_formats_text(fleet.decode.formats), setup::kv_format_name(fleet.decode.formats.kv),
      plan_chips_text(result, fleet.chips(), fleet.cost()), result.rate);
  const answer::ApartFigures& apart = *fleet.figures.apart;
  text += side_text(result, "prefill", fleet.prefill, apart.prefill_busy_share);
  text += side_text(result, "decode", fleet.decode, apart.decode_busy_share);
  text += fmt::format("transfers of caches take {} on average, p99 {}\n", format_seconds(apart.transfer_mean),
                      format_seconds(apart.transfer_p99));
  return text + plan_figures_text(result, fleet.figures) + plan_price_text(result, fleet.cost(), fleet.figures);
}

std::string apart_reason_text(const ServePlanResult& result) {
  if (!result.apart) return {};
  const answer::ApartPlan& plan = *result.apart;
  const bool together = !result.entries.empty() && result.entries.front().verdict == PlanVerdict::kBest;
  if (!plan.found) return "\n" + no_fleet_text(result);
  const ApartFleet& fleet = *plan.found;
  if (!fleet.holds)
    return fmt::format("\nprompts apart: {}, keep the objectives for {} of the requests only\n",
                       plan_chips_text(result, fleet.chips(), fleet.cost()), format_percent(fleet.figures.share_met));
  if (!together) return "\ntogether: no configuration keeps the objectives, see below\n";
  const PlanEntry& e = result.entries.front();
  std::string text = result.apart_wins()
                         ? fmt::format("\ntogether: {} replicas of {}: {}\n", e.replicas, plan_configuration(result, e),
                                       plan_chips_text(result, e.chips, e.cost))
                         : "\n" + apart_fleet_text(result);
  return text + wrap_text(why_dearer(result, fleet, e), kWidth, 2).substr(2);
}

std::string apart_counts_text(const ServePlanResult& result) {
  if (!result.apart) return {};
  const auto simulated = [](const std::vector<PlanEntry>& side) {
    return std::count_if(side.begin(), side.end(), [](const PlanEntry& e) {
      return e.verdict == PlanVerdict::kHolds || e.verdict == PlanVerdict::kNever;
    });
  };
  const answer::ApartPlan& plan = *result.apart;
  return fmt::format(
      "apart: {} configurations of prefill replicas, {} simulated; {} of decode replicas, {} simulated\n",
      plan.prefills.size(), simulated(plan.prefills), plan.decodes.size(), simulated(plan.decodes));
}

}  // namespace socle::report
