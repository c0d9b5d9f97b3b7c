// Every question through the public face, its answer read from fields: no text is parsed.
#include <gtest/gtest.h>

#include "socle/api/catalog.hpp"
#include "socle/api/validate.hpp"
#include "socle/base/file_io.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

const Flags kJob{
    {"--model", "llama-3-8b"}, {"--cluster", "hgx-h100:2"}, {"--tokens", "1T"}, {"--rent", "2 USD/chip-hour"}};

TEST(ApiFields, Train) {
  const api::TrainAnswer answer = train_of({.flags = kJob}, true);
  ASSERT_TRUE(answer.result);
  const answer::TrainResult& result = *answer.result;
  EXPECT_EQ(result.figures.step_time.value, result.run.step.step_time);
  EXPECT_LT(result.figures.step_time.low, result.figures.step_time.value);
  EXPECT_GT(result.figures.step_time.high, result.figures.step_time.value);
  EXPECT_GT(result.figures.mfu.value, 0.2);
  EXPECT_TRUE(result.search->proven);
  EXPECT_EQ(result.run.layout.chips(), 16);
  ASSERT_TRUE(result.figures.rent_of_run && result.figures.run);
  // 16 chips at 2 USD an hour.
  EXPECT_NEAR(result.figures.rent_of_run->value.amount, 32.0 * result.figures.run->value.value() / 3600.0, 1e-6);
  Seconds parts{};
  for (const answer::WaterfallStep& part : result.waterfall) parts += part.time;
  EXPECT_NEAR(parts / result.run.step.step_time, 1.0, 1e-9);
  EXPECT_FALSE(result.swings.empty());
}

TEST(ApiFields, TrainThatDoesNotFit) {
  Flags flags = kJob;
  flags["--cluster"] = "hgx-h100:1";
  flags["--model"] = "llama-3.1-405b";
  const api::TrainAnswer answer = train_of({.flags = flags});
  ASSERT_FALSE(answer.result);
  EXPECT_EQ(answer.result.why().reason, "memory");
  EXPECT_FALSE(answer.result.why().remedy.empty());
}

TEST(ApiFields, TrainOnFlows) {
  Flags flags = kJob;
  flags["--network"] = "flow";
  const api::TrainAnswer answer = train_of({.flags = flags});
  ASSERT_TRUE(answer.result && answer.result->network);
  EXPECT_GT(answer.result->network->closed_form_step, Seconds{});
}

TEST(ApiFields, Plan) {
  Flags flags = kJob;
  flags["--power"] = "1 MW";
  const api::PlanAnswer answer = api::plan(catalog::Catalog(), request_of({.flags = flags}));
  ASSERT_TRUE(answer.result.plan.winner);
  const search::PlannedOffer& offer = answer.result.plan.offers[*answer.result.plan.winner];
  EXPECT_EQ(offer.chips, 16);
  EXPECT_GT(offer.run, Seconds{});
}

TEST(ApiFields, Compare) {
  const api::CompareAnswer answer = api::compare(catalog::Catalog(), request_of({.flags = {{"--model", "llama-3-8b"}}}),
                                                 {.chips = {"h100-sxm", "h20"}, .count = 16, .day = {}});
  ASSERT_EQ(answer.result.chips.size(), 2u);
  EXPECT_TRUE(answer.result.all_run());
  // Compute-bound: 989 against 148 TFLOP/s.
  EXPECT_GT(answer.result.chips[0].per_chip(), 3.0 * answer.result.chips[1].per_chip());
}

TEST(ApiFields, DesignFabric) {
  const api::DesignAnswer answer = api::design_fabric(
      catalog::Catalog(), request_of({.flags = {{"--hosts", "32"}, {"--nics", "8"}, {"--link", "400 Gb/s"}}}));
  EXPECT_TRUE(answer.result.feasible());
  EXPECT_EQ(answer.result.question.endpoints(), 256u);
  EXPECT_FALSE(answer.result.candidates.empty());
}

TEST(ApiFields, SimulateFabric) {
  const api::FabricAnswer answer =
      api::simulate_fabric(catalog::Catalog(), request_of({.flags = {{"--hosts", "128"},
                                                                     {"--nics", "1"},
                                                                     {"--radix", "8"},
                                                                     {"--tiers", "3"},
                                                                     {"--traffic", "all-reduce"},
                                                                     {"--bytes", "1 GB"}}}));
  const answer::SimulateResult& result = std::get<api::SimulateAnswer>(answer).result;
  // 254 steps of 7.8125 MB at 50 GB/s, 6 us each.
  EXPECT_NEAR(result.completion_time().value(), 41.2115e-3, 1e-12);
  EXPECT_NEAR(result.bus_bandwidth().value(), 2.0 * 127 / 128 * 1e9 / 41.2115e-3, 1.0);
  EXPECT_TRUE(result.complete());
}

TEST(ApiFields, CalibrateFabric) {
  const std::string path = "examples/nccl-all-reduce-8xh100.log";
  const api::CalibrateAnswer answer = api::calibrate_fabric(
      catalog::Catalog(),
      {.logs = {{path, read_file(path)}}, .collective = {}, .gpu = {}, .ranks = 0, .nodes = 0, .nic = {}});
  EXPECT_EQ(answer.result.chip, "h100-sxm");
  ASSERT_FALSE(answer.result.sweeps.empty());
  EXPECT_GT(answer.result.sweeps.front().bus_gb_s(), 100.0);
}

TEST(ApiFields, Catalog) {
  const catalog::Catalog catalog;
  EXPECT_EQ(api::catalog_list(catalog, "chips").chips.size(), catalog.chips().size());
  const answer::CatalogResult h100 = api::catalog_show(catalog, "", "h100");
  ASSERT_EQ(h100.chips.size(), 1u);
  EXPECT_EQ(h100.chips.front().slug, "h100-sxm");
  EXPECT_EQ(h100.exports.size(), 3u);
}

TEST(ApiFields, Validate) {
  const std::string path = "validation/training.csv";
  const api::ValidationAnswer answer = api::validate(
      catalog::Catalog(), {.kind = "training", .csv = read_file(path), .source_name = path, .threads = 0});
  const auto& training = std::get<answer::TrainingValidation>(answer.result);
  EXPECT_GT(training.step_time.front().cases, 1000);
  EXPECT_LT(training.step_time.front().mean_absolute, 0.10);
}

TEST(ApiFields, CancelledWorkSaysSo) {
  Progress progress;
  progress.cancel();
  EXPECT_THROW(api::train(catalog::Catalog(), request_of({.flags = kJob}), {}, &progress), Cancelled);
}

TEST(ApiFields, ProgressReachesItsEnd) {
  Progress progress;
  api::train(catalog::Catalog(), request_of({.flags = kJob}), {}, &progress);
  EXPECT_STREQ(progress.what(), "searching layouts");
  EXPECT_GT(progress.share(), 0.9);
}

}  // namespace
}  // namespace socle::test
