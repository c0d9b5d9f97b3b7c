#include "socle/report/plan/plan_report.hpp"
#include "socle/report/model/model_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/layout_json.hpp"
#include "socle/report/sentences.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::report {
namespace {

using search::Plan;
using search::PlannedOffer;

// Rent and a purchase's share are two kinds of money: each row says which.
std::string basis_word(const PlannedOffer& offer) {
  return !offer.cost ? "" : offer.cost_basis == "rent" ? "rent" : "bought";
}

// What the money of the table is, and what a later reckoning has to add.
std::string money_note(const Plan& plan) {
  const auto any = [&](const char* word) {
    return std::any_of(plan.offers.begin(), plan.offers.end(),
                       [&](const PlannedOffer& offer) { return offer.best && basis_word(offer) == word; });
  };
  std::string note;
  if (any("rent")) note += " rent: as given, for the run; what the landlord includes is in it.";
  if (any("bought"))
    note +=
        " bought: the run's share of the nodes' price, straight line over 5 years; power, space, staff, network and "
        "failures are not in it.";
  if (any("rent") && any("bought")) note += " The two are not the same kind of money.";
  return note.empty() ? note : "\n" + wrap_text("Money:" + note, 100, 0);
}

std::string offers_table(const Plan& plan) {
  TextTable table({{"candidate"},
                   {"chips", Align::kRight},
                   {"step", Align::kRight},
                   {"MFU", Align::kRight},
                   {"run", Align::kRight},
                   {"90 % range", Align::kRight},
                   {"money", Align::kRight},
                   {"as"},
                   {"energy", Align::kRight},
                   {"front"}});
  const auto step = column_unit(plan.offers, [](const PlannedOffer& offer) {
    return offer.best ? std::optional(offer.best->step.step_time) : std::nullopt;
  });
  const auto run = column_unit(plan.offers, &PlannedOffer::run);
  const auto money = column_unit(plan.offers, &PlannedOffer::cost);
  const auto energy = column_unit(plan.offers, &PlannedOffer::energy);
  for (const PlannedOffer& offer : plan.offers) {
    if (!offer.best) {
      table.add_row(
          {offer.name, offer.chips > 0 ? std::to_string(offer.chips) : "-", "-", "-", "-", "-", "-", "", "-", ""});
      continue;
    }
    const bool has_run = offer.run > Seconds{};
    // In the unit of the run, which stands beside it.
    const auto range = [&] {
      return run.number(offer.run * offer.range_low) + "-" + run.number(offer.run * offer.range_high);
    };
    table.add_row({offer.name, std::to_string(offer.chips), step.text(offer.best->step.step_time),
                   format_percent(offer.best->step.mfu), has_run ? run.text(offer.run) : "-", has_run ? range() : "-",
                   money.text(offer.cost, "-"), basis_word(offer),
                   offer.energy > Joules{} ? energy.text(offer.energy) : "-", offer.on_front ? "yes" : "no"});
  }
  return table.str();
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

std::string title_of(const answer::PlanResult& result) {
  const workload::TrainingJob& job = result.job;
  return fmt::format("{}, {}{}, sequence {}, global batch {}: {} candidate{}", result.model.name,
                     job.total_tokens > Tokens{} ? format_tokens(job.total_tokens) + ", " : "", result.precision,
                     job.sequence_length, job.global_batch, result.plan.offers.size(),
                     result.plan.offers.size() == 1 ? "" : "s");
}

}  // namespace

std::string plan_text(const answer::PlanResult& result) {
  const Plan& plan = result.plan;
  std::string text =
      title_of(result) + "\n" + model_line(result.model) + "\n\n" + offers_table(plan) + money_note(plan) + "\n";
  text += plan.winner ? fmt::format("Best: {}\n\n", plan.offers[*plan.winner].name)
                      : "No candidate stays within the limits.\n\n";
  text += verdicts(plan);
  const std::string time =
      bars(plan, "Run time (* = on the Pareto front)", [](const PlannedOffer& o) { return o.run.value(); });
  const std::string money = bars(plan, "Money", [](const PlannedOffer& o) { return o.cost ? o.cost->amount : 0.0; });
  const std::string energy = bars(plan, "Energy", [](const PlannedOffer& o) { return o.energy.value(); });
  const std::string pictures = time + money + energy;
  if (!pictures.empty()) text += "\n" + pictures;
  text += sentences_text("What would have to change for the runner-up to win", plan.turns);
  text += sentences_text("Assumptions", result.assumptions);
  text += sentences_text("Facts that rest on recall or estimate", result.doubts);
  return text;
}

Json plan_json(const answer::PlanResult& result, const std::vector<InputText>& inputs) {
  Json document = Json::object(
      {{"schema", "socle.plan/1"}, {"provenance", provenance("plan", inputs)}, {"title", title_of(result)}});
  Json offers = Json::array();
  const auto money = [](const std::optional<Money>& m) {
    return m ? Json::object({{"amount", m->amount}, {"currency", currency_name(m->currency)}}) : Json();
  };
  for (const PlannedOffer& offer : result.plan.offers) {
    Json entry = Json::object({{"name", offer.name},
                               {"nodes", offer.nodes},
                               {"chips", offer.chips},
                               {"feasible", offer.best.has_value()},
                               {"on_front", offer.on_front},
                               {"verdict", offer.verdict}});
    if (offer.best) {
      entry.set("layout", layout_json(offer.best->layout))
          .set("step_time_s", offer.best->step.step_time.value())
          .set("mfu", offer.best->step.mfu);
      entry.set("run_s", offer.run.value())
          .set("run_low_s", (offer.run * offer.range_low).value())
          .set("run_high_s", (offer.run * offer.range_high).value());
      entry.set("energy_j", offer.energy > Joules{} ? Json(offer.energy.value()) : Json())
          .set("power_w", offer.power > Watts{} ? Json(offer.power.value()) : Json());
      entry.set("cost", money(offer.cost)).set("cost_basis", offer.cost_basis).set("capex", money(offer.capex));
      entry.set("considered", static_cast<std::size_t>(offer.counts.considered))
          .set("estimated", static_cast<std::size_t>(offer.counts.estimated));
    }
    Json broken = Json::array();
    for (const std::string& limit : offer.broken) broken.push(limit);
    entry.set("broken_limits", broken).set("not_judged", sentences_json(offer.unjudged));
    offers.push(entry);
  }
  document.set("offers", offers);
  document.set("winner", result.plan.winner ? Json(result.plan.offers[*result.plan.winner].name) : Json());
  document.set("runner_up", result.plan.runner_up ? Json(result.plan.offers[*result.plan.runner_up].name) : Json());
  document.set("turns", sentences_json(result.plan.turns))
      .set("assumptions", sentences_json(result.assumptions))
      .set("doubts", sentences_json(result.doubts));
  return document;
}

}  // namespace socle::report
