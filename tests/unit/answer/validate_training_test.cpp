#include "socle/answer/validate/validate_training.hpp"
#include "socle/answer/validate/training_case.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/report/validate/validate_report.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::answer {
namespace {

// Every bar below is a promise to the reader of a number; the figures of today stand in docs/design/calibration.md.
class PublishedRuns : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const catalog::Catalog catalog;
    const std::string path = "validation/training.csv";
    validation = new TrainingValidation(validate_training(catalog, parse_csv(read_file(path), path), 0));
  }
  static void TearDownTestSuite() {
    delete validation;
    validation = nullptr;
  }
  static const ErrorSummary& overall() { return validation->step_time.front(); }

  static const TrainingValidation* validation;
};

const TrainingValidation* PublishedRuns::validation = nullptr;

TEST_F(PublishedRuns, AreManyAndOneIsNeverDropped) {
  EXPECT_GE(overall().cases, 1200);
  int step_rows = 0;
  for (const ValidationRow& row : validation->rows) {
    step_rows += row.metric == "step_s";
    EXPECT_NE(row.predicted, !row.reason.empty()) << row.id;
  }
  EXPECT_EQ(step_rows, 1424);
}

TEST_F(PublishedRuns, StepTimeErrsByTenPercentOnAverageAndSixInTheMiddle) {
  EXPECT_LE(overall().mean_absolute, 0.10);
  EXPECT_LE(overall().median_absolute, 0.06);
}

TEST_F(PublishedRuns, StepTimeIsNotBiasedByThreePercent) { EXPECT_LE(std::fabs(overall().signed_mean), 0.03); }

TEST_F(PublishedRuns, StepTimeErrsByFourteenPercentOnNoChipWithTwentyRuns) {
  int chips = 0;
  for (const ErrorSummary& summary : validation->step_time) {
    if (!summary.group.starts_with("chip ") || summary.cases < 20) continue;
    ++chips;
    EXPECT_LE(summary.mean_absolute, 0.14) << summary.group;
  }
  EXPECT_GE(chips, 6);
}

TEST_F(PublishedRuns, StatedRangesHoldNineOfTenMeasurements) {
  EXPECT_GE(overall().covered, 0.85);
  EXPECT_LE(overall().covered, 0.95);
}

TEST_F(PublishedRuns, MemoryErrsByEightPercent) {
  const ErrorSummary& memory = validation->memory.front();
  EXPECT_GE(memory.cases, 40);
  EXPECT_LE(memory.mean_absolute, 0.08);
}

TEST_F(PublishedRuns, NoneIsCalledOutOfMemory) { EXPECT_EQ(validation->wrongly_out_of_memory, 0); }

TEST_F(PublishedRuns, NineteenOfTwentyKnownLayoutsArePredicted) {
  EXPECT_GE(validation->known_layout_predicted, 0.95 * validation->known_layout);
}

TEST_F(PublishedRuns, KorthikantiStepTimesErrByFourPercent) {
  // The only rows with exact layouts, recompute and step times from one paper.
  const auto& all = validation->step_time;
  const auto korth =
      std::find_if(all.begin(), all.end(), [](const ErrorSummary& s) { return s.group == "source korth"; });
  ASSERT_NE(korth, all.end());
  EXPECT_EQ(korth->cases, 4);
  EXPECT_LE(korth->mean_absolute, 0.04);
}

TEST(ValidateTraining, GivesTheSameRowsForAnyNumberOfThreads) {
  const catalog::Catalog catalog;
  std::string text = read_file("validation/training.csv");
  std::size_t end = 0;
  for (int line = 0; line < 60; ++line) end = text.find('\n', end) + 1;
  const CsvTable cases = parse_csv(text.substr(0, end), "head");
  EXPECT_EQ(report::validation_rows_csv(validate_training(catalog, cases, 1).rows),
            report::validation_rows_csv(validate_training(catalog, cases, 3).rows));
}

// What is said of one row with a few cells set.
std::string refusal_of(const std::string& layers, const std::string& vocab, const std::string& heads) {
  const std::string text =
      "id,source,year,model_name,layers,hidden,heads,vocab,seq_len,chip,n_chips,tp,pp,global_batch_seqs,measured_step_"
      "s\n"
      "a-1,a,2024,own," +
      layers + ",4096," + heads + "," + vocab + ",2048,h100-sxm,8,8,1,64,1.5\n";
  try {
    validate_training(catalog::Catalog(), parse_csv(text, "rows.csv"), 1);
  } catch (const InputError& error) { return error.what(); }
  return "";
}

TEST(ValidateTraining, NamesANumberOutOfItsRangeWithItsPlace) {
  EXPECT_EQ(refusal_of("32", "32000", "32"), "");
  EXPECT_EQ(refusal_of("1000000000", "4294967296", "32"),
            "rows.csv:2:5: layers = '1000000000'; write a whole number from 0 to 4096, or leave it empty\n"
            "rows.csv:2:8: vocab = '4294967296'; write a whole number from 0 to 10000000, or leave it empty");
  EXPECT_NE(refusal_of("2.5", "-1", "32").find("rows.csv:2:8: vocab = '-1'"), std::string::npos);
  EXPECT_NE(refusal_of("32", "32000", "100000").find("head_dim is zero"), std::string::npos);
}

// Modules that a row's notes name, with the model that it names.
std::vector<std::string> modules_of(const std::string& model, const std::string& notes) {
  const CsvTable table = parse_csv(
      "id,source,year,model_name,seq_len,chip,n_chips,tp,pp,ep,global_batch_seqs,recompute,overlap_notes,measured_step_"
      "s\n"
      "a-1,a,2026," +
          model + ",4096,h100-sxm,64,1,4,8,256,selective," + notes + ",1.5\n",
      "rows.csv");
  const TrainingCase c = read_training_case(catalog::Catalog(), table, 0);
  EXPECT_EQ(c.unsupported, "");
  EXPECT_EQ(c.layout.recompute, workload::Recompute::kSelective);
  return workload::names_of_modules(c.layout.recompute_modules);
}

TEST(ValidateTraining, ReadsTheModulesThatNotesName) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(modules_of("DeepSeek-V3", "recompute_modules=mla_up_proj; moe dispatcher=deepep"), Names{"mla_up_proj"});
  EXPECT_EQ(modules_of("Qwen3-30B-A3B", "x; recompute_modules=layernorm+moe_act"), (Names{"moe_act", "layernorm"}));
  // What the model does not have its framework leaves alone.
  EXPECT_EQ(modules_of("Qwen3-30B-A3B", "recompute_modules=moe+shared_experts+mla_up_proj"), Names{"moe"});
  EXPECT_EQ(modules_of("DeepSeek-V3", "no overlap"), Names{});
  EXPECT_THROW(modules_of("DeepSeek-V3", "recompute_modules=norms"), InputError);
}

}  // namespace
}  // namespace socle::answer
