#include "socle/report/model/model_report.hpp"
#include "socle/report/plan/plan_report.hpp"
#include "socle/report/plan/plan_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/sentences.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::report {
namespace {

using search::Plan;
using search::PlannedOffer;

std::string labels(const std::vector<cost::CostFactor>& factors) {
  std::string text;
  for (const cost::CostFactor factor : factors)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", catalog::facts_of(factor).label,
                        catalog::facts_of(factor).flag);
  return text;
}

// What the money of the table is, and what is in no sum because nobody stated it.
std::string money_note(const Plan& plan) {
  std::vector<cost::CostFactor> left_out;
  bool any = false;
  for (const PlannedOffer& offer : plan.offers) {
    if (!offer.money || !offer.cost) continue;
    any = true;
    for (const cost::CostFactor factor : offer.money->left_out) {
      if (std::find(left_out.begin(), left_out.end(), factor) == left_out.end()) left_out.push_back(factor);
    }
  }
  if (!any) return {};
  std::string note =
      "Money: the run's useful chip-hours, failures included, at the price of a useful chip-hour; own: built or "
      "colocated, "
      "whichever is cheaper, with capital, energy, space and maintenance, as long as the machines go on working "
      "afterwards at the utilisation that is taken; --basis rented leaves it out, and socle cost shows the parts.";
  if (!left_out.empty()) note += " In no sum, because nobody stated it: " + labels(left_out) + ".";
  return "\n" + wrap_text(note, 100, 0);
}

const char* way_word(const PlannedOffer& offer) {
  if (!offer.money || !offer.money->way) return "";
  switch (*offer.money->way) {
    case cost::Way::kBuild:
      return "build";
    case cost::Way::kColocate:
      return "colo";
    default:
      return "rent";
  }
}

std::string offers_table(const Plan& plan) {
  TextTable table({{"candidate"},
                   {"chips", Align::kRight},
                   {"step", Align::kRight},
                   {"MFU", Align::kRight},
                   {"finish", Align::kRight},
                   {"90 % range", Align::kRight},
                   {"own", Align::kRight},
                   {"rent", Align::kRight},
                   {"as"},
                   {"front"}});
  const auto step = column_unit(plan.offers, [](const PlannedOffer& offer) {
    return offer.best ? std::optional(offer.best->step.step_time) : std::nullopt;
  });
  const auto finish = column_unit(plan.offers, search::finish_of);
  const auto money = column_unit(plan.offers, &PlannedOffer::cost);
  for (const PlannedOffer& offer : plan.offers) {
    if (!offer.best) {
      table.add_row(
          {offer.name, offer.chips > 0 ? std::to_string(offer.chips) : "-", "-", "-", "-", "-", "-", "-", "", ""});
      continue;
    }
    const Seconds length = search::finish_of(offer);
    const bool has_run = length > Seconds{};
    // In the unit of the run, which stands beside it.
    const auto range = [&] {
      return finish.number(length * offer.range_low) + "-" + finish.number(length * offer.range_high);
    };
    table.add_row({offer.name, std::to_string(offer.chips), step.text(offer.best->step.step_time),
                   format_percent(offer.best->step.mfu), has_run ? finish.text(length) : "-", has_run ? range() : "-",
                   money.text(owned_cost(offer), "-"), money.text(rented_cost(offer), "-"), way_word(offer),
                   offer.on_front ? "yes" : "no"});
  }
  return table.str();
}

