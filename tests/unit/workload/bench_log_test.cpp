#include "socle/workload/bench_log.hpp"

#include <gtest/gtest.h>

#include <string>

#include "socle/base/error.hpp"

namespace socle::workload {
namespace {

std::string problem_of(const std::string& text) {
  try {
    read_bench_log(text, "log");
  } catch (const InputError& error) { return error.what(); }
  return "";
}

TEST(BenchLog, ReadsWhatVllmBenchServeWrites) {
  const auto points = read_bench_log(
      R"({"backend": "vllm", "model_id": "m", "num_prompts": 100, "request_rate": "inf", "max_concurrency": 16,
          "completed": 100, "total_input_tokens": 102400, "total_output_tokens": 12800, "mean_ttft_ms": 250.5,
          "mean_tpot_ms": 20.25, "median_ttft_ms": 200})",
      "run.json");
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].requests, 100);
  EXPECT_DOUBLE_EQ(points[0].input, 1024);
  EXPECT_DOUBLE_EQ(points[0].output, 128);
  EXPECT_EQ(points[0].concurrency, 16);
  EXPECT_FALSE(points[0].rate);
  EXPECT_DOUBLE_EQ(points[0].ttft.value(), 0.2505);
  EXPECT_DOUBLE_EQ(points[0].tpot.value(), 0.02025);
}

TEST(BenchLog, ReadsLinesOfSglangWithTheirPlace) {
  const std::string line = R"({"backend": "sglang", "request_rate": 4.0, "completed": 10, "total_input_tokens": 100, )"
                           R"("total_output_tokens": 50, )"
                           R"("mean_ttft_ms": 10, "mean_itl_ms": 5})";
  const auto points = read_bench_log(line + "\n" + line + "\n", "runs.jsonl");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[1].source, "runs.jsonl:2");
  EXPECT_EQ(points[1].rate, 4.0);
  EXPECT_DOUBLE_EQ(points[1].tpot.value(), 0.005);
}

TEST(BenchLog, ReadsPrintedReports) {
  const std::string text =
      "============ Serving Benchmark Result ============\n"
      "Successful requests:                     80        \n"
      "Maximum request concurrency:             8         \n"
      "Benchmark duration (s):                  32.10     \n"
      "Total input tokens:                      81920     \n"
      "Total generated tokens:                  10240     \n"
      "---------------Time to First Token----------------\n"
      "Mean TTFT (ms):                          91.20     \n"
      "-----Time per Output Token (excl. 1st token)------\n"
      "Mean TPOT (ms):                          11.50     \n";
  const auto points = read_bench_log("INFO starting\n" + text + text, "out.txt");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[1].source, "out.txt#2");
  EXPECT_DOUBLE_EQ(points[0].input, 1024);
  EXPECT_EQ(points[0].concurrency, 8);
}

TEST(BenchLog, ReadsProfilesOfGenAiPerf) {
  const auto points = read_bench_log(
      R"({"time_to_first_token": {"unit": "ms", "avg": 60}, "inter_token_latency": {"unit": "ms", "avg": 12},
          "input_sequence_length": {"avg": 1000}, "output_sequence_length": {"avg": 200}, "request_count": {"avg": 64},
          "input_config": {"perf_analyzer": {"stimulus": {"concurrency": 4}}}})",
      "profile_export_genai_perf.json");
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].requests, 64);
  EXPECT_EQ(points[0].concurrency, 4);
}

TEST(BenchLog, RefusesWhatIsNone) {
  EXPECT_NE(problem_of("").find("is empty"), std::string::npos);
  EXPECT_NE(problem_of("hello").find("is no result of a load generator"), std::string::npos);
  EXPECT_NE(problem_of("{}").find("completed is missing"), std::string::npos);
  EXPECT_NE(problem_of(R"({"completed": 1)").find("log"), std::string::npos);
  EXPECT_NE(problem_of(R"({"completed": 1, "total_input_tokens": 5, "total_output_tokens": 5, "mean_ttft_ms": -1})")
                .find("mean_ttft_ms is missing or not above 0"),
            std::string::npos);
  EXPECT_NE(problem_of(R"({"completed": 1, "total_input_tokens": 1e300, "total_output_tokens": 5, "mean_ttft_ms": 1,
                           "mean_tpot_ms": 1})")
                .find("beyond anything"),
            std::string::npos);
}

}  // namespace
}  // namespace socle::workload
