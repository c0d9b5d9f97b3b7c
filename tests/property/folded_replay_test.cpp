#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "socle/base/random.hpp"
#include "socle/train/pipeline.hpp"

namespace socle::train {
namespace {

using workload::Schedule;

constexpr Schedule kFolded[] = {Schedule::kOneFOneB, Schedule::kInterleaved, Schedule::kZbH1,
                                Schedule::kZbV,      Schedule::kVHalf,       Schedule::kVMin};

// The list of one stage as it would stand unfolded.
std::vector<Task> unfolded(const Program& program, std::size_t s) {
  const Repeat& repeat = program.repeat;
  std::vector<Task> all(program.tasks[s].begin(),
                        program.tasks[s].begin() + static_cast<std::ptrdiff_t>(repeat.end[s]));
  const auto add = [&](std::size_t from, std::size_t to, int turn) {
    for (std::size_t i = from; i < to; ++i) {
      all.push_back(program.tasks[s][i]);
      all.back().microbatch += turn * repeat.microbatches;
    }
  };
  for (int turn = 1; turn <= repeat.times; ++turn) add(repeat.begin[s], repeat.end[s], turn);
  add(repeat.end[s], program.tasks[s].size(), repeat.times);
  return all;
}

// Kinds, chunks and microbatches of every task agree.
void expect_same_order(const Program& folded, const Program& whole, const std::string& what) {
  for (std::size_t s = 0; s < whole.tasks.size(); ++s) {
    const std::vector<Task> tasks = unfolded(folded, s);
    ASSERT_TRUE(std::equal(tasks.begin(), tasks.end(), whole.tasks[s].begin(), whole.tasks[s].end(),
                           [](const Task& a, const Task& b) {
                             return a.kind == b.kind && a.chunk == b.chunk && a.microbatch == b.microbatch;
                           }))
        << what << " stage " << s;
  }
}

TEST(FoldedProgram, IsTheWholeProgramOnceUnfolded) {
  int folds = 0;
  for (const Schedule schedule : kFolded) {
    for (const int v : {schedule_chunks(schedule, 1), schedule_chunks(schedule, 3)}) {
      for (const int p : {1, 2, 3, 4, 7}) {
        for (const int m : {6, 11, 23, 24, 40, 60, 61, 99, 700, 701}) {
          for (const TaskWeights weights : {TaskWeights{}, {10, 13, 9}, {10, 20, 10}}) {
            const Program folded = make_folded_program(schedule, p, v, m, weights, 0);
            if (folded.repeat.times == 0) continue;
            ++folds;
            expect_same_order(folded, make_program(schedule, p, v, m, weights),
                              fmt::format("schedule {} p={} v={} M={}", static_cast<int>(schedule), p, v, m));
          }
        }
      }
    }
  }
  EXPECT_GT(folds, 300);
}

/// Uniform numbers one after another.
class Draws {
 public:
  Draws(std::uint32_t seed, std::uint32_t purpose) : stream_(seed, purpose) {}
  double uniform() { return stream_.uniform(0, next_++); }

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

// Chunks of a few lengths, of all lengths, or all alike but for a hair: near ties settle last.
PipelineTimes random_times(Draws& random, int stages, int chunks) {
  const double kind = random.uniform();
  const auto length = [&] {
    const double x = random.uniform();
    return kind < 0.3 ? 1.0 + static_cast<int>(3 * x) : kind < 0.6 ? 0.2 + x : 1.0 + (x < 0.2 ? 1e-3 * x : 0.0);
  };
  PipelineTimes times;
  times.chunks = chunks;
  for (int i = 0; i < stages * chunks; ++i) {
    const double forward = length(), backward = 2 * length();
    times.chunk.push_back({Seconds{forward}, Seconds{backward}, Seconds{backward * 0.4}});
  }
  times.hop = Seconds{random.uniform() < 0.5 ? 0.0 : 0.3 * random.uniform()};
  return times;
}

TEST(FoldedReplay, IsTheReplayOfEveryTask) {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    Draws random(seed, 0);
    const Schedule schedule = kFolded[seed % 4];
    const int p = 1 + static_cast<int>(8 * random.uniform());
    const int v = schedule_chunks(schedule, 1 + static_cast<int>(3 * random.uniform()));
    const int m = 1 + static_cast<int>(4000 * random.uniform());
    const PipelineTimes times = random_times(random, p, v);
    const TaskWeights weights = task_weights(times);
    const PipelineResult whole = replay(make_program(schedule, p, v, m, weights), times);
    const PipelineResult folded = replay(make_folded_program(schedule, p, v, m, weights, 0), times);
    EXPECT_NEAR(folded.makespan / whole.makespan, 1.0, 1e-9)
        << "seed " << seed << " schedule " << static_cast<int>(schedule) << " p=" << p << " v=" << v << " M=" << m;
    for (std::size_t s = 0; s < whole.busy.size(); ++s) EXPECT_NEAR(folded.busy[s] / whole.busy[s], 1.0, 1e-9) << seed;
  }
}

TEST(FoldedReplay, TakesNoMoreWorkForMoreMicrobatches) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    Draws random(seed, 1);
    const Schedule schedule = kFolded[seed % 4];
    const int p = 2 + static_cast<int>(15 * random.uniform());
    const int v = schedule_chunks(schedule, 2);
    const PipelineTimes times = random_times(random, p, v);
    for (const int m : {100'000, 1'000'000, 10'000'000}) {
      const Program program = make_folded_program(schedule, p, v, m, task_weights(times), 0);
      ASSERT_TRUE(program.ordered) << "seed " << seed << " p=" << p << " M=" << m;
      EXPECT_LE(replay(program, times).tasks_run, 400'000) << "seed " << seed << " p=" << p << " M=" << m;
      EXPECT_LE(program.tasks_ordered, kOrderedTasksMax) << "seed " << seed << " p=" << p << " M=" << m;
    }
  }
}

TEST(FoldedProgram, OfManyStagesIsNotOrderedWithoutEnd) {
  // A full recompute of a large model: backward 2.9 and 1 forwards long; and lengths that show a rhythm at once.
  int refused = 0;
  for (const TaskWeights weights : {TaskWeights{10, 29, 9}, {10, 27, 8}, {10, 13, 9}, {10, 10, 10}}) {
    for (const int p : {17, 20, 40, 64}) {
      for (const int m : {5'000, 10'000'000}) {
        const Program program = make_folded_program(Schedule::kZbV, p, 2, m, weights);
        std::size_t listed = 0;
        for (const auto& tasks : program.tasks) listed += tasks.size();
        const std::string what = fmt::format("p={} M={} b={} w={}", p, m, weights.backward, weights.weight);
        EXPECT_LE(program.tasks_ordered, 3 * kOrderedTasksMax) << what;
        EXPECT_LE(listed, 2 * static_cast<std::size_t>(kOrderedTasksMax)) << what;
        if (program.ordered) {
          EXPECT_EQ(program.microbatches + program.repeat.times * program.repeat.microbatches, m) << what;
        } else {
          EXPECT_GT(6LL * p * m, kOrderedTasksMax) << what;
          EXPECT_EQ(listed, 0u) << what;
          ++refused;
        }
        EXPECT_TRUE(program.ordered || weights.backward != 10) << what;
      }
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(ProgramMemo, MakesAProgramOnceAndForgetsTheOldest) {
  ProgramMemo memo;
  const auto first = memo.folded(Schedule::kZbV, 4, 2, 100, {10, 13, 9});
  EXPECT_EQ(memo.folded(Schedule::kZbV, 4, 2, 100, {10, 13, 9}), first);
  EXPECT_EQ(memo.made(), 1);
  EXPECT_NE(memo.folded(Schedule::kZbV, 4, 2, 100, {10, 13, 8}), first);
  EXPECT_EQ(memo.made(), 2);
  EXPECT_EQ(first->tasks[0].size(), make_program(Schedule::kZbV, 4, 2, 100, {10, 13, 9}).tasks[0].size());
  // 50 programs of 3 x 16 x 2,700 tasks of 8 bytes are 52 MB.
  for (int m = 2'650; m < 2'700; ++m) memo.folded(Schedule::kZbH1, 16, 1, m, {});
  memo.folded(Schedule::kZbV, 4, 2, 100, {10, 13, 9});
  EXPECT_EQ(memo.made(), 2 + 50 + 1);
}

}  // namespace
}  // namespace socle::train
