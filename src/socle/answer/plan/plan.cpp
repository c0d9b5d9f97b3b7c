#include "socle/answer/plan/plan.hpp"

#include <utility>

#include "socle/answer/risk/goodput_range.hpp"
#include "socle/train/state_bytes.hpp"

namespace socle::answer {
namespace {

/// What failures leave of an offer's time in the layout that was found.
Feasible<cost::Factor> goodput_of(setup::RiskSetup risk, const model::Transformer& model, double optimizer_bytes,
                                  const search::PlannedOffer& offer) {
  risk.cluster.chips = offer.chips;
  JobFacts facts;
  facts.run = offer.run;
  facts.step = offer.best->step.step_time;
  facts.replicas = offer.best->layout.data_parallel;
  facts.checkpoint = checkpoint_size(model::count_parameters(model).total, optimizer_bytes);
  return goodput_factor(risk, risk_job(risk, facts, {}).job);
}

}  // namespace

PlanResult plan(setup::PlanSetup setup, const PlanOptions& options, Progress& progress) {
  for (std::size_t i = 0; i < setup.risks.size(); ++i) {
    const double optimizer_bytes = train::state_bytes(setup.job, setup.offers[i].machine.stack()).optimizer;
    setup.offers[i].goodput = [&model = setup.model, risk = setup.risks[i],
                               optimizer_bytes](const search::PlannedOffer& offer) {
      return goodput_of(risk, model, optimizer_bytes, offer);
    };
  }
  search::Plan plan =
      search::plan(setup.model, setup.job, setup.layout, setup.offers, setup.limits, options.threads, &progress);
  search::note_stacks(plan.offers, setup.assumptions);
  search::Stability stability;
  stability.offers.resize(plan.offers.size());
  if (plan.winner && plan.by_cost) stability = search::stability_of(plan, options.draws, options.seed);
  return {.model = std::move(setup.model),
          .job = setup.job,
          .precision = std::move(setup.precision),
          .plan = std::move(plan),
          .stability = std::move(stability),
          .assumptions = std::move(setup.assumptions),
          .doubts = std::move(setup.doubts)};
}

}  // namespace socle::answer
