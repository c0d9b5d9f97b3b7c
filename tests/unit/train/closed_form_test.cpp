#include <cmath>

#include <gtest/gtest.h>

#include "socle/train/pipeline.hpp"

namespace socle::train {
namespace {

using workload::Schedule;

PipelineTimes uniform(int stages, int chunks, double hop) {
  PipelineTimes times;
  times.chunks = chunks;
  times.chunk.assign(static_cast<std::size_t>(stages * chunks), {Seconds{1.0}, Seconds{2.1}, Seconds{0.9}});
  times.hop = Seconds{hop};
  return times;
}

// Closed form against replay, relative.
double miss(Schedule schedule, int stages, int microbatches, const PipelineTimes& times) {
  const Seconds exact =
      replay(make_program(schedule, stages, times.chunks, microbatches, task_weights(times)), times).makespan;
  return closed_form_makespan(schedule, stages, microbatches, times) / exact - 1.0;
}

TEST(ClosedForm, IsExactOnUniformStages) {
  // Interleaved: microbatches in whole groups of p, as frameworks demand.
  for (std::size_t i = 0; i < schedules().size(); ++i) {
    const Schedule schedule = static_cast<Schedule>(i);
    for (const int p : {1, 2, 3, 4, 8, 12, 16}) {
      for (const int v : {1, 2, 3, 6}) {
        const int chunks = schedule_chunks(schedule, v);
        if (chunks != v && v > 1) continue;  // one chunk count only
        for (const int rounds : {1, 2, 3, 8, 31}) {
          const int m = rounds * p;
          if (schedule == Schedule::kDualPipe && m < 2) continue;
          EXPECT_LE(std::fabs(miss(schedule, p, m, uniform(p, chunks, 0))), 1e-9)
              << schedules()[i].name << " p=" << p << " v=" << chunks << " M=" << m;
        }
      }
    }
  }
}

TEST(ClosedForm, IsExactOnUniformStagesForAnyNumberOfMicrobatches) {
  for (const Schedule schedule : {Schedule::kGPipe, Schedule::kOneFOneB, Schedule::kZbH1, Schedule::kZbV}) {
    const int chunks = schedule_chunks(schedule, 1);
    for (const int p : {1, 2, 5, 8}) {
      for (int m = 1; m <= 200; m += m < 20 ? 1 : 17) {
        EXPECT_LE(std::fabs(miss(schedule, p, m, uniform(p, chunks, 0))), 1e-9)
            << static_cast<int>(schedule) << " p=" << p << " M=" << m;
      }
    }
  }
}

TEST(ClosedForm, OfDualPipeIsExactForOddMicrobatchesToo) {
  for (const int p : {2, 3, 4, 8}) {
    for (int m = 2; m <= 260; m += m < 20 ? 1 : 17) {
      EXPECT_LE(std::fabs(miss(Schedule::kDualPipe, p, m, uniform(p, 2, 0))), 1e-9) << "p=" << p << " M=" << m;
    }
  }
}

TEST(ClosedForm, PaysForMessagesWithinTwoPercent) {
  // Messages of 1 and 5 % of a forward pass.
  for (std::size_t i = 0; i < schedules().size(); ++i) {
    const Schedule schedule = static_cast<Schedule>(i);
    const int chunks = schedule_chunks(schedule, 3);
    for (const int p : {2, 4, 8, 16}) {
      for (const int rounds : {1, 2, 4, 16}) {
        for (const double hop : {0.01, 0.05}) {
          EXPECT_LE(std::fabs(miss(schedule, p, rounds * p, uniform(p, chunks, hop))), 0.02)
              << schedules()[i].name << " p=" << p << " M=" << rounds * p << " hop=" << hop;
        }
      }
    }
  }
}

// A pipeline of equal stages but one.
PipelineTimes slowed(int stages, int slow, double factor) {
  PipelineTimes times = uniform(stages, 1, 0);
  times.chunk[static_cast<std::size_t>(slow)].forward *= factor;
  times.chunk[static_cast<std::size_t>(slow)].backward *= factor;
  return times;
}

TEST(ClosedForm, OfOneForwardOneBackwardIsExactWhenOneStageIsSlow) {
  // A slow stage sets the pace, wherever it stands, with few microbatches too.
  for (const int p : {2, 4, 8}) {
    for (int slow = 0; slow < p; ++slow) {
      for (const double factor : {1.1, 1.5, 3.0}) {
        for (const int m : {p, 2 * p, 5 * p + 1}) {
          EXPECT_LE(std::fabs(miss(Schedule::kOneFOneB, p, m, slowed(p, slow, factor))), 1e-9)
              << p << ' ' << slow << ' ' << factor << ' ' << m;
        }
      }
    }
  }
}

TEST(ClosedForm, GrowsWithMicrobatches) {
  for (std::size_t i = 0; i < schedules().size(); ++i) {
    const Schedule schedule = static_cast<Schedule>(i);
    const int chunks = schedule_chunks(schedule, 2);
    Seconds before{};
    for (int m = 4; m <= 400; m += 4) {
      const Seconds now = closed_form_makespan(schedule, 4, m, uniform(4, chunks, 0.02));
      EXPECT_GT(now, before) << schedules()[i].name << ' ' << m;
      before = now;
    }
  }
}

}  // namespace
}  // namespace socle::train
