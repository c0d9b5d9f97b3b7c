#include "socle/report/layout_json.hpp"
#include "socle/report/plan/plan_report.hpp"
#include "socle/report/plan/plan_words.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/stack_spread_json.hpp"

namespace socle::report {

using search::PlannedOffer;

Json plan_json(const answer::PlanResult& result, const std::vector<InputText>& inputs) {
  Json document = Json::object(
      {{"schema", "socle.plan/1"}, {"provenance", provenance("plan", inputs)}, {"title", plan_title(result)}});
  Json offers = Json::array();
  const auto money = [](const std::optional<Money>& m) {
    return m ? Json::object({{"amount", m->amount}, {"currency", currency_name(m->currency)}}) : Json();
  };
  for (std::size_t i = 0; i < result.plan.offers.size(); ++i) {
    const PlannedOffer& offer = result.plan.offers[i];
    Json entry = Json::object({{"name", offer.name},
                               {"nodes", offer.nodes},
                               {"chips", offer.chips},
                               {"feasible", offer.best.has_value()},
                               {"on_front", offer.on_front},
                               {"verdict", offer.verdict}});
    if (offer.best) {
      entry.set("stack", offer.stack).set("stacks", offer.stacks ? stack_spread_json(*offer.stacks) : Json());
      entry.set("layout", layout_json(offer.best->layout))
          .set("step_time_s", offer.best->step.step_time.value())
          .set("mfu", offer.best->step.mfu);
      entry.set("run_s", offer.run.value())
          .set("run_low_s", (offer.run * offer.range_low).value())
          .set("run_high_s", (offer.run * offer.range_high).value());
      entry.set("energy_j", offer.energy > Joules{} ? Json(offer.energy.value()) : Json())
          .set("power_w", offer.power > Watts{} ? Json(offer.power.value()) : Json());
      entry.set("cost", money(offer.cost)).set("cost_basis", offer.cost_basis).set("capex", money(offer.capex));
      entry.set("finish_s", search::finish_of(offer).value()).set("goodput", offer.money->goodput);
      entry.set("cost_owned", money(owned_cost(offer))).set("cost_rented", money(rented_cost(offer)));
      const auto& draws = result.stability.offers[i];
      entry.set("cheapest_in_draws", draws ? Json(draws->wins) : Json());
      entry.set("cost_p50", draws ? Json(draws->p50) : Json()).set("cost_p90", draws ? Json(draws->p90) : Json());
      entry.set("cost_worst_tenth", draws ? Json(draws->worst_tenth) : Json());
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
  document.set("draws", result.stability.draws).set("turned_by", result.stability.turned_by);
  document.set("turns", sentences_json(result.plan.turns))
      .set("assumptions", sentences_json(result.assumptions))
      .set("doubts", sentences_json(result.doubts));
  return document;
}

}  // namespace socle::report
