#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

Shape figure_shape() {
  return {
      "figure",
      "A predicted figure with its range.",
      {{"value", "number", "The prediction."},
       {"low", "number",
        "Lower end of the 90 % range, from what the stack's measured runs left over; of all plausible stacks where "
        "none "
        "is stated."},
       {"high", "number", "Upper end of that range."},
       {"basis", "string",
        "What it rests on: calibrated (fitted on measured runs of this stack), stack assumed (of this chip, on "
        "other stacks, or no stack is stated), measured (kernels) or datasheet; behind a comma what else was taken."}}};
}

SchemaRows job_rows() {
  return {{"provenance", "provenance", "Version, command and inputs."},
          {"model", "string", "Name of the model."},
          {"cluster", "string", "Name of the cluster, with its number of nodes."},
          {"chips", "integer", "Chips of the cluster."},
          {"chip", "string", "The chip, by its slug in the catalogue."},
          {"precision", "string", "Recipe of number formats."},
          {"sequence_length", "integer", "Tokens of one sequence."},
          {"global_batch", "integer", "Sequences of one optimizer step."},
          {"microbatches", "integer", "Microbatches of one data-parallel rank in a step."},
          {"tokens", "number|null", "Tokens of the whole run; null: its length is not stated."},
          {"layout", "layout", "The layout, as given or the fastest that was found."},
          {"slice?", "object", "How the axes lie in slices whose links make a torus (TPU); absent for other chips."},
          {"slice.sides", "string", "Chips along the sides of a slice."},
          {"slice.slices", "integer", "Slices of the cluster."},
          {"slice.rings[]", "boolean", "By side: its links close to a ring."},
          {"slice.axes[]", "object", "The parallel axes of more than one rank."},
          {"slice.axes[].axis", "string", "The axis and its ranks."},
          {"slice.axes[].ranks", "integer", "Ranks of one group."},
          {"slice.axes[].stride", "integer", "Chips from one rank of a group to the next."},
          {"slice.axes[].slices", "integer", "Slices over which a group spreads."},
          {"slice.axes[].sides[]", "object", "The sides of a slice on which a group has more than one member."},
          {"slice.axes[].sides[].members", "integer", "Members along the side."},
          {"slice.axes[].sides[].stride", "integer", "Chips from one member to the next along the side."},
          {"slice.axes[].sides[].ring", "boolean", "The members go once round a side that closes."},
          {"flop_convention", "string", "How FLOPs of MFU and HFU are counted."}};
}

SchemaRows figure_rows_of_schema() {
  return {{"figures", "object", "The predicted figures; without failures and restarts."},
          {"figures.step_time_s", "figure", "Seconds of one optimizer step."},
          {"figures.tokens_per_s", "figure", "Tokens per second of the cluster."},
          {"figures.tokens_per_s_per_chip", "figure", "Tokens per second and chip."},
          {"figures.mfu", "figure", "Model FLOPs over the datasheet peak, a fraction; causal attention counted half."},
          {"figures.mfu_full_attention", "figure", "The same with attention counted over the full square."},
          {"figures.hfu", "figure", "FLOPs that the hardware executes, recompute included, over the peak; a fraction."},
          {"figures.energy_of_step_j?", "figure", "Joules of one step at rated power; absent: power is unknown."},
          {"figures.run_days?", "figure", "Days of the run; absent: its length in tokens is not stated."},
          {"figures.energy_of_run_j?", "figure", "Joules of the run at rated power; absent: power or length unknown."},
          {"figures.rent_of_run_usd?", "figure", "US dollars of rent for the run; absent: no rent in USD is given."},
          {"figures.rent_of_run_cny?", "figure", "Yuan of rent for the run; absent: no rent in CNY is given."},
          {"figures.hardware_of_run_usd?", "figure",
           "US dollars of bought nodes for the run, straight line over 5 years; absent: no price in USD is known."},
          {"figures.hardware_of_run_cny?", "figure",
           "Yuan of bought nodes for the run, straight line over 5 years; absent: no price in CNY is known."},
          {"figures.rated_power_w?", "figure", "Watts that all nodes are rated for; absent: unknown."},
          {"basis", "object", "What the figures rest on."},
          {"basis.measured_share_of_device_time", "number", "Fraction of device time from measured kernel tables."},
          {"basis.stack", "string", "The software stack, by its slug in the catalogue."},
          {"basis.stack_runs", "integer", "Measured runs that the stack was fitted on; 0: none."},
          {"basis.stack_error", "number", "Mean absolute relative error over those runs, a fraction."},
          {"basis.chip_runs", "integer", "Measured runs that the chip was fitted on; 0: none."},
          {"basis.power", "string", "Which power is meant; empty: it is unknown."},
          {"basis.price", "string", "Which price is meant; empty: none is known."},
          {"stacks", "stack_spread|null", "The plausible stacks, which the ranges cover; null: the stack is stated."}};
}

