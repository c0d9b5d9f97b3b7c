#pragma once

#include <functional>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/train/program_memo.hpp"
#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

/// Time of one microbatch on one chunk of one stage.
struct ChunkTime {
  Seconds forward{};
  Seconds backward{};  ///< data gradient, and recompute; with the weight gradient when it is not split off
  Seconds weight{};    ///< weight gradient alone; part of `backward` when the program does not split it

  bool operator==(const ChunkTime&) const = default;
};

/// Chunk times of every stage, [stage * chunks + chunk], and the time of one message between stages.
struct PipelineTimes {
  int chunks = 1;
  std::vector<ChunkTime> chunk;
  Seconds hop{};  ///< send to the next stage, beside compute

  const ChunkTime& at(int stage, int c) const { return chunk[static_cast<std::size_t>(stage * chunks + c)]; }
};

/// Lengths of an average chunk's tasks relative to its forward, in tenths, for schedules that order by them.
TaskWeights task_weights(const PipelineTimes& times);

/// One executed task, for the timeline.
struct Span {
  int stage = 0;
  Task task;
  Seconds start{};
  Seconds end{};
};

/// What a replay found.
struct PipelineResult {
  Seconds makespan{};
  std::vector<Seconds> busy;  ///< by stage
  long long tasks_run = 0;    ///< work counter: tasks that were looked at one by one
};

/// Replays every task of a program by its dependencies: exact for the given times. `record`, when set, receives every
/// span in the order of stages and tasks; a folded program takes none.
PipelineResult replay(const Program& program, const PipelineTimes& times,
                      const std::function<void(const Span&)>& record = {});

/// Closed form of the makespan from the program's shape. Exact for uniform stages, within 2 % of `replay` otherwise.
/// docs/design/step.md derives it. Infinite where the order is not made (see `Program::ordered`). `programs` keeps
/// orders for other steps.
Seconds closed_form_makespan(workload::Schedule schedule, int stages, int microbatches, const PipelineTimes& times,
                             ProgramMemo& programs);
Seconds closed_form_makespan(workload::Schedule schedule, int stages, int microbatches, const PipelineTimes& times);

/// Most chunk activations alive at once on a stage, by walking its task list: a forward adds `held[chunk]`, the last
/// backward (or weight) task of a microbatch gives it back. `held` = bytes per chunk.
Bytes peak_held(const Program& program, int stage, const std::vector<Bytes>& held);

}  // namespace socle::train
