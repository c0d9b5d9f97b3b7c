#include "socle/train/step.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/unit_scale.hpp"
#include "socle/train/data_parallel.hpp"
#include "socle/train/layer_recompute.hpp"
#include "socle/train/stage_cost.hpp"
#include "socle/train/stage_memory.hpp"

namespace socle::train {

using workload::Layout;

namespace {

// FLOPs of the whole job for one step, by the three ways of counting.
void count_flops(const model::Transformer& model, const workload::TrainingJob& job, const Layout& layout,
                 const machine::Machine& machine, const CostSet& costs, StepResult& result) {
  Flops causal{}, full{}, hardware{};
  // Layers of a stage decide which share of them recomputes.
  const double share = layout.recompute == workload::Recompute::kFull
                           ? recomputed_share(layout, static_cast<double>(model.layers()) / layout.pipeline_parallel)
                           : 1.0;
  const auto add = [&](const LayerCost& cost, double times) {
    causal += (cost.linear_forward + cost.linear_backward + cost.core_causal * 3.0) * times;
    full += (cost.linear_forward + cost.linear_backward + cost.core_full * 3.0) * times;
    hardware += (cost.linear_forward + cost.linear_backward + cost.core_executed * 3.5) * times;
  };
  std::vector<double> layers = costs.layers;
  const int mtp = job.mtp ? model.mtp_layers : 0;
  if (mtp > 0) {
    for (const int kind : model::mtp_module(model)) layers[static_cast<std::size_t>(kind)] += mtp;
  }
  for (std::size_t k = 0; k < model.kinds.size(); ++k) {
    add(costs.kinds[k], layers[k]);
    hardware += layer_recompute(costs.kinds[k], layout, costs.layer_input).flops * (layers[k] * share);
  }
  add(costs.head, 1.0 + mtp);
  const double replicas = static_cast<double>(layout.tensor_parallel) * layout.context_parallel * layout.data_parallel *
                          result.microbatches;
  result.model_flops = causal * replicas;
  result.model_flops_full_attention = full * replicas;
  result.hardware_flops = hardware * replicas;
  const double chips = layout.chips();
  const auto utilisation = [&](Flops flops) {
    return flops / (machine.kernels().peak(job.recipe) * chips * result.step_time);
  };
  result.mfu = utilisation(result.model_flops);
  result.mfu_full_attention = utilisation(result.model_flops_full_attention);
  result.hfu = utilisation(result.hardware_flops);
}

PipelineTimes pipeline_times(const StageCosts& costs, const Layout& layout, const machine::Machine& machine,
                             Bytes message) {
  PipelineTimes times;
  times.chunks = costs.chunks;
  if (layout.pipeline_parallel > 1) {
    const int distance =
        layout.tensor_parallel * layout.context_parallel * (layout.pipeline_inside_data() ? 1 : layout.data_parallel);
    times.hop =
        machine.network().send_time(layout.scatter_messages ? message / layout.tensor_parallel : message, distance);
    // Narayanan et al. 2021 (arXiv 2104.04473), section 4.1: send slices, gather them on the other side.
    if (layout.scatter_messages) {
      const comm::Footprint group = comm::footprint(layout.tensor_parallel, 1, machine.spec().scale_up_domain);
      times.hop += machine.network().collective_time(graph::Collective::kAllGather, group, message);
    }
  }
  // A stack without asynchronous sends holds the stage while it sends.
  Seconds held = machine.stack().overlap_send_receive ? Seconds{} : times.hop;
  if (layout.pipeline_parallel > 1) held += machine.stack().host_send * (1.0 - machine.stack().graph_share);
  if (!machine.stack().overlap_send_receive) times.hop = Seconds{};
  std::vector<ChunkTime> kinds;
  kinds.reserve(costs.kinds.size());
  for (const ChunkCost& chunk : costs.kinds) {
    kinds.push_back({chunk.forward.total() + held, chunk.backward.total() + held, chunk.weight});
  }
  times.chunk.reserve(costs.kind_of_chunk.size());
  for (const int kind : costs.kind_of_chunk) times.chunk.push_back(kinds[static_cast<std::size_t>(kind)]);
  return times;
}

// Of the busiest stage: no pipeline is faster, whatever its order. Requires: every chunk sees every microbatch.
Seconds busy_time(const PipelineTimes& times, int microbatches) {
  Seconds most{}, stage{};
  for (std::size_t i = 0; i < times.chunk.size(); ++i) {
    stage += times.chunk[i].forward + times.chunk[i].backward;
    if ((i + 1) % static_cast<std::size_t>(times.chunks) != 0) continue;
    most = std::max(most, stage);
    stage = Seconds{};
  }
  return most * static_cast<double>(microbatches);
}

// Nobody calls such a step one that fits.
bool far_too_large(const std::vector<memory::StageMemory>& stages, const machine::Machine& machine) {
  return std::any_of(stages.begin(), stages.end(), [&](const memory::StageMemory& stage) {
    return stage.total() > machine.memory() * (1.0 + kMemoryError);
  });
}

void find_busiest(const StageCosts& costs, StepResult& result) {
  Seconds most{-1.0}, measured{}, all{};
  const bool two_way = result.two_way;
  const double share = two_way ? 0.5 : 1.0;  // each chunk of a two-way pipeline sees half of the microbatches
  Seconds rests{}, time{};
  const double passes = share * result.microbatches;
  for (int s = 0; s < static_cast<int>(costs.parameters.size()); ++s) {
    if (costs.repeats(s)) {
      measured += rests;
      all += time;
      continue;
    }
    PartTimes parts, recompute;
    Seconds at_peak{};
    rests = Seconds{};
    for (int c = 0, alike; c < costs.chunks; c += alike) {
      alike = costs.run_from(s, c);
      const ChunkCost& chunk = costs.at(s, c);
      const double times = passes * alike;
      parts.add_scaled(chunk.forward, times).add_scaled(chunk.backward, times);
      recompute.add_scaled(chunk.recompute, times);
      at_peak += chunk.at_peak * times;
      rests += chunk.measured * times;
    }
    time = parts.total();
    measured += rests;
    all += time;
    if (time > most) {
      most = time;
      result.busiest = parts;
      result.busiest_recompute = recompute;
      result.busiest_stage = s;
      result.at_peak = at_peak;
    }
  }
  result.measured_share = all > Seconds{} ? measured / all : 0.0;
  result.bubble = std::max(Seconds{}, result.pipeline - most);
}

}  // namespace

Feasible<StepResult> estimate_step(const model::Transformer& model, const workload::TrainingJob& job,
                                   const Layout& layout, const machine::Machine& machine, Fidelity fidelity,
                                   ProgramMemo* programs) {
  if (auto why = layout_problem(model, job, layout)) return *why;
  StepResult step = assemble_step(model, job, layout, machine, cost_set(model, job, layout, machine), fidelity,
                                  Seconds{1e300}, programs);
  if (auto why = ordering_problem(step, layout)) return *why;
  return step;
}

std::optional<Infeasible> ordering_problem(const StepResult& step, const Layout& layout) {
  if (std::isfinite(step.pipeline.value())) return std::nullopt;
  const long long most = kOrderedTasksMax / (6LL * layout.pipeline_parallel);
  return Infeasible{"zb-v-batch",
                    fmt::format("ZB-V is ordered task by task, for {} microbatches of {} stages at most where the "
                                "order never repeats; these are {}",
                                most, layout.pipeline_parallel, step.microbatches),
                    "lower global_batch or pp, or raise dp or microbatch"};
}

StepResult assemble_step(const model::Transformer& model, const workload::TrainingJob& job, const Layout& layout,
                         const machine::Machine& machine, const CostSet& costs, Fidelity fidelity, Seconds give_up,
                         ProgramMemo* programs) {
  ProgramMemo own;
  ProgramMemo& memo = programs ? *programs : own;
  StepResult result;
  result.microbatches = job.global_batch / (layout.microbatch * layout.data_parallel);
  result.two_way = layout.schedule == workload::Schedule::kDualPipe;
  result.tokens = Tokens{static_cast<double>(job.global_batch) * job.sequence_length};
  const StageCosts stages = stage_costs(model, job, layout, machine, costs);
  result.times = pipeline_times(stages, layout, machine, costs.stage_message);
  result.hop = result.times.hop;

  Program program{
      .stages = layout.pipeline_parallel, .chunks = stages.chunks, .microbatches = result.microbatches, .tasks = {}};
  // All of GPipe's microbatches live at once and its closed form is exact: a long one is not replayed.
  const bool many = static_cast<long long>(result.microbatches) * layout.pipeline_parallel > kUnfoldedTasks;
  if (fidelity == Fidelity::kReplay && !(many && layout.schedule == workload::Schedule::kGPipe)) {
    program = *memo.folded(layout.schedule, layout.pipeline_parallel, stages.chunks, result.microbatches,
                           task_weights(result.times));
    result.pipeline = program.ordered ? replay(program, result.times).makespan : Seconds{HUGE_VAL};
  } else if (layout.schedule == workload::Schedule::kZbV &&
             (busy_time(result.times, result.microbatches) >= give_up ||
              (programs && far_too_large(stage_memories(stages, program, layout, machine, job), machine)))) {
    result.pipeline = busy_time(result.times, result.microbatches);
  } else {
    result.pipeline =
        closed_form_makespan(layout.schedule, layout.pipeline_parallel, result.microbatches, result.times, memo);
  }
  find_busiest(stages, result);

  // Data parallel: the stage with most traffic counts; others hide theirs in the bubble. Stages of equal size are
  // alike.
  for (std::size_t s = 0; s < stages.parameters.size(); ++s) {
    const memory::StageParameters& own = stages.parameters[s];
    if (stages.repeats(static_cast<int>(s))) continue;
    if (s > 0 && own.dense <= stages.parameters[s - 1].dense && own.experts <= stages.parameters[s - 1].experts)
      continue;
    Seconds forward{}, backward{};
    for (int c = 0; c < stages.chunks; ++c) {
      const ChunkTime& time = result.times.at(static_cast<int>(s), c);
      forward += time.forward;
      backward += time.backward;
    }
    const DataParallelCost cost =
        data_parallel_cost(stages.parameters[s], job, layout, machine, forward, backward, result.microbatches);
    if (cost.exposed >= result.data_parallel) {
      result.data_parallel = cost.exposed;
      result.data_parallel_hidden = cost.hidden;
    }
    const Flops orthogonalised = stages.orthogonalised.empty() ? Flops{} : stages.orthogonalised[s];
    result.optimizer =
        std::max(result.optimizer, optimizer_time(stages.parameters[s], job, layout, machine, orthogonalised));
  }
  result.overhead = machine.stack().step_overhead;
  const Seconds regular = result.pipeline + result.data_parallel + result.optimizer + result.overhead;
  // The slowest of n ranks whose step times spread normally: sigma sqrt(2 ln n) above the mean.
  result.jitter = regular * (machine.stack().jitter *
                             std::sqrt(2.0 * std::log(std::max(1.0, static_cast<double>(layout.chips())))));
  result.step_time = regular + result.jitter;
  result.stages = stage_memories(stages, program, layout, machine, job);
  for (std::size_t s = 1; s < result.stages.size(); ++s) {
    if (result.stages[s].total() > result.stages[static_cast<std::size_t>(result.fullest_stage)].total())
      result.fullest_stage = static_cast<int>(s);
  }
  count_flops(model, job, layout, machine, costs, result);
  return result;
}

StepRange step_range(const StepResult& step, const machine::Machine& machine) {
  return {.low = std::max(machine.stack().range_low, std::min(step.hfu, 1.0)), .high = machine.stack().range_high};
}

std::optional<Infeasible> memory_problem(const StepResult& step, const machine::Machine& machine, double headroom) {
  const Bytes need = step.stages[static_cast<std::size_t>(step.fullest_stage)].total();
  const Bytes have = machine.memory() * (1.0 - headroom);
  if (need <= have) return std::nullopt;
  const auto unit = binary_unit_for(machine.memory());
  std::string detail =
      fmt::format("stage {} needs {} of {}", step.fullest_stage, unit.text(need), unit.text(machine.memory()));
  if (headroom > 0) detail += fmt::format(", of which {} stay free", format_percent(headroom));
  if (headroom < 0) detail += fmt::format(", beyond the model's error of {}", format_percent(-headroom));
  return Infeasible{"memory", std::move(detail),
                    "raise tp, pp or sharding, recompute more, or use a smaller microbatch"};
}

}  // namespace socle::train
