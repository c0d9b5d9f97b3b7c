#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/cost/cost_report.hpp"

namespace socle::report {

std::string holding_text(const answer::CostResult& result) {
  if (!result.holding) return {};
  const cost::HoldingQuestion& question = result.holding->question;
  const cost::Holding& decision = result.holding->decision;
  const Currency currency = result.setup.currency;
  const auto money = unit_for(Money{decision.cost_for_mean, currency});
  const auto amount = [&](double value) { return format_money(Money{value, currency}); };
  std::string text =
      fmt::format("\nHow many to hold\n  hold {} chips ({}), rent on demand what is missing: {} a year expected\n",
                  format_whole(decision.held), cost::way_name(result.holding->way), amount(decision.cost));
  TextTable table({{"chips with work", Align::kRight},
                   {"share", Align::kRight},
                   {"held, at work", Align::kRight},
                   {"held, idle", Align::kRight},
                   {"rented", Align::kRight},
                   {fmt::format("a year, {}", money.name(currency)), Align::kRight}});
  for (const cost::HoldingOutcome& one : decision.outcomes)
    table.add_row({format_whole(one.demand.chips), format_percent(one.demand.share), format_whole(one.at_work),
                   format_whole(one.idle), format_whole(one.rented), money.number(Money{one.cost, currency})});
  text += "\n" + table.str() + "\n";
  text += fmt::format("  - a chip and year: {} held and idle, {} held and at work, {} rented ({})\n",
                      format_number(question.idle), format_number(question.at_work), format_number(question.rented),
                      currency_name(currency));
  text += fmt::format("  - the worst tenth of the cases costs {} on average\n", amount(decision.worst_tenth));
  text += fmt::format("  - to know the demand beforehand would save {} (EVPI)\n", amount(decision.knowing_saves()));
  text += fmt::format("  - to plan for the mean demand would hold {} and cost {} more (VSS)\n",
                      format_whole(decision.held_for_mean), amount(decision.planning_saves()));
  if (decision.budget_worth)
    text += *decision.budget_worth > 0
                ? fmt::format("  - each {} more of the budget ({}) would save {}\n", currency_name(currency),
                              amount(*question.budget), format_number(*decision.budget_worth, 3))
                : fmt::format("  - the budget ({}) does not bind\n", amount(*question.budget));
  return text;
}

Json holding_json(const answer::CostResult& result) {
  if (!result.holding) return {};
  const cost::HoldingQuestion& question = result.holding->question;
  const cost::Holding& decision = result.holding->decision;
  Json cases = Json::array(), json = Json::object();
  for (const cost::HoldingOutcome& one : decision.outcomes)
    cases.push(std::move(Json::object()
                             .set("share", one.demand.share)
                             .set("chips", one.demand.chips)
                             .set("at_work", one.at_work)
                             .set("idle", one.idle)
                             .set("rented", one.rented)
                             .set("cost", one.cost)));
  json.set("way", cost::way_key(result.holding->way)).set("held", decision.held).set("cost", decision.cost);
  json.set("idle_chip_year", question.idle).set("working_chip_year", question.at_work);
  json.set("rented_chip_year", question.rented).set("worst_tenth", decision.worst_tenth);
  json.set("cost_if_known", decision.known_demand).set("knowing_saves", decision.knowing_saves());
  json.set("held_for_mean", decision.held_for_mean).set("cost_for_mean", decision.cost_for_mean);
  json.set("planning_saves", decision.planning_saves());
  json.set("budget", question.budget ? Json(*question.budget) : Json());
  json.set("budget_worth", decision.budget_worth ? Json(*decision.budget_worth) : Json());
  return std::move(json.set("cases", std::move(cases)));
}

SchemaRows holding_rows() {
  return {{"holding", "object|null", "How many chips to hold for a demand that is not sure; null: none is stated."},
          {"holding.way", "string", "How they are held.", {"build", "colocate", "reserved"}},
          {"holding.held", "integer", "Chips to hold."},
          {"holding.cost", "number", "Of a year, expected over the cases."},
          {"holding.idle_chip_year", "number", "Of a chip that is held, without work."},
          {"holding.working_chip_year", "number", "Of one that is held and at work."},
          {"holding.rented_chip_year", "number", "Of one that is rented on demand for the same work."},
          {"holding.worst_tenth", "number", "Mean cost of the worst tenth of the cases."},
          {"holding.cost_if_known", "number", "Expected, if each case were known beforehand."},
          {"holding.knowing_saves", "number", "Expected value of perfect information."},
          {"holding.held_for_mean", "integer", "Chips that who plans for the mean demand holds."},
          {"holding.cost_for_mean", "number", "Expected, of that."},
          {"holding.planning_saves", "number", "Value of the stochastic solution."},
          {"holding.budget", "number|null", "Most that a year of idle held chips may cost; null: no limit."},
          {"holding.budget_worth", "number|null",
           "Fall of the expected cost for each unit more of it; null: there is none."},
          {"holding.cases[]", "object", "The cases, as stated."},
          {"holding.cases[].share", "number", "Its probability."},
          {"holding.cases[].chips", "integer", "Chips that have work."},
          {"holding.cases[].at_work", "integer", "Of those held."},
          {"holding.cases[].idle", "integer", "Of those held."},
          {"holding.cases[].rented", "integer", "On demand."},
          {"holding.cases[].cost", "number", "Of the year."}};
}

}  // namespace socle::report