SchemaRows memory_rows() {
  return {{"memory", "object", "Memory of one chip, by pipeline stage."},
          {"memory.chip_bytes", "number", "Bytes that the chip has."},
          {"memory.relative_error", "number", "Relative error of the memory model, a fraction."},
          {"memory.fullest_stage", "integer", "Index in stages of the fullest, from 0."},
          {"memory.stages[]", "object", "The pipeline stages, the first first."},
          {"memory.stages[].weights_bytes", "number", "Bytes of weights."},
          {"memory.stages[].gradients_bytes", "number", "Bytes of gradients."},
          {"memory.stages[].optimizer_bytes", "number", "Bytes of optimizer states."},
          {"memory.stages[].activations_bytes", "number", "Bytes of activations at their peak."},
          {"memory.stages[].buffers_bytes", "number", "Bytes of buffers, workspaces and the reserve of the stack."},
          {"memory.stages[].total_bytes", "number", "Sum of the five."},
          {"memory.stages[].headroom", "number", "Share of the chip's memory that stays free; negative: missing."}};
}

SchemaRows waterfall_rows() {
  return {{"waterfall", "object", "Parts of the step time; they add up to it. A part may be slightly negative."},
          {"waterfall.ideal_s", "number", "Seconds of the model's FLOPs at datasheet peak."},
          {"waterfall.matrix_s", "number", "Seconds that matrix units need beyond that."},
          {"waterfall.attention_s", "number", "Seconds that attention needs beyond its peak."},
          {"waterfall.memory_bound_s", "number", "Seconds of operations that memory bandwidth limits."},
          {"waterfall.recompute_s", "number", "Seconds of activations computed again."},
          {"waterfall.tensor_parallel_s", "number", "Seconds of tensor-parallel communication that nothing hides."},
          {"waterfall.context_parallel_s", "number", "Seconds of context-parallel communication that nothing hides."},
          {"waterfall.expert_parallel_s", "number", "Seconds of expert all-to-all that nothing hides."},
          {"waterfall.sharded_weights_s", "number", "Seconds of gathering sharded weights that nothing hides."},
          {"waterfall.launches_s", "number", "Seconds in which the device waits for launches of the host."},
          {"waterfall.imbalance_s", "number", "Seconds of the busiest stage beyond the average one."},
          {"waterfall.bubble_s", "number", "Seconds of pipeline bubble and sends."},
          {"waterfall.data_parallel_s", "number", "Seconds of data-parallel communication that nothing hides."},
          {"waterfall.optimizer_s", "number", "Seconds of the optimizer."},
          {"waterfall.overhead_s", "number", "Seconds of the host once per step."},
          {"waterfall.jitter_s", "number", "Seconds of waiting for the slowest rank."}};
}

SchemaRows search_rows() {
  return {
      {"search?", "object", "How the layout was found; absent: it was given whole."},
      {"search.considered", "integer", "Layouts of the declared space: the sum of the next three and of estimated."},
      {"search.cut_divisibility", "integer", "Layouts whose sizes do not divide."},
      {"search.cut_memory", "integer", "Layouts of which a lower bound on memory exceeds the chip's."},
      {"search.cut_bound", "integer", "Layouts of which a lower bound on time exceeds the best."},
      {"search.estimated", "integer", "Layouts estimated in closed form."},
      {"search.replayed", "integer", "Layouts of these whose schedule was replayed task by task."},
      {"search.infeasible", "object", "Infeasible layouts by reason."},
      {"search.infeasible.*", "integer", "Layouts refused for the reason that the key names."},
      {"search.proven", "boolean", "By the closed form nothing in the declared space beats the first."},
      {"search.best[]", "object", "The fastest layouts, the fastest first."},
      {"search.best[].step_time_s", "number", "Seconds of one optimizer step."},
      {"search.best[].mfu", "number", "MFU, causal attention, a fraction."},
      {"search.best[].layout", "layout", "The layout."}};
}

