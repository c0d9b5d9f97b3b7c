#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "socle/base/feasible.hpp"
#include "socle/memory/footprint.hpp"
#include "socle/model/transformer.hpp"
#include "socle/train/cost_set.hpp"
#include "socle/train/pipeline.hpp"
#include "socle/workload/layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::train {

enum class Fidelity {
  kClosedForm,  ///< pipeline makespan in closed form: for search
  kReplay,      ///< every task of the schedule replayed: for answers
};

/// One optimizer step, in full.
struct StepResult {
  Seconds step_time{};
  Seconds pipeline{};       ///< makespan of all microbatches
  Seconds bubble{};         ///< idle time of the busiest stage inside the makespan
  Seconds data_parallel{};  ///< exposed gradient reduction and parameter gathering
  Seconds optimizer{};
  Seconds overhead{};              ///< host work once per step
  Seconds jitter{};                ///< waiting for the slowest of all ranks
  Seconds data_parallel_hidden{};  ///< the share that ran under compute
  Seconds hop{};                   ///< one pipeline send
  PartTimes busiest;               ///< parts of the busiest stage over all microbatches
  PartTimes busiest_recompute;     ///< of which recompute
  int busiest_stage = 0;
  int microbatches = 0;
  bool two_way = false;                ///< microbatches enter the pipeline from both ends
  Seconds at_peak{};                   ///< FLOPs of the busiest stage at datasheet peak, recompute excluded
  Flops model_flops{};                 ///< whole job, one step: forward and backward, causal attention halved
  Flops model_flops_full_attention{};  ///< the same with attention counted over the full square
  Flops hardware_flops{};              ///< with recompute
  double mfu = 0;                      ///< model_flops over the datasheet peak of the recipe's format
  double mfu_full_attention = 0;
  double hfu = 0;
  Tokens tokens{};                          ///< per step
  std::vector<memory::StageMemory> stages;  ///< by pipeline stage
  int fullest_stage = 0;
  double measured_share = 0;  ///< of the device time that rests on measured kernel tables
  PipelineTimes times;        ///< chunk times, for the timeline
};

/// Why a layout cannot run at all, before any time is computed: sizes that do not divide.
/// Returns the first reason found, with the nearest legal value, or nothing.
std::optional<Infeasible> layout_problem(const model::Transformer& model, const workload::TrainingJob& job,
                                         const workload::Layout& layout);

/// The same of the model alone: tp that does not divide its heads or feed-forward, ep its experts.
std::optional<Infeasible> shape_problem(const model::Transformer& model, const workload::Layout& layout);

/// Why experts in groups of ep * etp cannot lie on the `ranks` of a stage, tp * cp * dp of them. `product` = etp is
/// above 1.
Infeasible expert_ranks_problem(std::int64_t group, int ranks, bool product);

/// Estimates one step. Memory is computed but not judged here: see `memory_problem`.
/// Infeasible when `layout_problem` says so, or when the schedule's order is not made (see `ordering_problem`).
/// `programs` keeps orders for other steps.
Feasible<StepResult> estimate_step(const model::Transformer& model, const workload::TrainingJob& job,
                                   const workload::Layout& layout, const machine::Machine& machine, Fidelity fidelity,
                                   ProgramMemo* programs = nullptr);

/// The same from costs computed before. In closed form, a step that surely takes `give_up` or longer, or far exceeds
/// the chip's memory, may be told as a lower bound where its schedule is costly to time. Infinite: see
/// `ordering_problem`. Requires: `layout_problem` found nothing and `costs` are of this layout.
StepResult assemble_step(const model::Transformer& model, const workload::TrainingJob& job,
                         const workload::Layout& layout, const machine::Machine& machine, const CostSet& costs,
                         Fidelity fidelity, Seconds give_up = Seconds{1e300}, ProgramMemo* programs = nullptr);

/// The step of a greedy schedule whose order is too long to be listed and shows no rhythm: its limit and a remedy.
std::optional<Infeasible> ordering_problem(const StepResult& step, const workload::Layout& layout);

/// Bounds of measured / predicted step time. What the stack's runs left over, but no run is faster than the FLOPs that
/// the hardware executes at its datasheet peak.
struct StepRange {
  double low = 1, high = 1;
};
StepRange step_range(const StepResult& step, const machine::Machine& machine);

/// Relative error of the memory model: a layout is called out of memory only beyond it.
inline constexpr double kMemoryError = 0.10;

/// Does the fullest stage exceed the chip's memory (less `headroom`, a fraction)? Then need, have and a remedy.
std::optional<Infeasible> memory_problem(const StepResult& step, const machine::Machine& machine, double headroom);

}  // namespace socle::train
