#include "socle/answer/validate/predict_case.hpp"

#include "socle/catalog/stacks.hpp"
#include "socle/model/recipe_names.hpp"

namespace socle::answer {

using workload::Layout;
using workload::Recompute;
using workload::Sharding;

catalog::Stack case_stack(const TrainingCase& c, const std::vector<catalog::Stack>& stacks, const catalog::Chip& chip) {
  catalog::Stack stack = catalog::stack_of_source(stacks, c.source, c.year, catalog::chip_kind(chip));
  if (c.graph_share) stack.graph_share = *c.graph_share;
  return stack;
}

ValidationRow step_row(const TrainingCase& c) {
  ValidationRow row;
  row.id = c.id;
  row.source = c.source;
  row.chip = c.chip;
  row.chips = c.chips;
  row.metric = "step_s";
  row.measured = c.step_s;
  return row;
}

namespace {

void apply_overlaps(const TrainingCase& c, const catalog::Stack& stack, Layout& layout) {
  const auto said = [&](std::string_view words) { return c.overlap_notes.find(words) != std::string::npos; };
  const bool none = said("no overlap");
  layout.overlap_grad_reduce = !none && (stack.overlap_grad_reduce || said("grad reduce") || said("grad-reduce"));
  layout.overlap_param_gather = !none && (stack.overlap_param_gather || said("param gather") || said("param-gather"));
  layout.overlap_tensor_parallel =
      !none && (stack.overlap_tensor_parallel || said("tp comm overlap") || said("TP comm overlap"));
  layout.overlap_expert_parallel = !none && (stack.overlap_expert_parallel || said("a2a overlap on"));
  layout.sequence_parallel = layout.tensor_parallel > 1 && c.sequence_parallel.value_or(c.year >= 2023);
  layout.reshard_after_forward = layout.reshards_by_default();
  if (!c.sharding_known && stack.distributed_optimizer && !c.job.lora) layout.sharding = Sharding::kZero1;
}

}  // namespace

Feasible<CasePrediction> predict_case(const machine::MachineBuilder& machines, const TrainingCase& c,
                                      const catalog::Stack& stack,
                                      const std::optional<catalog::ChipCalibration>& calibration) {
  machine::MachineRequest request{
      .chip = c.chip, .chips_per_node = c.chips_per_node, .scale_up_domain = c.scale_up_domain, .nic_per_chip = {}};
  request.calibration = calibration;
  if (c.nic_gbit_per_chip > 0) request.nic_per_chip = BytesPerSecond{c.nic_gbit_per_chip * 1e9 / 8.0};
  const catalog::Chip& chip = machines.chip(c.chip);
  if (chip.torus)
    request.slice = catalog::default_slice(
        *chip.torus, c.chips, c.scale_up_domain > 0 ? c.scale_up_domain : chip.scale_up_domain.value_or(c.chips));
  const machine::Machine machine = machines.build(request, stack);
  workload::TrainingJob job = c.job;
  job.dropout = stack.dropout;
  if (stack.adapts_all_matrices) job.lora_targets = workload::LoraTargets::kAll;
  if (!c.precision_known && !stack.default_precision.empty())
    job.recipe = model::recipe_of_name(stack.default_precision).value_or(job.recipe);
  CasePrediction prediction;
  prediction.layout = c.layout;
  apply_overlaps(c, stack, prediction.layout);
  // Unknown recompute: the least that fits. Layers of PyTorch's modules have no recompute of cheap parts; their switch
  // is off, by operator or full.
  const std::vector<Recompute> tries =
      c.recompute_known    ? std::vector<Recompute>{c.layout.recompute}
      : stack.op_selective ? std::vector<Recompute>{Recompute::kNone, Recompute::kOpSelective, Recompute::kFull}
                           : std::vector<Recompute>{Recompute::kNone, Recompute::kSelective, Recompute::kFull};
  for (const Recompute recompute : tries) {
    prediction.layout.recompute = recompute;
    if (recompute != Recompute::kSelective) prediction.layout.recompute_modules = {};
    const auto step = train::estimate_step(c.model, job, prediction.layout, machine, train::Fidelity::kReplay);
    if (!step) return step.why();
    prediction.step = *step;
    const train::StepRange range = train::step_range(*step, machine);
    prediction.range_low = range.low;
    prediction.range_high = range.high;
    prediction.fits = !train::memory_problem(*step, machine, -train::kMemoryError);
    if (prediction.fits) break;
  }
  return prediction;
}

}  // namespace socle::answer
