#include "socle/report/train/flow_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

const char* pattern_name(comm::Pattern pattern) {
  switch (pattern) {
    case comm::Pattern::kRing:
      return "rings between domains";
    case comm::Pattern::kTwoTrees:
      return "double binary trees";
    case comm::Pattern::kNext:
      return "to the next domain";
    case comm::Pattern::kAllPairs:
      break;
  }
  return "all pairs";
}

}  // namespace

std::string flow_text(const answer::FlowOutcome& outcome) {
  const auto unit = unit_for(outcome.step);
  std::string text =
      fmt::format("\nNetwork by flow simulation: step {} ({} by closed forms, which see no contention)\n",
                  unit.text(outcome.step), unit.text(outcome.closed_form_step));
  text += wrap_text(outcome.fabric, 98, 2) + wrap_text("Routing: " + outcome.routing, 98, 2);
  TextTable table({{"Messages"},
                   {"ranks", Align::kRight},
                   {"chips apart", Align::kRight},
                   {"flows at once", Align::kRight},
                   {"slowed by", Align::kRight},
                   {"found by"}});
  for (const auto& use : outcome.uses) {
    table.add_row({pattern_name(use.pattern), fmt::format("{}", use.group.ranks), fmt::format("{}", use.group.stride),
                   format_whole(use.cost.flows), fmt::format("{:.2f}x", use.cost.slowdown), use.cost.method});
  }
  if (table.rows() > 0) text += "\n" + table.str();
  TextTable compared(
      {{"Placement of nodes"}, {"Order of axes"}, {"step", Align::kRight}, {"over the best", Align::kRight}});
  Seconds best{1e300};
  for (const answer::PlacedStep& row : outcome.placements) best = std::min(best, row.step);
  for (const answer::PlacedStep& row : outcome.placements) {
    compared.add_row({row.placement, row.order, unit.text(row.step), format_signed_percent(row.step / best - 1)});
  }
  if (compared.rows() > 0) text += "\n" + compared.str();
  for (const std::string& sentence : outcome.assumptions) text += wrap_text(sentence, 98, 2);
  return text;
}

Json flow_json(const answer::FlowOutcome& outcome) {
  Json patterns = Json::array(), rows = Json::array();
  for (const auto& use : outcome.uses) {
    patterns.push(Json::object({{"pattern", pattern_name(use.pattern)},
                                {"ranks", use.group.ranks},
                                {"per_domain", use.group.per_domain},
                                {"stride", use.group.stride},
                                {"flows", static_cast<std::int64_t>(use.cost.flows)},
                                {"slowdown", use.cost.slowdown},
                                {"latency_s", use.cost.latency.value()},
                                {"seconds_per_byte", use.cost.per_byte.value()},
                                {"method", use.cost.method}}));
  }
  for (const answer::PlacedStep& row : outcome.placements)
    rows.push(Json::object({{"placement", row.placement}, {"order", row.order}, {"step_time_s", row.step.value()}}));
  return Json::object({{"kind", "flow"},
                       {"fabric", outcome.fabric},
                       {"routing", outcome.routing},
                       {"closed_form_step_time_s", outcome.closed_form_step.value()},
                       {"patterns", std::move(patterns)},
                       {"placements", std::move(rows)},
                       {"assumptions", sentences_json(outcome.assumptions)}});
}

}  // namespace socle::report