SchemaRows verdict_rows() {
  return {{"limits?", "object", "How the run stands against the limits that were set; absent: none was."},
          {"limits.kept", "boolean", "No limit is broken."},
          {"limits.broken[]", "string", "A limit that is broken, with need, limit and by how much."},
          {"limits.not_judged[]", "string", "A limit that cannot be judged, with the fact that is missing."}};
}

SchemaRows sensitivity_rows() {
  return {{"sensitivity[]?", "object", "What single assumptions move, most first; absent: not asked for (--explain)."},
          {"sensitivity[].assumption", "string", "The assumption with the edges of its plausible range."},
          {"sensitivity[].step_time_low_s", "number", "Seconds of a step at the favourable edge."},
          {"sensitivity[].step_time_high_s", "number", "Seconds of a step at the unfavourable edge."}};
}

SchemaRows network_rows() {
  return {{"network?", "object", "What the flow simulation found; absent: the network is in closed form."},
          {"network.kind", "string", "How the network was estimated.", {"flow"}},
          {"network.fabric", "string", "The fabric in one line."},
          {"network.routing", "string", "Its routing in one line."},
          {"network.closed_form_step_time_s", "number", "Seconds of a step by closed forms, which see no contention."},
          {"network.patterns[]", "object", "The patterns of messages between scale-up domains that were simulated."},
          {"network.patterns[].pattern",
           "string",
           "What the messages make.",
           {"rings between domains", "double binary trees", "all pairs"}},
          {"network.patterns[].ranks", "integer", "Ranks of one group."},
          {"network.patterns[].per_domain", "integer", "Ranks of a group in one scale-up domain."},
          {"network.patterns[].stride", "integer", "Chips from one rank of a group to the next."},
          {"network.patterns[].flows", "integer", "Flows that run at once, of all groups of all jobs."},
          {"network.patterns[].slowdown", "number", "Time over that of a sender alone; 1: no link is shared."},
          {"network.patterns[].latency_s", "number", "Seconds of one message without its bytes."},
          {"network.patterns[].seconds_per_byte", "number", "Seconds per byte of each sender until all have arrived."},
          {"network.patterns[].method", "string", "How it was found: a closed form or simulation."},
          {"network.placements[]", "object", "Other places of nodes and orders of axes; empty: not asked for."},
          {"network.placements[].placement", "string", "How nodes stand on hosts."},
          {"network.placements[].order", "string", "Order in which the axes are placed."},
          {"network.placements[].step_time_s", "number", "Seconds of a step."},
          {"network.assumptions[]", "string", "What the simulation takes for granted, a sentence each."}};
}

}  // namespace

Schema train_schema() {
  SchemaRows answer = job_rows();
  for (const SchemaRows& rows : {figure_rows_of_schema(), memory_rows(), waterfall_rows(), verdict_rows(),
                                 search_rows(), sensitivity_rows(), sentence_rows(), network_rows()})
    answer = joined(std::move(answer), rows);
  const SchemaRows infeasible{{"provenance", "provenance", "Version, command and inputs."},
                              {"infeasible", "object", "Why the job cannot run so."},
                              {"infeasible.reason", "string", "A word for the reason, such as memory."},
                              {"infeasible.detail", "string", "What is needed and what there is."},
                              {"infeasible.remedy", "string", "The nearest change that would make it feasible."}};
  return {"socle.train/1",
          "One training job on one cluster: `socle train`, and `socle fabric simulate --traffic step`.",
          {{"answer", "the job can run", std::move(answer)},
           {"infeasible", "it cannot: no layout fits or divides", infeasible}},
          {provenance_shape(), layout_shape(), stack_spread_shape(), figure_shape()}};
}

}  // namespace socle::report
