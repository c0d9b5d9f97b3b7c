#include "socle/answer/validate/fit_stack.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "socle/answer/validate/predict_case.hpp"
#include "socle/answer/validate/stack_fit.hpp"
#include "socle/base/error.hpp"
#include "socle/catalog/relatives.hpp"
#include "socle/catalog/stack_figures.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::answer {
namespace {

constexpr const char* kHead =
    "id,source,year,model_name,seq_len,chip,n_chips,node_size,precision,tp,pp,cp,ep,dp,sharding,micro_batch,"
    "global_batch_seqs,recompute,measured_step_s,measured_mem_gb\n";

std::string row(int id, const char* model, int chips, int tp, int batch, double step) {
  return fmt::format("mine-{:03},ours,2025,{},4096,h100-sxm,{},8,bf16,{},1,1,1,{},zero1,1,{},none,{},\n", id, model,
                     chips, tp, chips / tp, batch, step);
}

/// Jobs of two models on 8 to 64 chips, without times.
std::string jobs(double (*step)(int)) {
  std::string text = kHead;
  int id = 0;
  for (const char* model : {"llama-3-8b", "llama-2-7b"}) {
    for (const int chips : {8, 16, 32, 64}) {
      text += row(id, model, chips, 2, 64, step(id));
      ++id;
    }
  }
  return text;
}

CsvTable table(const std::string& text) { return parse_csv(text, "mine.csv"); }

/// The same cases as a stack with one figure moved would run them: the truth that a fit should find again.
std::string runs_of(const catalog::Stack& truth) {
  const catalog::Catalog catalog;
  const CsvTable cases = table(jobs([](int) { return 1.0; }));
  const machine::MachineBuilder machines(catalog);
  std::string text = kHead;
  int id = 0;
  for (const char* model : {"llama-3-8b", "llama-2-7b"}) {
    for (const int chips : {8, 16, 32, 64}) {
      const TrainingCase c = read_training_case(catalog, cases, static_cast<std::size_t>(id));
      text += row(id, model, chips, 2, 64, predict_on(machines, c, truth)->step.value());
      ++id;
    }
  }
  return text;
}

std::string refusal(const FitStackQuestion& question, const std::string& csv = jobs([](int) { return 1.0; })) {
  try {
    fit_stack(catalog::Catalog(), table(csv), question);
  } catch (const InputError& error) { return error.what(); }
  return "not refused";
}

TEST(FitStack, FindsAgainWhatRunsWereMadeOf) {
  // The truth is 30 % slower in every kernel of matrices than the relatives of its stack; eight runs say so.
  const catalog::Catalog catalog;
  catalog::Stack truth = catalog::load_stack(catalog, "torchtitan-2025");
  truth.compute *= 1.3;
  const StackFit fit = fit_stack(catalog, table(runs_of(truth)), {.name = "torchtitan-2025", .threads = 2});
  EXPECT_EQ(fit.fitted.runs, 8);
  EXPECT_LT(fit.after.mean_absolute, 0.02);
  EXPECT_LT(fit.left_out.mean_absolute, 0.03);
  EXPECT_GT(fit.before.mean_absolute, 0.12);
  EXPECT_EQ(fit.folds, 8);
  EXPECT_GT(fit.fitted.compute, fit.prior.compute);
}

TEST(FitStack, RunsAsPredictedMoveNothing) {
  const catalog::Catalog catalog;
  const catalog::Stack truth = catalog::load_stack(catalog, "torchtitan-2025");
  const StackFit fit = fit_stack(catalog, table(runs_of(truth)), {.name = "torchtitan-2025", .threads = 1});
  // Times in the CSV are exact to some digits, so figures move by no more than their steps' end.
  for (const FittedFigure& figure : fit.figures)
    EXPECT_NEAR(figure.fitted, figure.prior, 1e-3 * figure.prior) << figure.name;
}

TEST(FitStack, TheOverlayIsAStackOfTheCatalogueWithTheFittedFigures) {
  const catalog::Catalog catalog;
  catalog::Stack truth = catalog::load_stack(catalog, "megatron-core-2025");
  truth.compute = 1.4;
  const StackFit fit =
      fit_stack(catalog, table(runs_of(truth)), {.name = "ours", .like = "megatron-core-2025", .threads = 1});
  EXPECT_EQ(fit.overlay_path(), "stacks/ours.toml");
  const catalog::Catalog laid({{.path = fit.overlay_path(), .text = fit.overlay, .source = "ours.toml"}});
  const catalog::Stack read = catalog::load_stack(laid, "ours");
  EXPECT_EQ(read.framework, "Megatron-LM");
  EXPECT_TRUE(read.overlap_tensor_parallel);
  EXPECT_TRUE(read.default_of.empty());
  EXPECT_EQ(read.runs, 8);
  for (const catalog::StackFigure& figure : catalog::stack_figures())
    EXPECT_NEAR(figure.get(read), figure.get(fit.fitted), 1e-3 * std::fabs(figure.get(fit.fitted))) << figure.name;
  EXPECT_NEAR(read.range_low, fit.fitted.range_low, 1e-4);
}

TEST(FitStack, DoesNotDependOnThreads) {
  const catalog::Catalog catalog;
  catalog::Stack truth = catalog::load_stack(catalog, "megatron-core-2025");
  truth.network = 2.0;
  const std::string csv = runs_of(truth);
  const StackFit one = fit_stack(catalog, table(csv), {.name = "ours", .family = "megatron-core", .threads = 1});
  const StackFit three = fit_stack(catalog, table(csv), {.name = "ours", .family = "megatron-core", .threads = 3});
  EXPECT_EQ(one.overlay, three.overlay);
  EXPECT_EQ(one.left_out.mean_absolute, three.left_out.mean_absolute);
}

TEST(FitStack, NewNamesLeanOnNothingUnlessRelativesAreNamed) {
  const catalog::Catalog catalog;
  const CsvTable cases = table(jobs([](int) { return 2.0; }));
  const StackFit alone = fit_stack(catalog, cases, {.name = "ours", .threads = 1});
  EXPECT_NE(alone.leaned_on.find("nothing"), std::string::npos);
  EXPECT_EQ(alone.prior.compute, 1.08);
  const StackFit kin = fit_stack(catalog, cases, {.name = "ours", .family = "deepspeed", .threads = 1});
  EXPECT_NE(kin.leaned_on.find("of its family (deepspeed)"), std::string::npos);
  EXPECT_NE(kin.prior.compute, 1.08);
}

TEST(FitStack, RefusesWhatItCannotDoWithTheRemedy) {
  EXPECT_NE(refusal({.name = "My Stack"}).find("write small letters, digits, - and ."), std::string::npos);
  EXPECT_NE(refusal({.name = "../x"}).find("is no name of a stack"), std::string::npos);
  EXPECT_NE(refusal({.name = "torchtitan-2025", .like = "megatron-core-2025"}).find("has facts of its own"),
            std::string::npos);
  EXPECT_NE(refusal({.name = "ours", .like = "megatron-core-2052"}).find("megatron-core-2025"), std::string::npos);
  EXPECT_NE(
      refusal({.name = "ours"}, std::string(kHead) + "a-1,ours,2025,nobody-knows,4096,h100-sxm,8,8,bf16,2,1,1,1,4,"
                                                     "zero1,1,64,none,2.0,\n")
          .find("none of 1 cases can be fitted on"),
      std::string::npos);
}

TEST(FitStack, AFewRunsStateTheRangeOfAllRunsMostly) {
  // Four runs at 1, all runs 0.8 to 1.2: 4 / 16 of 1 and 12 / 16 of 0.8 are 0.85; four runs scatter by
  // sqrt((4 + 8) / 4) = 1.732 more.
  catalog::Stack stack;
  take_range({1, 1, 1, 1}, {.low = 0.8, .high = 1.2}, stack);
  EXPECT_NEAR(stack.range_low, std::pow(0.85, std::sqrt(3.0)), 1e-12);
  EXPECT_NEAR(stack.range_high, std::pow(1.15, std::sqrt(3.0)), 1e-12);
  EXPECT_EQ(stack.runs, 4);
  EXPECT_EQ(stack.error, 0);
}

}  // namespace
}  // namespace socle::answer
