// Public reports from chips without measured kernels of serving: each inside its stated range (docs/design/serving.md).
#include <gtest/gtest.h>

#include "socle/api/serve.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

struct Report {
  const char* name;
  Flags flags;
  double tpot_ms;
};

std::vector<Report> reports() {
  const auto alone = [](const char* model, const char* chip, const char* engine, const char* tp, const char* weights) {
    return Flags{{"--model", model},     {"--chip", chip},       {"--engine", engine},    {"--tp", tp},
                 {"--weights", weights}, {"--concurrency", "1"}, {"--num-requests", "3"}, {"--output", "300"}};
  };
  const auto with = [](Flags flags, const Flags& more) {
    for (const auto& [key, value] : more) flags[key] = value;
    return flags;
  };
  const Flags long_prompt{{"--input", "15000"}};
  return {{"30B-A3B on H20", with(alone("qwen3-30b-a3b", "h20", "sglang", "1", "bf16"), long_prompt), 7.3},
          {"32B on H20", with(alone("qwen3-32b", "h20", "sglang", "1", "bf16"), long_prompt), 48.3},
          {"8B on H20, 64 at once",
           with(alone("qwen3-8b", "h20", "sglang", "1", "fp8"), {{"--concurrency", "64"}, {"--num-requests", "128"}}),
           23.9},
          {"DeepSeek-V3.2 on 8 H20", alone("deepseek-v3.2", "h20-141gb", "vllm-0.14", "8", "fp8"), 33.3},
          {"30B-A3B on 910B",
           with(alone("qwen3-30b-a3b", "ascend-910b2", "vllm-ascend-0.11", "4", "bf16"), long_prompt), 20},
          {"32B on 910B", with(alone("qwen3-32b", "ascend-910b2", "vllm-ascend-0.11", "4", "bf16"), long_prompt), 38},
          {"32B on 910B, an old release",
           {{"--model", "qwen3-32b"},
            {"--chip", "ascend-910b2"},
            {"--engine", "vllm-ascend-0.9"},
            {"--tp", "4"},
            {"--rate", "1"},
            {"--input", "lognormal 218 1.2"},
            {"--output", "lognormal 223 0.9"},
            {"--num-requests", "200"}},
           131}};
}

TEST(ServingReports, EachIsInsideItsStatedRange) {
  for (const Report& report : reports()) {
    const auto answer = api::serve(catalog::Catalog(), request_of({.scenario = {}, .flags = report.flags, .files = {}}),
                                   {.curve = false});
    ASSERT_TRUE(api::holds(answer)) << report.name;
    const double predicted = answer.result.figures.tpot.mean.value() * 1e3;
    const catalog::TimingRange& range = answer.result.setup.timing.tpot;
    EXPECT_GE(report.tpot_ms, range.low * predicted) << report.name;
    EXPECT_LE(report.tpot_ms, range.high * predicted) << report.name;
    EXPECT_NE(api::text(answer).find("No kernels of serving were measured"), std::string::npos) << report.name;
  }
}

}  // namespace
}  // namespace socle::test
