#include <algorithm>

#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

using workload::Schedule;

namespace {

/// The least number of microbatches whose program holds the warm-up, one period and the cool-down of the long one.
/// Interleaved: the first groups are of p + 1; 1F1B and ZB-H1: stage s warms up with fewer than p and delays weight
/// gradients by fewer than p; a microbatch of V-Half lives for p + 3 at most. Each leaves two periods to spare.
int kept_microbatches(Schedule schedule, int stages, int microbatches) {
  const int rest = microbatches % stages;
  return schedule == Schedule::kInterleaved ? rest + (rest + 5) * stages : rest + 5 * stages;
}

/// Where the steady order of a stage begins in its list, and how many tasks a period of `stages` microbatches has.
struct Steady {
  std::size_t begin, length;
};

Steady steady_order(const Program& program, Schedule schedule, int stage) {
  const int p = program.stages, v = program.chunks;
  const int warm_up = p - 1 - stage;
  const auto place = [](int begin, int length) {
    return Steady{static_cast<std::size_t>(begin), static_cast<std::size_t>(length)};
  };
  if (schedule == Schedule::kOneFOneB || v == 1) {
    // Warm-up forwards, then pairs; ZB-H1's first `stage` pairs come without a weight gradient.
    return schedule == Schedule::kZbH1 ? place(warm_up + 2 * stage, 3 * p) : place(warm_up, 2 * p);
  }
  const int rest = program.microbatches % p;
  const int largest = p + (rest > 0);
  // Pairs are in step once backwards, which run behind, have left the larger groups too.
  return place(2 * warm_up + (v - 1) * largest + 2 * rest * (p + 1) * v, 2 * p * v);
}

constexpr int kTrialRounds = 64;  // of the pipeline: in these the order of ZB-V shows its rhythm, or rarely later

// The order of ZB-V comes from times, so it is watched until it repeats. With more than 16 stages some lengths of tasks
// never do; such an order is listed whole or not at all.
Program folded_zb_v(int stages, int microbatches, const TaskWeights& weights) {
  const auto whole = [&](int count) { return make_program(Schedule::kZbV, stages, 2, count, weights); };
  const int listed = static_cast<int>(std::max(1LL, kOrderedTasksMax / (6LL * stages)));
  const int trial = std::min(std::max(kTrialRounds * stages, 512), listed);
  if (microbatches <= trial) return whole(microbatches);
  Program empty{.stages = stages, .chunks = 2, .microbatches = trial, .wiring = Wiring::kVee, .tasks = {}};
  const auto [rhythm, tasks_ordered] =
      greedy_rhythm(empty, std::vector<int>(static_cast<std::size_t>(stages), 2 * stages), weights, stages);
  if (!rhythm && microbatches <= listed) return whole(microbatches);
  if (!rhythm) {
    empty.ordered = false;
    empty.tasks_ordered = tasks_ordered;
    return empty;
  }
  const int least = rhythm->first + 2 * rhythm->microbatches + 2;
  const int kept = least + (microbatches - least) % rhythm->microbatches;
  Program program = whole(kept);
  program.tasks_ordered += tasks_ordered;
  program.repeat = {.begin = rhythm->begin,
                    .end = rhythm->end,
                    .times = (microbatches - kept) / rhythm->microbatches,
                    .microbatches = rhythm->microbatches};
  return program;
}

}  // namespace

Program make_folded_program(Schedule schedule, int stages, int chunks, int microbatches, const TaskWeights& weights,
                            long long unfolded_tasks) {
  const std::optional<BlockOffsets> block = schedule_block(schedule);
  const bool orderly = schedule == Schedule::kOneFOneB || schedule == Schedule::kInterleaved ||
                       schedule == Schedule::kZbH1 || block.has_value();
  if (schedule == Schedule::kZbV && 2LL * stages * chunks * microbatches > unfolded_tasks)
    return folded_zb_v(stages, microbatches, weights);
  const int kept = orderly ? kept_microbatches(schedule, stages, microbatches) : microbatches;
  const long long tasks = 2LL * stages * chunks * microbatches;
  if (!orderly || kept >= microbatches || tasks <= unfolded_tasks)
    return make_program(schedule, stages, chunks, microbatches, weights);
  Program program = make_program(schedule, stages, chunks, kept, weights);
  program.repeat.times = (microbatches - kept) / stages;
  program.repeat.microbatches = stages;
  if (block) {
    program.repeat.begin = steady_of_block(*block, stages);
    for (const std::size_t begin : program.repeat.begin)
      program.repeat.end.push_back(begin + 6 * static_cast<std::size_t>(stages));
    return program;
  }
  for (int s = 0; s < stages; ++s) {
    const Steady steady = steady_order(program, schedule, s);
    program.repeat.begin.push_back(steady.begin);
    program.repeat.end.push_back(steady.begin + steady.length);
  }
  return program;
}

}  // namespace socle::train
