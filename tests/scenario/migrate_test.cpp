#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "socle/api/migrate_move.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"

namespace socle::test {
namespace {

using migrate::Decision;

api::MoveAnswer move(std::vector<std::string> inputs, const std::string& to, const std::string& from = "h100-sxm") {
  return api::migrate(catalog::Catalog(),
                      {.inputs = std::move(inputs), .from = from, .to = to, .read_file = [](const std::string& path) {
                         return read_file(path);
                       }});
}

std::string problem_of(std::vector<std::string> inputs, const std::string& to, const std::string& from = "h100-sxm") {
  try {
    move(std::move(inputs), to, from);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

/// A move is as good as its worst input, and its hours are those of all.
TEST(Migrate, JoinsWhatEachInputSays) {
  const auto answer = move({"vllm serve Qwen/Qwen3-32B -tp 2", "examples/migrate-cuda"}, "mi300x,ascend-910c,h20");
  const answer::MoveReport& report = answer.result;
  ASSERT_EQ(report.inputs.size(), 2u);
  EXPECT_EQ(report.inputs[0].kind, answer::InputKind::kServing);
  EXPECT_EQ(report.inputs[1].kind, answer::InputKind::kCode);
  for (std::size_t i = 0; i < report.targets.size(); ++i) {
    const answer::Finding &served = report.inputs[0].findings[i], &sources = report.inputs[1].findings[i];
    EXPECT_EQ(report.targets[i].decision, std::max(served.decision, sources.decision));
    EXPECT_DOUBLE_EQ(report.targets[i].hours, served.hours + sources.hours);
    EXPECT_EQ(report.targets[i].evidence, std::min(served.evidence, sources.evidence));
  }
  EXPECT_EQ(report.inputs[1].findings[1].decision, Decision::kNoGo) << "kernels do not go to Ascend by names";
  EXPECT_EQ(report.inputs[1].findings[2].decision, Decision::kGo) << "H20 runs CUDA";
}

TEST(Migrate, PlansAJobOfTrainingAnewWhereItGoes) {
  const auto answer = move({"examples/migrate-training/llama-70b.sh"}, "ascend-910c,h20,hip");
  const answer::MoveInput& job = answer.result.inputs.at(0);
  EXPECT_EQ(job.kind, answer::InputKind::kTraining);
  const auto figure = [&](std::size_t target, const std::string& name) {
    for (const answer::FindingFigure& one : job.findings[target].figures) {
      if (one.name == name) return one.text;
    }
    return std::string();
  };
  EXPECT_NE(figure(0, "tokens a chip, times today's"), "");
  EXPECT_NE(figure(0, "layout planned anew"), "");
  EXPECT_NE(figure(1, "rent of the run").find("CNY"), std::string::npos);
  EXPECT_EQ(figure(2, "tokens a chip, times today's"), "") << "a platform has no speed";
  EXPECT_NE(job.findings[0].launch.find("--handler-name"), std::string::npos);
}

TEST(Migrate, ReadsAModelOfOnnx) {
  const auto answer = move({"examples/migrate-onnx/text.onnx"}, "ascend-910c,t-head-ppu");
  EXPECT_EQ(answer.result.inputs.at(0).kind, answer::InputKind::kOnnx);
  EXPECT_EQ(answer.result.inputs.at(0).findings[1].decision, Decision::kNoGo) << "no list is known for it";
}

TEST(Migrate, TakesPlatformsWhereNoChipIsNeeded) {
  const auto answer = move({"examples/migrate-cuda"}, "hip,musa");
  EXPECT_EQ(answer.result.targets[0].platform, "hip");
  EXPECT_EQ(answer.result.inputs[0].findings[1].decision, Decision::kGoWithWork);
  const auto served = move({"vllm serve Qwen/Qwen3-32B -tp 2"}, "hip");
  EXPECT_EQ(served.result.inputs[0].findings[0].decision, Decision::kNoGo);
  EXPECT_NE(served.result.inputs[0].findings[0].places[0].why.find("name a chip"), std::string::npos);
  const auto platforms =
      move({"examples/migrate-cuda", "examples/migrate-training/llama-70b.sh"}, "musa,ascend", "cuda");
  EXPECT_EQ(platforms.result.inputs[0].findings[0].decision, Decision::kGoWithWork);
  EXPECT_EQ(platforms.result.inputs[1].findings[1].decision, Decision::kGoWithWork);
}

TEST(Migrate, WritesAPageInWhichNothingOfAnInputIsMarkup) {
  const auto answer =
      move({"vllm serve '<script>alert(1)</script>' --model Qwen/Qwen3-32B -tp 2 --chat-template '<b>&\"'"}, "h20");
  const std::string html = api::html(answer);
  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_NE(html.find("&lt;b&gt;"), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos) << "nothing is fetched";
}

TEST(Migrate, RefusesWhatIsNothingThatItKnows) {
  EXPECT_NE(problem_of({}, "h20").find("nothing to move"), std::string::npos);
  EXPECT_NE(problem_of({"no-such-thing"}, "h20").find("is not there"), std::string::npos);
  EXPECT_NE(problem_of({"README.md"}, "h20").find("README.md"), std::string::npos);
  EXPECT_NE(problem_of({"examples/migrate-cuda"}, "hip,hip").find("twice"), std::string::npos);
  EXPECT_NE(problem_of({"examples/migrate-cuda"}, "nowhere").find("nowhere"), std::string::npos);
  EXPECT_NE(problem_of({"examples/migrate-cuda"}, "hip", "").find("--from"), std::string::npos);
}

}  // namespace
}  // namespace socle::test
