#include "socle/train/schedules/schedules.hpp"

#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "socle/train/pipeline.hpp"

namespace socle::train {
namespace {

using workload::Schedule;

struct Size {
  Schedule schedule;
  int stages, chunks, microbatches;
};

// Every schedule of the list over pipelines of 1 to 9 stages, several chunk counts, odd and even microbatches.
std::vector<Size> all_sizes() {
  std::vector<Size> sizes;
  for (std::size_t i = 0; i < schedules().size(); ++i) {
    const Schedule schedule = static_cast<Schedule>(i);
    std::set<int> chunk_counts;
    for (const int v : {1, 2, 3, 5}) chunk_counts.insert(schedule_chunks(schedule, v));
    for (const int p : {1, 2, 3, 4, 8, 9}) {
      for (const int v : chunk_counts) {
        for (const int m : {1, 2, 3, 5, 8, 16, 17, 33}) {
          if (schedule == Schedule::kDualPipe && m < 2) continue;
          sizes.push_back({schedule, p, v, m});
        }
      }
    }
  }
  return sizes;
}

std::string text(const Size& s) {
  return std::string(schedules()[static_cast<std::size_t>(s.schedule)].name) + " p=" + std::to_string(s.stages) +
         " v=" + std::to_string(s.chunks) + " M=" + std::to_string(s.microbatches);
}

PipelineTimes uniform(int stages, int chunks, double forward, double backward, double weight) {
  PipelineTimes times;
  times.chunks = chunks;
  times.chunk.assign(static_cast<std::size_t>(stages * chunks), {Seconds{forward}, Seconds{backward}, Seconds{weight}});
  return times;
}

TEST(Schedules, RunEachMicrobatchOncePerStageAndChunk) {
  for (const Size& size : all_sizes()) {
    const Program program = make_program(size.schedule, size.stages, size.chunks, size.microbatches);
    ASSERT_EQ(program.tasks.size(), static_cast<std::size_t>(size.stages)) << text(size);
    EXPECT_EQ(program.chunks, size.chunks) << text(size);
    for (const auto& stage : program.tasks) {
      std::map<std::tuple<TaskKind, int, int>, int> runs;
      for (const Task& task : stage) ++runs[{task.kind, task.chunk, task.microbatch}];
      std::size_t expected = 0;
      for (int c = 0; c < size.chunks; ++c) {
        for (int m = 0; m < size.microbatches; ++m) {
          if (!program.sees(c, m)) continue;
          expected += program.splits_weight ? 3 : 2;
          EXPECT_EQ((runs[{TaskKind::kForward, c, m}]), 1) << text(size);
          EXPECT_EQ((runs[{TaskKind::kBackward, c, m}]), 1) << text(size);
          EXPECT_EQ((runs[{TaskKind::kWeight, c, m}]), program.splits_weight) << text(size);
        }
      }
      EXPECT_EQ(stage.size(), expected) << text(size);
    }
  }
}

TEST(Schedules, OfTwoWaysGoOnWhereEveryStageIsFullAndWaits) {
  // Backwards ten times as short as forwards: the stages fill from both ends until each waits for another.
  const Program program = make_program(Schedule::kDualPipe, 8, 2, 64, {10, 1, 1});
  for (const auto& stage : program.tasks) EXPECT_EQ(stage.size(), 3u * 64);
}

TEST(Schedules, ShowEveryMicrobatchEachPositionOfItsChainOnce) {
  for (const Size& size : all_sizes()) {
    const Program program = make_program(size.schedule, size.stages, size.chunks, size.microbatches);
    for (int m = 0; m < size.microbatches; ++m) {
      std::set<int> positions;
      int seen = 0;
      for (int s = 0; s < size.stages; ++s) {
        for (int c = 0; c < size.chunks; ++c) {
          if (!program.sees(c, m)) continue;
          ++seen;
          const int position = program.position(s, c);
          positions.insert(position);
          EXPECT_EQ(program.stage_at(position, c), s) << text(size);
          EXPECT_EQ(program.chunk_at(position, c), c) << text(size);
        }
      }
      EXPECT_EQ(seen, program.chain_length()) << text(size);
      EXPECT_EQ(positions.size(), static_cast<std::size_t>(program.chain_length())) << text(size);
    }
  }
}

TEST(Schedules, OrderTasksAsTheModelNeedsThem) {
  // A replay starts a task when its inputs are there: it ends (no deadlock), and no task starts before what it needs.
  for (const Size& size : all_sizes()) {
    const Program program = make_program(size.schedule, size.stages, size.chunks, size.microbatches);
    PipelineTimes times = uniform(size.stages, size.chunks, 1, 2, 1);
    times.hop = Seconds{0.25};
    std::map<std::tuple<TaskKind, int, int, int>, Span> spans;
    replay(program, times, [&](const Span& s) { spans[{s.task.kind, s.stage, s.task.chunk, s.task.microbatch}] = s; });
    for (const auto& [key, span] : spans) {
      const auto& [kind, stage, chunk, m] = key;
      const int position = program.position(stage, chunk);
      const auto after = [&](TaskKind earlier, int at) {
        const int other = program.stage_at(at, chunk);
        const double hop = other == stage ? 0 : 0.25;
        EXPECT_GE(span.start.value(), (spans.at({earlier, other, program.chunk_at(at, chunk), m}).end.value() + hop))
            << text(size);
      };
      if (kind == TaskKind::kForward && position > 0) after(TaskKind::kForward, position - 1);
      if (kind == TaskKind::kBackward) after(TaskKind::kForward, position);
      if (kind == TaskKind::kBackward && position + 1 < program.chain_length())
        after(TaskKind::kBackward, position + 1);
      if (kind == TaskKind::kWeight) after(TaskKind::kBackward, position);
    }
  }
}

TEST(Schedules, OneStageNeverWaits) {
  // Forward 1 and backward 2 of every chunk that a microbatch sees.
  for (const Size& size : all_sizes()) {
    if (size.stages != 1) continue;
    const Program program = make_program(size.schedule, 1, size.chunks, size.microbatches);
    const double work = 3.0 * size.microbatches * program.chain_length();
    EXPECT_NEAR(replay(program, uniform(1, size.chunks, 1, 2, 1)).makespan.value(), work, 1e-9) << text(size);
  }
}

TEST(Schedules, HaveDistinctNamesAndALineOfHelp) {
  std::set<std::string_view> names;
  for (const ScheduleEntry& entry : schedules()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_GE(entry.help.size(), 20u) << entry.name;
  }
  // The list is in the order of workload::Schedule.
  EXPECT_EQ(schedules()[static_cast<std::size_t>(Schedule::kGPipe)].name, "gpipe");
  EXPECT_EQ(schedules()[static_cast<std::size_t>(Schedule::kDualPipe)].name, "dualpipe");
  EXPECT_EQ(schedules().size(), static_cast<std::size_t>(Schedule::kDualPipe) + 1);
}

TEST(Bubble, OfOneForwardOneBackwardIsAllStagesButOne) {
  // (p - 1)(f + b) beside M (f + b). Source: Narayanan et al. 2021, section 2.2.1.
  for (const int p : {1, 2, 4, 8, 16}) {
    for (const int m : {p, 2 * p, 4 * p + 3}) {
      const Program program = make_program(Schedule::kOneFOneB, p, 1, m);
      EXPECT_NEAR(replay(program, uniform(p, 1, 1, 2, 1)).makespan.value(), 3.0 * (m + p - 1), 1e-9) << p << ' ' << m;
      EXPECT_NEAR(replay(make_program(Schedule::kGPipe, p, 1, m), uniform(p, 1, 1, 2, 1)).makespan.value(),
                  3.0 * (m + p - 1), 1e-9);
    }
  }
}

TEST(Bubble, OfInterleavedStagesIsDividedByTheChunks) {
  // v chunks of 1 / v of a stage: (p - 1)(f + b) / v. Source: Narayanan et al. 2021, section 2.2.2.
  for (const int p : {2, 4, 8}) {
    for (const int v : {2, 3, 6}) {
      for (const int m : {p, 2 * p, 5 * p}) {
        const Program program = make_program(Schedule::kInterleaved, p, v, m);
        EXPECT_NEAR(replay(program, uniform(p, v, 1.0 / v, 2.0 / v, 1.0 / v)).makespan.value(),
                    3.0 * m + 3.0 * (p - 1) / v, 1e-9)
            << p << ' ' << v << ' ' << m;
      }
    }
  }
}

TEST(Bubble, OfZeroBubbleSchedulesIsSmaller) {
  // Equal forward, data and weight gradients, the case that the papers draw.
  for (const int p : {2, 4, 8}) {
    for (const int m : {2 * p, 4 * p, 8 * p}) {
      const double plain = 3.0 * (m + p - 1);
      for (const Schedule schedule :
           {Schedule::kZbH1, Schedule::kZbV, Schedule::kVHalf, Schedule::kVMin, Schedule::kDualPipe}) {
        const int chunks = schedule_chunks(schedule, 1);
        const double share =
            workload::is_vee(schedule) ? 0.5 : 1.0;  // two half-size chunks; DualPipe's see half of the microbatches
        const Seconds makespan =
            replay(make_program(schedule, p, chunks, m), uniform(p, chunks, share, 2 * share, share)).makespan;
        EXPECT_LT(makespan.value(), plain) << text({schedule, p, chunks, m});
        EXPECT_GE(makespan.value(), 3.0 * m - 1e-9) << text({schedule, p, chunks, m});
      }
    }
  }
}

TEST(Bubble, OfZeroBubbleH1IsShorterByTwoWeightGradients) {
  // (p - 1)(f + b - w) beside M (f + b + w), whatever M. Source: Qi et al. 2023 (arXiv 2401.10241), table 1.
  for (const double weight : {0.7, 0.9, 1.0}) {
    for (const int p : {2, 4, 8}) {
      for (const int m : {2 * p, 8 * p, 30 * p + 3}) {
        const PipelineTimes times = uniform(p, 1, 1.0, 1.2 + weight, weight);
        const Seconds makespan = replay(make_program(Schedule::kZbH1, p, 1, m, task_weights(times)), times).makespan;
        EXPECT_NEAR(makespan.value(), m * (2.2 + weight) + (p - 1) * (2.2 - weight), 1e-6)
            << p << ' ' << m << ' ' << weight;
      }
    }
  }
}

TEST(Bubble, OfZeroBubbleSchedulesStaysSmallerWhenTasksDifferInLength) {
  // An order made for equal tasks loses time on every microbatch: hundreds of them show it.
  for (const Schedule schedule : {Schedule::kZbH1, Schedule::kZbV, Schedule::kDualPipe}) {
    for (const int p : {2, 4, 8, 16}) {
      for (const int m : {16 * p, 40 * p}) {
        const int chunks = schedule_chunks(schedule, 1);
        const double share = schedule == Schedule::kZbV ? 0.5 : 1.0;
        const PipelineTimes times = uniform(p, chunks, share, 2.1 * share, 0.9 * share);
        const Seconds makespan = replay(make_program(schedule, p, chunks, m, task_weights(times)), times).makespan;
        EXPECT_LT(makespan.value(), 3.1 * (m + p - 1)) << text({schedule, p, chunks, m});
      }
    }
  }
}

TEST(PeakHeld, OfOneForwardOneBackwardFallsWithTheStage) {
  // Stage s holds min(M, p - s) microbatches.
  for (const int p : {1, 2, 4, 8}) {
    for (const int m : {1, 3, 8, 20}) {
      const Program program = make_program(Schedule::kOneFOneB, p, 1, m);
      for (int s = 0; s < p; ++s)
        EXPECT_DOUBLE_EQ(peak_held(program, s, {Bytes{1.0}}).value(), std::min(m, p - s)) << p << ' ' << m << ' ' << s;
    }
  }
}

TEST(PeakHeld, OfGPipeIsEveryMicrobatch) {
  const Program program = make_program(Schedule::kGPipe, 4, 1, 13);
  for (int s = 0; s < 4; ++s) EXPECT_DOUBLE_EQ(peak_held(program, s, {Bytes{2.0}}).value(), 26);
}

TEST(PeakHeld, OfZeroBubbleSchedulesKeepsToItsCap) {
  // ZB-H1: p microbatches; ZB-V: 2 p half-size chunks; DualPipe: p + 1.
  for (const int p : {2, 4, 7, 8}) {
    for (const int m : {2, 5, 8, 32, 33}) {
      for (int s = 0; s < p; ++s) {
        EXPECT_LE(peak_held(make_program(Schedule::kZbH1, p, 1, m), s, {Bytes{1.0}}).value(), p);
        EXPECT_LE(peak_held(make_program(Schedule::kZbV, p, 2, m), s, {Bytes{1.0}, Bytes{1.0}}).value(), 2 * p);
        EXPECT_LE(peak_held(make_program(Schedule::kDualPipe, p, 2, m), s, {Bytes{1.0}, Bytes{1.0}}).value(), p + 1);
      }
    }
  }
}

TEST(BuildingBlock, OfVMinIsTheOneThatIsWorkedOutByHand) {
  // p = 2, a slot a step. Stage 0: F0 0, F1 3, B1 4, B0 7; W1 behind B1 in slot 5, W0 in 8. Stage 1: F0 1, F1 2, B1 5,
  // B0 6; W1 behind B1 in 9 (6 to 8 are taken by B0, F0 and F1), W0 in 10. With two microbatches, the second 6 later.
  const Program program = make_program(Schedule::kVMin, 2, 2, 2);
  std::string order[2];
  for (std::size_t s = 0; s < 2; ++s) {
    for (const Task& task : program.tasks[s])
      order[s] += std::string(1, "FBW"[static_cast<int>(task.kind)]) + std::to_string(task.chunk) +
                  std::to_string(task.microbatch) + ' ';
  }
  EXPECT_EQ(order[0], "F00 F10 B10 W10 F01 B00 W00 F11 B11 W11 B01 W01 ");
  EXPECT_EQ(order[1], "F00 F10 B10 B00 F01 F11 W10 W00 B11 B01 W11 W01 ");
}

TEST(BuildingBlock, LivesOfBothChunksAddUpToTheSameOnEveryStage) {
  // 12 p slots for ZB-V's 2 p chunks: V-Half has 6 p and V-Min 4 p of them, and less than two chunks of waits each.
  for (const int p : {1, 2, 3, 4, 6, 8, 12, 16, 31}) {
    for (const auto& [schedule, share] : {std::pair{Schedule::kVHalf, 1.0}, {Schedule::kVMin, 2.0 / 3}}) {
      const Program program = make_program(schedule, p, 2, 4 * p + 8);
      const std::vector<int> held = held_of_block(*schedule_block(schedule), p, 4 * p + 8);
      for (int s = 0; s < p; ++s) {
        const double peak = peak_held(program, s, {Bytes{1.0}, Bytes{1.0}}).value();
        EXPECT_EQ(peak, held[static_cast<std::size_t>(s)]) << text({schedule, p, 2, 4 * p + 8}) << ' ' << s;
        EXPECT_LE(peak, share * p + 3) << text({schedule, p, 2, 4 * p + 8}) << ' ' << s;
      }
    }
  }
}

TEST(BuildingBlock, OfVMinHoldsLeastAndVHalfLessThanZeroBubbleV) {
  for (const int p : {4, 6, 8, 16}) {
    const auto peak = [&](Schedule schedule) {
      double most = 0;
      const Program program = make_program(schedule, p, 2, 6 * p);
      for (int s = 0; s < p; ++s) most = std::max(most, peak_held(program, s, {Bytes{1.0}, Bytes{1.0}}).value());
      return most;
    };
    EXPECT_LT(peak(Schedule::kVMin), peak(Schedule::kVHalf)) << p;
    EXPECT_LT(peak(Schedule::kVHalf), peak(Schedule::kZbV)) << p;
  }
}

TEST(BuildingBlock, LosesNoSlotOnEqualTasksOnceItRuns) {
  // Six slots a microbatch: the makespan grows by just the work.
  for (const Schedule schedule : {Schedule::kVHalf, Schedule::kVMin}) {
    for (const int p : {1, 2, 3, 4, 5, 6, 7, 8, 12}) {
      const auto makespan = [&](int m) {
        return replay(make_program(schedule, p, 2, m), uniform(p, 2, 1.0, 2.0, 1.0)).makespan.value();
      };
      EXPECT_NEAR(makespan(8 * p) - makespan(6 * p), 6.0 * 2 * p, 1e-9) << p;
    }
  }
}

}  // namespace
}  // namespace socle::train
