#include "socle/report/schemas.hpp"

namespace socle::report {

Schema plan_schema() {
  SchemaRows rows{
      {"provenance", "provenance", "Version, command and inputs."},
      {"title", "string", "The job in one line."},
      {"offers[]", "object", "The candidates, in the order given."},
      {"offers[].name", "string", "Name of the candidate."},
      {"offers[].nodes", "integer", "Nodes, as given or the fewest that meet the deadline; 0: no number was tried."},
      {"offers[].chips", "integer", "Chips of these nodes; 0: no number was tried."},
      {"offers[].feasible", "boolean", "Some layout fits and, where nodes were to be counted, meets the deadline."},
      {"offers[].on_front", "boolean", "No other within the limits is better in time, money and energy at once."},
      {"offers[].verdict", "string", "Why it wins, or why it loses."},
      {"offers[].layout?", "layout", "The fastest layout; this and the next ones are absent without feasible."},
      {"offers[].stack?", "string", "The software stack, by its slug."},
      {"offers[].stacks?", "stack_spread|null", "The plausible stacks, which ranges cover; null: it is stated."},
      {"offers[].step_time_s?", "number", "Seconds of one optimizer step."},
      {"offers[].mfu?", "number", "MFU, causal attention, a fraction."},
      {"offers[].run_s?", "number", "Seconds of the run without failures."},
      {"offers[].run_low_s?", "number", "Lower end of its 90 % range, in seconds."},
      {"offers[].run_high_s?", "number", "Upper end of its 90 % range, in seconds."},
      {"offers[].energy_j?", "number|null", "Joules of the run at rated power; null: power is unknown."},
      {"offers[].power_w?", "number|null", "Watts that all nodes are rated for; null: unknown."},
      {"offers[].cost?", "money|null", "Of the run, failures included, the cheapest way within limits; null: unknown."},
      {"offers[].cost_basis?", "string", "That way: build, colocate, rent on demand, rent reserved; empty: unknown."},
      {"offers[].capex?", "money|null", "Purchase of all nodes; null: no price is known."},
      {"offers[].finish_s?", "number", "Seconds until the run is finished, failures included."},
      {"offers[].goodput?", "number", "Share of that time that failures leave."},
      {"offers[].cost_owned?", "money|null", "Built or colocated, whichever is cheaper; null: unknown."},
      {"offers[].cost_rented?", "money|null", "Rented on demand or reserved, whichever is cheaper; null: unknown."},
      {"offers[].cheapest_in_draws?", "number|null", "Share of draws in which its run costs least; null: not drawn."},
      {"offers[].cost_p50?", "number|null", "Median of its cost over the draws, in the currency of cost."},
      {"offers[].cost_p90?", "number|null", "90th percentile."},
      {"offers[].cost_worst_tenth?", "number|null", "Mean of the draws beyond it."},
      {"offers[].considered?", "integer", "Layouts of the declared space."},
      {"offers[].estimated?", "integer", "Layouts of these that were estimated; the others were ruled out."},
      {"offers[].broken_limits[]", "string", "A limit that it breaks, with need and limit."},
      {"offers[].not_judged[]", "string", "A limit that a missing fact leaves unjudged."},
      {"winner", "string|null", "Name of the best; null: none stays within the limits."},
      {"runner_up", "string|null", "Name of the second; null: there is none."},
      {"draws", "integer", "Of everything that is not sure; 0: money does not decide."},
      {"turned_by", "string", "The one input that turns the order with the smallest move; empty: none does."},
      {"turns[]", "string", "What would have to change for the runner-up to win, a sentence each."}};
  return {"socle.plan/1",
          "Which of several clusters to buy or rent for a job: `socle plan`.",
          {{"", "", joined(std::move(rows), sentence_rows())}},
          {provenance_shape(), layout_shape(), stack_spread_shape(), money_shape()}};
}

}  // namespace socle::report
