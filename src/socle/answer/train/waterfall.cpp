#include "socle/answer/train/waterfall.hpp"

#include <cmath>

#include "socle/base/check.hpp"

namespace socle::answer {

using train::Part;
using train::PartTimes;

StepCosts step_costs(const TrainCase& run) {
  StepCosts result{.costs = train::cost_set(run.model, run.job, run.layout, run.machine), .stages = {}};
  result.stages = train::stage_costs(run.model, run.job, run.layout, run.machine, result.costs);
  return result;
}

namespace {

constexpr double kRoundOff = 1e-10;  // of what is divided into parts

// A difference of sums that ought to be equal is their round-off, not time.
Seconds difference(Seconds more, Seconds less, Seconds whole) {
  const Seconds time = more - less;
  return std::fabs(time.value()) <= kRoundOff * whole.value() ? Seconds{} : time;
}

/// Times of one step on the average stage.
struct AverageStage {
  PartTimes useful;  ///< without recompute
  Seconds recompute{};
};

AverageStage average_stage(const TrainCase& run, const train::StageCosts& stages) {
  const double share = run.step.two_way ? 0.5 : 1.0;
  const double times = share * run.step.microbatches / run.layout.pipeline_parallel;
  AverageStage average;
  PartTimes recompute;
  for (const int kind : stages.kind_of_chunk) {
    const train::ChunkCost& chunk = stages.kinds[static_cast<std::size_t>(kind)];
    average.useful.add_scaled(chunk.forward, times).add_scaled(chunk.backward, times);
    recompute.add_scaled(chunk.recompute, times);
  }
  for (std::size_t i = 0; i < recompute.part.size(); ++i)
    average.useful.part[i] = difference(average.useful.part[i], recompute.part[i], average.useful.part[i]);
  average.recompute = recompute.total();
  return average;
}

// Ideal time of the attention cores alone: forward and twice that backward, causal half.
Seconds ideal_attention(const TrainCase& run, const train::CostSet& costs) {
  Flops core{};
  for (const int kind : run.model.kind_of_layer) core += costs.kinds[static_cast<std::size_t>(kind)].core_causal * 3.0;
  if (run.job.mtp)
    core += costs.kinds[static_cast<std::size_t>(run.model.kind_of_layer.back())].core_causal *
            (3.0 * run.model.mtp_layers);
  // Costs are per rank of a stage; a replica's layers are spread over pp stages.
  const double passes = static_cast<double>(run.step.microbatches) / run.layout.pipeline_parallel;
  return core * passes / run.machine.kernels().peak(run.job.recipe);
}

}  // namespace

std::vector<WaterfallStep> waterfall(const TrainCase& run) {
  const StepCosts detail = step_costs(run);
  const AverageStage average = average_stage(run, detail.stages);
  const train::StepResult& step = run.step;
  const FlopsPerSecond peak = run.machine.kernels().peak(run.job.recipe) * static_cast<double>(run.layout.chips());
  const Seconds ideal = step.model_flops / peak;
  const Seconds attention = ideal_attention(run, detail.costs);
  const PartTimes& part = average.useful;
  const Seconds busiest = step.busiest.total();
  const auto without = [&](Seconds more, Seconds less) { return difference(more, less, step.step_time); };
  std::vector<WaterfallStep> steps{
      {"ideal", "needed FLOPs at peak", ideal},
      {"matrix", "matrix units below peak", without(part[Part::kGemm] + part[Part::kExpertGemm], ideal - attention)},
      {"attention", "attention below peak", without(part[Part::kAttention], attention)},
      {"memory_bound", "memory-bound operations", part[Part::kElementwise]},
      {"recompute", "recompute", average.recompute},
      {"tensor_parallel", "tensor-parallel, exposed", part[Part::kTensorComm]},
      {"context_parallel", "context-parallel, exposed", part[Part::kContextComm]},
      {"expert_parallel", "expert-parallel, exposed", part[Part::kExpertComm]},
      {"sharded_weights", "sharded weights, exposed", part[Part::kDataComm]},
      {"launches", "launches (host)", part[Part::kHost]},
      {"imbalance", "stage imbalance", without(busiest, part.total() + average.recompute)},
      {"bubble", "pipeline bubble and sends", without(step.pipeline, busiest)},
      {"data_parallel", "data-parallel, exposed", step.data_parallel},
      {"optimizer", "optimizer", step.optimizer},
      {"overhead", "step overhead", step.overhead},
      {"jitter", "jitter", step.jitter},
  };
  Seconds sum{};
  for (const WaterfallStep& s : steps) sum += s.time;
  SOCLE_CHECK(std::fabs(sum / step.step_time - 1.0) < 1e-9, "a waterfall adds up to the step time");
  return steps;
}

}  // namespace socle::answer