// How sure the order by money is: draws of all that is not sure, and the input that turns it.
std::string stability_text(const answer::PlanResult& result) {
  const search::Stability& stability = result.stability;
  if (stability.draws == 0) return {};
  TextTable table({{fmt::format("of {} draws", stability.draws)},
                   {"cheapest in", Align::kRight},
                   {"p50", Align::kRight},
                   {"p90", Align::kRight},
                   {"worst tenth", Align::kRight},
                   {"being wrong costs", Align::kRight}});
  const Currency currency = result.plan.offers[*result.plan.winner].cost->currency;
  const auto money = column_unit(stability.offers, [&](const std::optional<search::OfferDraws>& draws) {
    return draws ? std::optional(Money{draws->p90, currency}) : std::nullopt;
  });
  for (std::size_t i = 0; i < stability.offers.size(); ++i) {
    if (!stability.offers[i]) continue;
    const search::OfferDraws& draws = *stability.offers[i];
    table.add_row({result.plan.offers[i].name, format_percent(draws.wins), money.text(Money{draws.p50, currency}),
                   money.text(Money{draws.p90, currency}), money.text(Money{draws.worst_tenth, currency}),
                   money.text(Money{draws.p90 - draws.p50, currency})});
  }
  if (table.rows() == 0) return {};
  std::string text = "How firm it is\n" + table.str();
  if (table.rows() > 1)
    text +=
        "\n" + wrap_text(stability.turned_by.empty() ? "- no single input turns the order within its range"
                                                     : "- the order turns first by one input: " + stability.turned_by,
                         100, 2);
  return text + "\n";
}

// One bar per standing offer and quantity, the longest at full width.
std::string bars(const Plan& plan, const char* title, double (*value)(const PlannedOffer&)) {
  double most = 0;
  for (const PlannedOffer& offer : plan.offers) most = std::max(most, offer.best ? value(offer) : 0.0);
  if (most <= 0) return {};
  std::string text = fmt::format("{}\n", title);
  for (const PlannedOffer& offer : plan.offers) {
    if (!offer.best || value(offer) <= 0) continue;
    const std::string bar(static_cast<std::size_t>(std::max(1.0, 50.0 * value(offer) / most)), '#');
    text += fmt::format("  {:<28.28} {}{}\n", offer.name, bar, offer.on_front ? " *" : "");
  }
  return text;
}

std::string verdicts(const Plan& plan) {
  std::string text = "Verdicts\n";
  for (const PlannedOffer& offer : plan.offers) {
    text += wrap_text(fmt::format("- {}: {}.", offer.name, offer.verdict), 100, 2);
    if (offer.best)
      text += wrap_text(
          fmt::format("  layout: {}; {} layouts considered, {} estimated", workload::layout_text(offer.best->layout),
                      format_whole(offer.counts.considered), format_whole(offer.counts.estimated)),
          100, 4);
    for (std::size_t i = 1; i < offer.broken.size(); ++i)
      text += wrap_text(fmt::format("  also: {}", offer.broken[i]), 100, 4);
    for (const std::string& limit : offer.unjudged) text += wrap_text("  " + limit, 100, 4);
  }
  return text;
}

}  // namespace

std::string plan_text(const answer::PlanResult& result) {
  const Plan& plan = result.plan;
  std::string text =
      plan_title(result) + "\n" + model_line(result.model) + "\n\n" + offers_table(plan) + money_note(plan) + "\n";
  text += plan.winner ? fmt::format("Best: {}\n\n", plan.offers[*plan.winner].name)
                      : "No candidate stays within the limits.\n\n";
  text += stability_text(result) + verdicts(plan);
  const std::string time = bars(plan, "Time to finish (* = on the Pareto front)",
                                [](const PlannedOffer& o) { return search::finish_of(o).value(); });
  const std::string money = bars(plan, "Money", [](const PlannedOffer& o) { return o.cost ? o.cost->amount : 0.0; });
  const std::string energy =
      bars(plan, "Energy at rated power", [](const PlannedOffer& o) { return o.energy.value(); });
  const std::string pictures = time + money + energy;
  if (!pictures.empty()) text += "\n" + pictures;
  text += sentences_text("What would have to change for the runner-up to win", plan.turns);
  text += sentences_text("Assumptions", result.assumptions);
  text += sentences_text("Facts that rest on recall or estimate", result.doubts);
  return text;
}

}  // namespace socle::report
