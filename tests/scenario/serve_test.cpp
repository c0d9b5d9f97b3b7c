#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"
#include "socle/base/error.hpp"

namespace socle {
namespace {

using Flags = scenario::Flags;

/// The answer of `socle serve` to flags.
answer::ServeResult served(const Flags& flags, const answer::ServeOptions& options = {.curve = false}) {
  const catalog::Catalog catalog = api::load_catalog("");
  const api::Request request{.flags = flags};
  return api::serve(catalog, request, options).result;
}

const Flags kChat{{"--model", "llama-3.1-8b"}, {"--chip", "h100-sxm"}, {"--rate", "4"},
                  {"--input", "800"},          {"--output", "200"},    {"--num-requests", "400"},
                  {"--max-model-len", "8192"}};

Flags with(Flags flags, const Flags& more) {
  for (const auto& [flag, value] : more) flags[flag] = value;
  return flags;
}

std::string problem_of(const Flags& flags, const api::ServePlanRequest* plan = nullptr) {
  try {
    const catalog::Catalog catalog = api::load_catalog("");
    const api::Request request{.flags = flags};
    if (plan)
      api::serve_plan(catalog, request, *plan);
    else
      api::serve(catalog, request, {});
  } catch (const InputError& error) { return error.what(); }
  return "";
}

TEST(Serve, ConservesTokensAndRequests) {
  const answer::ServeResult result = served(kChat, {.curve = false, .keep_rows = true});
  ASSERT_TRUE(result.fits);
  EXPECT_EQ(result.figures.requests, 400);
  EXPECT_EQ(result.rows.size(), 400U);
  EXPECT_EQ(result.figures.input_tokens, 400.0 * 800);
  EXPECT_EQ(result.figures.output_tokens, 400.0 * 200);
}

TEST(Serve, LatencyGrowsWithLoadAndTheObjectivesHoldUpToTheCapacity) {
  const answer::ServeResult result =
      served(with(kChat, {{"--slo-ttft", "400 ms"}, {"--slo-tpot", "20 ms"}}), {.curve = true});
  ASSERT_EQ(result.curve.size(), 7U);
  for (std::size_t i = 1; i < result.curve.size(); ++i)
    EXPECT_GE(result.curve[i].tpot_mean, result.curve[i - 1].tpot_mean) << i;
  ASSERT_TRUE(result.capacity);
  for (const answer::LoadPoint& p : result.curve) {
    const bool holds = p.share_met >= 0.99;
    const bool near = std::fabs(p.rate / *result.capacity - 1) < 0.03;
    EXPECT_TRUE(near || holds == (p.rate < *result.capacity)) << p.rate;
  }
}

TEST(Serve, TwoReplicasCarryTwiceTheLoadOfOne) {
  const Flags slo{{"--slo-tpot", "20 ms"}, {"--router", "least-loaded"}};
  const auto one = served(with(kChat, slo), {.curve = true}).capacity;
  const auto two = served(with(with(kChat, slo), {{"--replicas", "2"}}), {.curve = true}).capacity;
  ASSERT_TRUE(one && two);
  EXPECT_NEAR(*two / *one, 2.0, 0.15);  // pooling evens bursts out
}

TEST(Serve, AClosedLoopHasNoMoreAtOnceThanItsClients) {
  Flags flags = kChat;
  flags.erase("--rate");
  const answer::ServeResult result = served(with(flags, {{"--concurrency", "8"}}));
  for (const answer::FleetSample& s : result.figures.samples) EXPECT_LE(s.waiting + s.running, 8);
  EXPECT_TRUE(result.curve.empty());
}

TEST(Serve, SharesRentOutBetweenPromptsAndWhatIsGenerated) {
  const Flags rented = with(kChat, {{"--rent", "2 USD/chip-hour"}});
  const answer::ServeResult chat = served(rented);
  ASSERT_TRUE(chat.split);
  const answer::ServeFigures& f = chat.figures;
  const double spent = 2.0 * chat.chips * f.makespan.value() / 3600;
  EXPECT_NEAR(chat.split->per_million_input.amount * (f.input_tokens - f.cached_tokens) / 1e6 +
                  chat.split->per_million_output.amount * f.output_tokens / 1e6,
              spent, 1e-9 * spent);
  // Long prompts and short answers take most of the time for prompts; the other way round least of it.
  const auto share = [&](const char* input, const char* output) {
    return served(with(rented, {{"--input", input}, {"--output", output}})).split->prompt_share;
  };
  EXPECT_GT(share("4000", "10"), 0.7);
  EXPECT_LT(share("50", "800"), 0.1);
  EXPECT_FALSE(served(kChat).split);
}

TEST(Serve, AModelThatDoesNotFitIsExplainedAndNotSimulated) {
  const answer::ServeResult result = served(with(kChat, {{"--model", "llama-3.1-405b"}, {"--tp", "4"}}));
  EXPECT_FALSE(result.fits);
  EXPECT_GT(result.fit.chosen.missing, Bytes{});
  EXPECT_EQ(result.figures.requests, 0);
}

TEST(Serve, SpeculationShortensTokensAndSkewLengthensThem) {
  const Flags moe{{"--model", "deepseek-v2-lite"},
                  {"--chip", "h100-sxm"},
                  {"--concurrency", "16"},
                  {"--num-requests", "100"},
                  {"--max-model-len", "8192"}};
  const double plain = served(moe).figures.tpot.mean.value();
  EXPECT_LT(served(with(moe, {{"--drafts", "2"}, {"--accepted", "0.8"}})).figures.tpot.mean.value(), plain);
  EXPECT_GT(served(with(moe, {{"--skew", "0"}})).figures.tpot.mean.value(), plain);  // balanced: every expert is read
}

TEST(ServePlan, TheBestCostsNoMoreThanAnyOtherThatWouldHold) {
  const catalog::Catalog catalog = api::load_catalog("");
  const api::Request request{.flags =
                                 with(kChat, {{"--rate", "30"}, {"--slo-ttft", "500 ms"}, {"--slo-tpot", "25 ms"}})};
  const answer::ServePlanResult result =
      api::serve_plan(catalog, request, {.chips = "h100-sxm,l40s", .own_limits = true}).result;
  ASSERT_TRUE(result.holds());
  const answer::PlanEntry& best = result.entries.front();
  EXPECT_GE(result.best->share_met, 0.99);
  for (const answer::PlanEntry& e : result.entries) {
    const bool other = e.verdict == answer::PlanVerdict::kHolds || e.verdict == answer::PlanVerdict::kBound;
    EXPECT_TRUE(!other || e.cost >= std::ceil(30.0 / best.capacity) * best.layout.chips()) << e.cost;
    EXPECT_LE(e.capacity, e.bound * (1 + 1e-9));
  }
}

TEST(ServePlan, AStockIsKeptToAndMixedWhereOneKindIsTooFew) {
  const catalog::Catalog catalog = api::load_catalog("");
  const api::Request request{.flags =
                                 with(kChat, {{"--rate", "300"}, {"--slo-ttft", "500 ms"}, {"--slo-tpot", "25 ms"}})};
  const auto plan = [&](const char* stock) {
    return api::serve_plan(catalog, request, {.chips = "h100-sxm,h200-sxm", .stock = stock, .own_limits = true}).result;
  };
  const answer::ServePlanResult plenty = plan("1000,1000");
  ASSERT_TRUE(plenty.mix);
  const int needed = plenty.mix->chips;
  ASSERT_GT(needed, 2);
  const answer::ServePlanResult scarce = plan("2,1000");
  ASSERT_TRUE(scarce.mix);
  EXPECT_GE(scarce.mix->figures.share_met, 0.99);
  int used[] = {0, 0};
  for (const answer::PlanMix::Part& part : scarce.mix->parts) {
    const answer::PlanEntry& e = scarce.entries[part.entry];
    used[e.candidate] += part.replicas * e.layout.chips();
  }
  EXPECT_LE(used[0], 2);
  EXPECT_EQ(used[0] + used[1], scarce.mix->chips);
  EXPECT_GE(scarce.mix->cost, plenty.mix->cost);
  EXPECT_FALSE(plan("1,0").holds());
}

TEST(ServePlan, IsTheSameForAnyNumberOfThreads) {
  const catalog::Catalog catalog = api::load_catalog("");
  const api::Request request{.flags = with(kChat, {{"--slo-tpot", "25 ms"}})};
  const auto one = api::json(api::serve_plan(catalog, request, {.threads = 1}));
  EXPECT_EQ(one, api::json(api::serve_plan(catalog, request, {.threads = 4})));
}

TEST(ServePlan, SaysWhichObjectiveNothingCanKeep) {
  const catalog::Catalog catalog = api::load_catalog("");
  const api::Request request{.flags = with(kChat, {{"--slo-tpot", "1 ms"}})};
  const auto answer = api::serve_plan(catalog, request, {});
  EXPECT_FALSE(api::holds(answer));
  EXPECT_NE(api::text(answer).find("TPOT alone"), std::string::npos);
}

TEST(ServePlan, RefusesWhatItCannotPlan) {
  api::ServePlanRequest plan;
  EXPECT_NE(problem_of(kChat, &plan).find("a plan needs objectives: write --slo-ttft"), std::string::npos);
  Flags closed = with(kChat, {{"--concurrency", "4"}, {"--slo-tpot", "1 s"}});
  closed.erase("--rate");
  EXPECT_NE(problem_of(closed, &plan).find("a plan needs a rate of requests"), std::string::npos);
  const Flags held = with(kChat, {{"--slo-tpot", "50 ms"}});
  plan = {.chips = "h100-sxm,h20", .rents = "1 USD,2 USD,3 USD"};
  EXPECT_NE(problem_of(held, &plan).find("names 3 rents for 2 chips"), std::string::npos);
  plan = {.goal = "speed"};
  EXPECT_NE(problem_of(held, &plan).find("write chips, price or power"), std::string::npos);
  plan = {.formats = "int3"};
  EXPECT_NE(problem_of(held, &plan).find("is no format of weights"), std::string::npos);
  plan = {.goal = "price"};
  EXPECT_NE(problem_of(held, &plan).find("is not stated; write it, or plan for chips"), std::string::npos);
  plan = {.chips = "h100-sxm,h20", .stock = "8"};
  EXPECT_NE(problem_of(held, &plan).find("--stock names 1 numbers for 2 chips"), std::string::npos);
  plan = {.stock = "-8"};
  EXPECT_NE(problem_of(held, &plan).find("is no number of chips"), std::string::npos);
  plan = {.spare = "-1"};
  EXPECT_NE(problem_of(held, &plan).find("write a whole number of replicas"), std::string::npos);
}

// Points that the engine made itself, with other overheads: the fit finds them again.
TEST(ServeCalibrate, FindsTheOverheadsThatMadeThePoints) {
  const catalog::Catalog catalog = api::load_catalog("");
  const Flags flags{{"--model", "llama-3.1-8b"}, {"--chip", "h100-sxm"}, {"--max-model-len", "8192"}};
  std::vector<api::BenchFile> logs;
  for (const int clients : {1, 8, 32}) {
    // 10 % slower decodes than the catalogue says, by the text of a report.
    Flags load = with(flags, {{"--concurrency", std::to_string(clients)},
                              {"--num-requests", "200"},
                              {"--input", "450-550"},
                              {"--output", "135-165"}});
    const answer::ServeFigures f = served(load).figures;
    logs.push_back(
        {std::to_string(clients),
         "Serving Benchmark Result\nSuccessful requests: 200\nMaximum request concurrency: " + std::to_string(clients) +
             "\nTotal input tokens: 100000\nTotal generated tokens: 30000\nMean TTFT (ms): " +
             std::to_string(f.ttft.mean.value() * 1e3) +
             "\nMean TPOT (ms): " + std::to_string(f.tpot.mean.value() * 1.1e3) + "\n"});
  }
  const auto result = api::serve_calibrate(catalog, {.flags = flags}, logs).result;
  EXPECT_GT(result.tpot_before, 0.07);
  EXPECT_LT(result.tpot_after, 0.02);
  EXPECT_LT(result.ttft_after, 0.05);
  EXPECT_GT(result.after.decode / result.before.decode, 1.03);
  EXPECT_NE(result.overlay.find("chips = [\"h100-sxm\"]"), std::string::npos);
}

// What was not fitted is in the overlay as the catalogue has it: an overlay takes the place of the whole table.
TEST(ServeCalibrate, KeepsWhatItDoesNotFit) {
  const catalog::Catalog catalog = api::load_catalog("");
  const Flags flags{{"--model", "qwen3-8b"}, {"--chip", "ascend-910b2"}, {"--engine", "vllm-ascend"}};
  const std::string log =
      "Serving Benchmark Result\nSuccessful requests: 50\nMaximum request concurrency: 4\nTotal input tokens: 25000\n"
      "Total generated tokens: 5000\nMean TTFT (ms): 120\nMean TPOT (ms): 30\n";
  const auto result = api::serve_calibrate(catalog, {.flags = flags}, {{"a", log}}).result;
  EXPECT_GT(result.before.device_layer.value(), 0.0);
  EXPECT_NE(result.overlay.find("device_layer_us = 300"), std::string::npos) << result.overlay;
}

}  // namespace
}  // namespace socle
