#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "socle/workload/layout.hpp"

namespace socle::train {

enum class TaskKind : std::uint8_t { kForward, kBackward, kWeight };

/// One task of one stage. kBackward includes the weight gradient unless the program splits it off.
struct Task {
  TaskKind kind = TaskKind::kForward;
  std::int16_t chunk = 0;
  std::int32_t microbatch = 0;
};

/// How chunks of stages are chained into the model.
enum class Wiring {
  kLoop,    ///< chunk 0 over all stages, then chunk 1 from the first stage again
  kVee,     ///< chunk 0 down the stages, chunk 1 back up
  kTwoWay,  ///< chunk 0 chains down for the first half of the microbatches, chunk 1 up for the second half
};

/// The steady middle of a long program, kept once. Behind its tasks [begin, end) a stage runs them `times` more, each
/// time `microbatches` further on; what stands behind them in the list comes that much later.
struct Repeat {
  std::vector<std::size_t> begin, end;  ///< by stage
  int times = 0;                        ///< 0 = the list is the whole program
  int microbatches = 0;                 ///< of one time
};

/// The ordered task list of every stage. Closed form, event replay, memory model and timeline all read it.
/// Invariant: each stage runs every forward and backward (and weight) task of its chunks exactly once.
struct Program {
  int stages = 1;
  int chunks = 1;  ///< per stage
  int microbatches = 1;
  Wiring wiring = Wiring::kLoop;
  bool splits_weight = false;
  std::vector<std::vector<Task>> tasks;  ///< [stage], in the order of execution
  Repeat repeat{};                       ///< of a folded program; `microbatches` then counts those of the list
  bool ordered = true;          ///< false = a greedy order that is too long to be listed and shows no rhythm: no tasks
  long long tasks_ordered = 0;  ///< work counter of greedy orders: tasks that were chosen one by one, trials too

  /// Position of a chunk of a stage in its chain, and the chain's length.
  int position(int stage, int chunk) const {
    if (wiring == Wiring::kLoop) return chunk * stages + stage;
    return chunk == 0 ? stage : (wiring == Wiring::kVee ? 2 * stages : stages) - 1 - stage;
  }
  /// The stage and chunk one step along the chain (+1) or back (-1). Requires: there is one. No division on a loop:
  /// a replay asks once for every task.
  struct Place {
    int stage, chunk;
  };
  Place neighbour(int stage, int chunk, int step) const {
    if (wiring == Wiring::kLoop) {
      const int other = stage + step;
      return other == stages ? Place{0, chunk + 1} : other < 0 ? Place{stages - 1, chunk - 1} : Place{other, chunk};
    }
    const int other = position(stage, chunk) + step;
    return {stage_at(other, chunk), chunk_at(other, chunk)};
  }
  int chain_length() const { return wiring == Wiring::kTwoWay ? stages : stages * chunks; }
  int stage_at(int chain_position, int chunk_of_chain) const;
  int chunk_at(int chain_position, int chunk_of_chain) const;
  /// Does this chunk see this microbatch? Always, but for two-way wiring.
  bool sees(int chunk, int microbatch) const;
};

/// Relative lengths of the three kinds of task, by which the zero-bubble family orders them, as its authors' schedulers
/// do with profiled times. Requires: all positive.
struct TaskWeights {
  int forward = 10;
  int backward = 10;  ///< data gradient and recompute
  int weight = 10;
};

/// Programs of so many tasks are kept whole.
inline constexpr long long kUnfoldedTasks = 1 << 18;

/// A greedy order has so many tasks at most, or a rhythm within so many: up to half a second and 100 MB for 64 stages,
/// where each choice looks at every stage. Counted as three of each microbatch and chunk of a stage.
inline constexpr long long kOrderedTasksMax = 1 << 19;

/// The program of one schedule. Requires: all sizes >= 1 and `chunks` as the schedule has it (see schedule_chunks).
Program make_program(workload::Schedule schedule, int stages, int chunks, int microbatches,
                     const TaskWeights& weights = {});

/// The same program; with a great many tasks its steady middle is folded into a `Repeat`, so that cost does not grow
/// with microbatches. GPipe holds all of them at once and is never folded. A greedy order without a rhythm is not made
/// beyond kOrderedTasksMax tasks (see `Program::ordered`). Requires: as `make_program`.
Program make_folded_program(workload::Schedule schedule, int stages, int chunks, int microbatches,
                            const TaskWeights& weights = {}, long long unfolded_tasks = kUnfoldedTasks);

/// Chunks per stage that a schedule runs with: fixed for some, the layout's vpp for interleaved.
int schedule_chunks(workload::Schedule schedule, int virtual_pipeline);

/// How it chains them.
Wiring schedule_wiring(workload::Schedule schedule);

struct ScheduleEntry {
  std::string_view name;
  std::string_view help;
  Program (*make)(int stages, int chunks, int microbatches, const TaskWeights& weights);
};

/// Every schedule, in the order of schedules.def and of workload::Schedule.
const std::vector<ScheduleEntry>& schedules();

#define SOCLE_SCHEDULE(function, name, help) \
  Program function(int stages, int chunks, int microbatches, const TaskWeights& weights);
#include "socle/train/schedules.def"
#undef SOCLE_SCHEDULE

/// A building block: one microbatch passes the stages, and the next one does the same six slots later (one for each of
/// forward, data and weight gradient of two chunks), so that the block alone fixes order and memory. Slots from a stage
/// to its neighbour, on the four ways of a V; waits at the turning points are the shortest that keep a stage's tasks
/// apart, and a weight gradient takes the first slot that is free behind its data gradient.
struct BlockOffsets {
  int forward_down, forward_up;    ///< forwards of chunk 0 towards the last stage, of chunk 1 back
  int backward_down, backward_up;  ///< data gradients of chunk 1, then of chunk 0
};
BlockOffsets v_half_block();
BlockOffsets v_min_block();

/// The block of a schedule that is one repeated.
std::optional<BlockOffsets> schedule_block(workload::Schedule schedule);

/// The block, repeated: tasks in the order of their slots.
Program program_of_block(const BlockOffsets& by, int stages, int microbatches);

/// By stage, the task from which on every six belong to one turn.
std::vector<std::size_t> steady_of_block(const BlockOffsets& by, int stages);

/// By stage, the most chunk activations that are alive at once.
std::vector<int> held_of_block(const BlockOffsets& by, int stages, int microbatches);

/// Orders split-weight tasks by simulating them in time: a ready backward first, then a forward while fewer than
/// `in_flight` (per stage) chunk activations are held, else a pending weight gradient. Where all stages would wait for
/// one another, each may hold one more. Shared by the zero-bubble family.
void order_greedily(Program& program, const std::vector<int>& in_flight, const TaskWeights& weights);

/// Where an order of `order_greedily` begins to repeat: tasks [begin, end) of every stage, of which the first stage
/// begins its `first` + 1st microbatch.
struct GreedyRhythm {
  std::vector<std::size_t> begin, end;
  int first = 0;
  int microbatches = 0;
};

/// The search for a rhythm ends where one is found.
struct RhythmSearch {
  std::optional<GreedyRhythm> rhythm;
  long long tasks_ordered = 0;  ///< work counter
};

/// The rhythm of a program's order, `least` microbatches long or more; nothing when its microbatches are too few to
/// show one. Requires: no two-way wiring.
RhythmSearch greedy_rhythm(Program program, const std::vector<int>& in_flight, const TaskWeights& weights, int least);

}  // namespace socle::train
