// Low-rank adapters through the public face.
#include <gtest/gtest.h>

#include <string>

#include "support/ask_serving.hpp"

namespace socle::test {
namespace {

const Flags kServed{{"--model", "llama-3.1-8b"},
                    {"--chip", "h100-sxm"},
                    {"--tp", "1"},
                    {"--rate", "8"},
                    {"--input", "500"},
                    {"--output", "150"},
                    {"--num-requests", "400"},
                    {"--max-model-len", "8192"},
                    {"--engine", "vllm-0.19"}};

answer::ServeResult served(const Flags& more) { return served_by(with(kServed, more)); }
std::string problem_of(const Flags& more) { return problem_of_serving(with(kServed, more)); }

const Flags kMany{{"--lora-adapters", "64"}, {"--max-cpu-loras", "64"}};

TEST(ServeLora, FewerSlotsMakeRequestsWaitForTheirAdapter) {
  const auto eight = served(with(kMany, {{"--max-loras", "8"}})), all = served(with(kMany, {{"--max-loras", "64"}}));
  EXPECT_GT(eight.figures.ttft.mean, 2.0 * all.figures.ttft.mean);
  EXPECT_EQ(all.figures.adapter_loads.from_host, 0);  // each comes once, and stays
  EXPECT_LE(all.figures.adapter_loads.from_disk, 64);
  EXPECT_GT(eight.figures.adapter_loads.from_host, 0);
  EXPECT_EQ(all.figures.output_tokens, eight.figures.output_tokens);
}

TEST(ServeLora, AHostThatForgetsReadsFromDisk) {
  const auto small = served(with(kMany, {{"--max-loras", "8"}, {"--max-cpu-loras", "8"}}));
  EXPECT_EQ(small.figures.adapter_loads.from_host, 0);
  EXPECT_GT(small.figures.adapter_loads.from_disk, 64);
}

TEST(ServeLora, RequestsOfTheModelItselfCostNothing) {
  const auto none = served({{"--max-loras", "8"}, {"--lora-share", "0"}});
  EXPECT_EQ(none.figures.adapter_loads.all(), 0);
  EXPECT_EQ(none.figures.tpot.mean, served({}).figures.tpot.mean);
}

TEST(ServeLora, SlotsOfHigherRankLeaveLessCache) {
  const auto tokens = [](const char* rank) {
    return served({{"--max-loras", "16"}, {"--max-lora-rank", rank}}).fit.chosen.memory->tokens;
  };
  EXPECT_GT(tokens("16"), tokens("64"));
  EXPECT_GT(served({}).fit.chosen.memory->tokens, tokens("16"));
}

TEST(ServeLora, ACommandIsReadAndWritten) {
  api::Request request = request_of({.scenario = {}, .flags = {{"--chip", "h100-sxm"}, {"--engine", "vllm-0.19"}}});
  request.launch_text =
      "vllm serve meta-llama/Llama-3.1-8B --enable-lora --max-loras 4 --max-lora-rank 32 --max-cpu-loras 10";
  request.launch_name = "--from";
  const auto read = api::serve_emit(catalog::Catalog(), request, "vllm");
  EXPECT_EQ(read.result.setup.serve.adapters, (workload::AdapterServing{.slots = 4, .host = 10, .rank = 32}));
  EXPECT_NE(api::text(read).find("--enable-lora \\\n  --max-loras 4 \\\n  --max-lora-rank 32 \\\n  --max-cpu-loras 10"),
            std::string::npos)
      << api::text(read);
}

TEST(ServeLora, RefusesWhatEnginesRefuse) {
  const auto expect = [](const Flags& flags, const char* text) {
    const std::string problem = problem_of(flags);
    EXPECT_NE(problem.find(text), std::string::npos) << problem;
  };
  expect({{"--max-lora-rank", "24"}}, "has no room for rank 24; use one of 1, 8, 16, 32");
  expect({{"--max-loras", "8"}, {"--max-cpu-loras", "4"}}, "raise the one or lower the other");
  expect({{"--max-loras", "2"}, {"--lora-targets", "attention"}}, "leave targets out");
}

TEST(ServeLora, SlotsThatLeaveNoCacheAreExplained) {
  const auto result = served({{"--max-loras", "1000"}, {"--max-lora-rank", "64"}});
  EXPECT_FALSE(result.fits);
  EXPECT_GT(result.fit.chosen.missing, Bytes{});
}

}  // namespace
}  // namespace socle::test
