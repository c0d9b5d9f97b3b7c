#include "socle/report/train/train_report.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/answer/train/figures.hpp"
#include "socle/answer/train/sensitivity.hpp"
#include "socle/answer/train/waterfall.hpp"
#include "socle/base/error.hpp"
#include "socle/report/train/figure_rows.hpp"
#include "socle/report/train/timeline.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::report {
namespace {

using namespace answer;
using workload::Recompute;
using workload::Schedule;

// Llama 3 8B on 16 H100, laid out as asked: pp stages, the rest data parallel.
TrainCase case_of(workload::Layout layout, const char* model = "llama-3-8b") {
  const scenario::Scenario scenario = setup::read_scenario(
      {}, {}, {{"--model", model}, {"--cluster", "hgx-h100:2"}, {"--global-batch", "64"}, {"--seq", "4096"}},
      scenario::Question::kTrain);
  setup::TrainSetup setup = setup::set_up_job(catalog::Catalog(), scenario, {});
  const auto step = train::estimate_step(setup.model, setup.job, layout, setup.machine, train::Fidelity::kReplay);
  if (!step) throw InputError(Problem{{}, 0, 0, {}, step.why().detail});
  return {.model = setup.model,
          .job = setup.job,
          .precision = setup.precision,
          .layout = layout,
          .machine = std::move(setup.machine),
          .step = *step,
          .cluster = setup.cluster,
          .assumptions = {},
          .doubts = {}};
}

std::vector<workload::Layout> layouts() {
  return {{.tensor_parallel = 2, .pipeline_parallel = 1, .data_parallel = 8},
          {.tensor_parallel = 2,
           .sequence_parallel = true,
           .pipeline_parallel = 4,
           .data_parallel = 2,
           .recompute = Recompute::kFull},
          {.tensor_parallel = 1,
           .pipeline_parallel = 4,
           .virtual_pipeline = 2,
           .data_parallel = 4,
           .schedule = Schedule::kInterleaved},
          {.tensor_parallel = 2,
           .pipeline_parallel = 4,
           .data_parallel = 2,
           .schedule = Schedule::kZbH1,
           .recompute = Recompute::kSelective},
          {.tensor_parallel = 2, .pipeline_parallel = 4, .data_parallel = 2, .schedule = Schedule::kDualPipe},
          {.tensor_parallel = 2,
           .pipeline_parallel = 1,
           .context_parallel = 2,
           .data_parallel = 4,
           .sharding = workload::Sharding::kZero3}};
}

TEST(Waterfall, AddsUpToTheStepTime) {
  for (const workload::Layout& layout : layouts()) {
    const TrainCase run = case_of(layout);
    Seconds sum{};
    for (const WaterfallStep& step : waterfall(run)) sum += step.time;
    EXPECT_NEAR(sum / run.step.step_time, 1.0, 1e-12) << workload::layout_text(layout);
  }
}

TEST(Waterfall, HoldsNoRoundOffOfSums) {
  // With one stage nothing is out of balance: busiest minus average is zero, and not the round-off of either.
  for (const workload::Layout& layout : layouts()) {
    const TrainCase run = case_of(layout);
    for (const WaterfallStep& step : waterfall(run)) {
      EXPECT_TRUE(step.time == Seconds{} || std::fabs(step.time / run.step.step_time) >= 1e-10) << step.key;
      if (step.key == "imbalance" || step.key == "bubble") { EXPECT_GE(step.time, Seconds{}) << step.key; }
      if (layout.pipeline_parallel == 1 && step.key == "imbalance") { EXPECT_EQ(step.time, Seconds{}); }
    }
  }
}

TEST(Waterfall, StartsFromTheIdealTimeThatMfuMeans) {
  const TrainCase run = case_of(layouts().front());
  // MFU = ideal time / step time, by definition.
  EXPECT_NEAR(waterfall(run).front().time / run.step.step_time, run.step.mfu, 1e-12);
}

TEST(Timeline, HasOneSlicePerTask) {
  for (const workload::Layout& layout : layouts()) {
    const TrainCase run = case_of(layout);
    const Json trace = parse_json(timeline_trace(run), "trace");
    const train::Program program =
        train::make_program(layout.schedule, layout.pipeline_parallel, run.step.times.chunks, run.step.microbatches);
    std::size_t tasks = 0, slices = 0;
    for (const auto& stage : program.tasks) tasks += stage.size();
    for (const Json& event : trace.find("traceEvents")->as_array()) {
      const Json* category = event.find("cat");
      if (category == nullptr) continue;
      const std::string& name = category->as_string();
      slices += name == "forward" || name == "backward" || name == "weight gradient";
      EXPECT_LE(event.find("ts")->as_double() + event.find("dur")->as_double(),
                run.step.step_time.value() * 1e6 * (1 + 1e-9))
          << name;
    }
    EXPECT_EQ(slices, tasks) << workload::layout_text(layout);
  }
}

TEST(Sensitivity, PutsTheLargestSwingFirstAndBracketsTheStep) {
  const TrainCase run = case_of(layouts().front());
  Progress progress;
  const std::vector<Swing> swings = sensitivity(run, 2, progress);
  ASSERT_GE(swings.size(), 5u);
  for (std::size_t i = 0; i < swings.size(); ++i) {
    EXPECT_LE(swings[i].low, run.step.step_time) << swings[i].assumption;
    EXPECT_GE(swings[i].high, run.step.step_time) << swings[i].assumption;
    if (i == 0) continue;
    EXPECT_LE(swings[i].high - swings[i].low, swings[i - 1].high - swings[i - 1].low);
  }
}

TEST(Figures, HoldTheValueInsideTheRange) {
  TrainCase run = case_of(layouts().front());
  run.job.total_tokens = Tokens{1e12};
  run.cluster.rent_per_chip_hour = Money{2.0, Currency::kUsd};
  const TrainFigures figures = train_figures(run);
  for (const FigureRow& row : figure_rows(figures)) {
    EXPECT_LE(row.value.low, row.value.value) << row.key;
    EXPECT_GE(row.value.high, row.value.value) << row.key;
  }
  ASSERT_TRUE(figures.rent_of_run.has_value());
  // 16 chips at 2 USD an hour for 1e12 tokens / 262,144 tokens a step.
  const double rent = 16 * 2.0 * run.step.step_time.value() / 3600.0 * 1e12 / 262144.0;
  EXPECT_NEAR(figures.rent_of_run->value.amount, rent, rent * 1e-9);
}

}  // namespace
}  // namespace socle::report
