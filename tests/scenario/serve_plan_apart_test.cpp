// Plans of fleets whose prompts are computed apart, beside those that do both.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

// Prompts of a thousand tokens and tight times of later tokens: prompts in between show.
const Flags kLoad{{"--model", "llama-3.1-8b"}, {"--rate", "40"},          {"--input", "1500"},
                  {"--output", "150"},         {"--num-requests", "800"}, {"--max-model-len", "8192"},
                  {"--slo-ttft", "500 ms"},    {"--slo-tpot", "12 ms"},   {"--router", "least-loaded"}};

Flags with(Flags flags, const Flags& more) {
  for (const auto& [flag, value] : more) flags[flag] = value;
  return flags;
}

api::ServePlanAnswer planned(const Flags& flags, const api::ServePlanRequest& plan, const std::string& file = {}) {
  return api::serve_plan(api::load_catalog(""), request_of({.scenario = file, .flags = flags}), plan);
}

std::string problem_of(const Flags& flags, const api::ServePlanRequest& plan) {
  try {
    planned(flags, plan);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

const api::ServePlanRequest kApart{.chips = "h100-sxm,l40s", .rents = "2 USD,0.8 USD", .apart = true};

TEST(ServePlanApart, BothSidesCarryTheRateAndCostTheirSum) {
  const answer::ServePlanResult result = planned(kLoad, kApart).result;
  ASSERT_TRUE(result.apart && result.apart->found);
  const answer::ApartFleet& fleet = *result.apart->found;
  EXPECT_TRUE(fleet.holds);
  EXPECT_GE(fleet.figures.share_met, 0.99);
  for (const answer::PlanEntry* side : {&fleet.prefill, &fleet.decode}) {
    EXPECT_GE(side->replicas, std::ceil(40.0 / side->capacity - 1e-9));
    EXPECT_EQ(side->chips, side->replicas * side->layout.chips());
    EXPECT_LE(side->capacity, side->bound * (1 + 1e-9));
  }
  EXPECT_DOUBLE_EQ(fleet.cost(), fleet.prefill.cost + fleet.decode.cost);
  EXPECT_EQ(fleet.prefill.formats, fleet.decode.formats);
  // The answer is the cheaper of the two, on the same rents.
  ASSERT_EQ(result.entries.front().verdict, answer::PlanVerdict::kBest);
  EXPECT_EQ(result.apart_wins(), fleet.cost() < result.entries.front().cost);
}

TEST(ServePlanApart, ASideAloneCarriesNoLessThanOneThatDoesBoth) {
  api::ServePlanRequest plan = kApart;
  plan.chips = "h100-sxm";
  plan.rents = "2 USD";
  plan.own_limits = true;
  const answer::ServePlanResult result = planned(with(kLoad, {{"--tp", "1"}}), plan).result;
  ASSERT_EQ(result.entries.size(), 1U);
  const double both = result.entries.front().capacity;
  EXPECT_GE(result.apart->prefills.front().capacity, both);
  EXPECT_GE(result.apart->decodes.front().capacity, both);
}

TEST(ServePlanApart, IsTheSameForAnyNumberOfThreads) {
  api::ServePlanRequest plan = kApart;
  plan.threads = 1;
  const std::string one = api::json(planned(kLoad, plan));
  plan.threads = 4;
  EXPECT_EQ(one, api::json(planned(kLoad, plan)));
}

TEST(ServePlanApart, WhatIsSaidOfTheSidesIsKept) {
  const answer::ServePlanResult result = planned(with(kLoad, {{"--prefill-tp", "4"}, {"--tp", "2"}}), kApart).result;
  for (const answer::PlanEntry& e : result.apart->prefills) EXPECT_EQ(e.layout.tensor_parallel, 4);
  for (const answer::PlanEntry& e : result.apart->decodes) EXPECT_EQ(e.layout.tensor_parallel, 2);
  for (const answer::PlanEntry& e : result.entries) EXPECT_EQ(e.layout.tensor_parallel, 2);
}

TEST(ServePlanApart, SaysWhyTheLoserLost) {
  std::string text = api::text(planned(kLoad, kApart));
  for (std::size_t at; (at = text.find("\n  ")) != std::string::npos;) text.replace(at, 3, " ");  // lines are wrapped
  EXPECT_NE(text.find("without rounding to whole replicas"), std::string::npos) << text;
  EXPECT_NE(text.find("configurations of prefill replicas"), std::string::npos) << text;
  const std::string slow = api::text(planned(with(kLoad, {{"--slo-tpot", "1 ms"}}), kApart));
  EXPECT_NE(slow.find("prompts apart: no decode replica keeps TPOT"), std::string::npos) << slow;
}

TEST(ServePlanApart, NothingOfASideIsIgnored) {
  const api::ServePlanRequest together{};
  EXPECT_NE(problem_of(with(kLoad, {{"--chip", "h100-sxm"}, {"--replicas", "3"}}), together)
                .find("--replicas: a plan finds how many"),
            std::string::npos);
  EXPECT_NE(
      problem_of(with(kLoad, {{"--chip", "h100-sxm"}, {"--prefill-replicas", "3"}}), together).find("and say --apart"),
      std::string::npos);
  EXPECT_NE(problem_of(with(kLoad, {{"--chip", "h100-sxm"}, {"--prefill-tp", "2"}}), together).find("add --apart"),
            std::string::npos);
  api::ServePlanRequest stocked = kApart;
  stocked.stock = "8,8";
  EXPECT_NE(problem_of(kLoad, stocked).find("--apart and --stock are not planned together"), std::string::npos);
  // A file that other commands use says how many there are: that is named as not used.
  const std::string file =
      "[model]\nname = \"llama-3.1-8b\"\n[cluster]\nchip = \"h100-sxm\"\nchips = 8\n[serving]\ntp = 1\n"
      "max_model_len = 8192\nprefill_replicas = 3\ndecode_replicas = 2\n[requests]\nrate = 20\ninput = 1500\n"
      "output = 100\nrequests = 400\nslo_ttft = \"1 s\"\nslo_tpot = \"20 ms\"\n";
  const api::ServePlanAnswer answer = planned({}, {}, file);
  EXPECT_TRUE(answer.result.apart.has_value());
  EXPECT_NE(api::text(answer).find("prefill_replicas and decode_replicas are not used"), std::string::npos);
}

}  // namespace
}  // namespace socle::test
