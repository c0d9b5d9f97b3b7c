#include "socle/search/plan.hpp"

#include <gtest/gtest.h>

#include "socle/catalog/stacks.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/search/plan_verdict.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::search {
namespace {

constexpr Seconds kDay{86400.0};
Money usd(double amount) { return {amount, Currency::kUsd}; }

/// An offer that fits: run time in days, cost in USD, energy in J. A step of 10 s at 40 % MFU.
PlannedOffer offer_of(const char* name, double days, std::optional<double> cost, double energy = 0) {
  PlannedOffer offer{.name = name,
                     .nodes = 2,
                     .chips = 16,
                     .best = RankedLayout{},
                     .counts = {},
                     .infeasible = {},
                     .run = days * kDay,
                     .energy = Joules{energy},
                     .cost = {},
                     .cost_basis = {},
                     .capex = {},
                     .broken = {},
                     .verdict = {}};
  offer.best->step.step_time = Seconds{10.0};
  offer.best->step.mfu = 0.4;
  if (cost) offer.cost = usd(*cost);
  return offer;
}

Plan judged(std::vector<PlannedOffer> offers) {
  Plan plan;
  plan.offers = std::move(offers);
  judge(plan);
  return plan;
}

struct LimitCase {
  const char* what;
  PlanLimits limits;
  bool rented;
  const char* words;  // empty = not broken
};

class Limits : public testing::TestWithParam<LimitCase> {};

TEST_P(Limits, ABrokenOneIsToldWithNeedAndLimit) {
  // 16 chips, 30 days, 12 kW, 1,000 USD for the run, 5,000 USD for the hardware.
  PlannedOffer offer = offer_of("a", 30, 1000.0);
  offer.power = Watts{12e3};
  offer.capex = usd(5000.0);
  apply_limits(GetParam().limits, GetParam().rented, offer);
  if (*GetParam().words == '\0') {
    EXPECT_TRUE(offer.broken.empty());
  } else {
    ASSERT_EQ(offer.broken.size(), 1u);
    EXPECT_EQ(offer.broken.front(), GetParam().words);
  }
}

PlanLimits limits_of(std::optional<double> capex, std::optional<double> opex, std::optional<double> watts,
                     std::optional<double> days, std::optional<int> chips) {
  PlanLimits limits;
  if (capex) limits.capex = usd(*capex);
  if (opex) limits.opex = usd(*opex);
  if (watts) limits.power = Watts{*watts};
  if (days) limits.deadline = *days * kDay;
  limits.chips = chips;
  return limits;
}

INSTANTIATE_TEST_SUITE_P(
    Plan, Limits,
    testing::Values(
        LimitCase{"chips", limits_of({}, {}, {}, {}, 8), false, "chips 16 exceeds 8 by 100.0 %"},
        LimitCase{"chips met", limits_of({}, {}, {}, {}, 16), false, ""},
        LimitCase{"power", limits_of({}, {}, 1e4, {}, {}), false, "power 12 kW exceeds 10 kW by 20.0 %"},
        LimitCase{"power met", limits_of({}, {}, 12e3, {}, {}), false, ""},
        LimitCase{"deadline", limits_of({}, {}, {}, 20.0, {}), false, "run time 30 days exceeds 20 days by 50.0 %"},
        LimitCase{"capex", limits_of(4000.0, {}, {}, {}, {}), false,
                  "capex of the nodes 5000 USD exceeds 4000 USD by 25.0 %"},
        LimitCase{"capex does not bind what is rented", limits_of(4000.0, {}, {}, {}, {}), true, ""},
        LimitCase{"opex", limits_of({}, 900.0, {}, {}, {}), true, "rent of the run 1000 USD exceeds 900 USD by 11.1 %"},
        LimitCase{"opex does not bind what is bought", limits_of({}, 900.0, {}, {}, {}), false, ""}),
    [](const auto& info) {
      std::string name = info.param.what;
      for (char& c : name)
        if (c == ' ') c = '_';
      return name;
    });

TEST(Verdict, EveryBrokenLimitIsToldAndTheOfferCannotWin) {
  PlannedOffer late = offer_of("late", 30, 10.0);
  apply_limits(limits_of({}, {}, {}, 20.0, 8), true, late);
  EXPECT_EQ(late.broken.size(), 2u);
  const Plan plan = judged({late, offer_of("dear", 10, 1000.0)});
  EXPECT_EQ(plan.offers[*plan.winner].name, "dear");
  EXPECT_EQ(plan.offers[0].verdict, "breaks a limit: chips 16 exceeds 8 by 100.0 %");
  EXPECT_FALSE(plan.offers[0].on_front);
  EXPECT_FALSE(plan.runner_up);
}

TEST(Verdict, WorseInEverythingIsBeatenWithTheFactors) {
  const Plan plan = judged({offer_of("good", 10, 100.0, 1e9), offer_of("bad", 20, 150.0, 3e9)});
  EXPECT_TRUE(plan.offers[0].on_front);
  EXPECT_FALSE(plan.offers[1].on_front);
  EXPECT_EQ(plan.offers[1].verdict, "beaten by good everywhere: 2.00x the time, 1.50x the money, 3.00x the energy");
}

TEST(Verdict, BetterInOneThingStaysOnTheFront) {
  const Plan plan =
      judged({offer_of("cheap", 20, 100.0, 2e9), offer_of("fast", 10, 200.0, 2e9), offer_of("frugal", 30, 300.0, 1e9)});
  for (const PlannedOffer& offer : plan.offers) EXPECT_TRUE(offer.on_front) << offer.name;
  EXPECT_EQ(plan.offers[1].verdict, "on the front: 0.50x the time, 2.00x the money, 1.00x the energy of cheap");
}

TEST(Verdict, EqualOffersDoNotBeatEachOther) {
  const Plan plan = judged({offer_of("a", 10, 100.0, 1e9), offer_of("b", 10, 100.0, 1e9)});
  EXPECT_TRUE(plan.offers[0].on_front && plan.offers[1].on_front);
  EXPECT_EQ(*plan.winner, 0u);  // ties go to the order given
}

TEST(Verdict, WhatIsUnknownIsNotBeaten) {
  const Plan plan = judged({offer_of("known", 10, 100.0, 1e9), offer_of("unpriced", 20, {}, 2e9),
                            offer_of("unmetered", 20, 200.0), offer_of("neither", 20, {})});
  for (const PlannedOffer& offer : plan.offers) EXPECT_TRUE(offer.on_front) << offer.name;
  EXPECT_EQ(plan.offers[1].verdict,
            "on the front: 2.00x the time, 2.00x the energy of known; its money is unknown, which nothing can beat");
  EXPECT_EQ(plan.offers[2].verdict,
            "on the front: 2.00x the time, 2.00x the money of known; its energy is unknown, which nothing can beat");
  EXPECT_EQ(plan.offers[3].verdict,
            "on the front: 2.00x the time of known; its money and energy are unknown, which nothing can beat");
}

TEST(Verdict, WhatNobodyTellsIsNotCompared) {
  const Plan plan = judged({offer_of("fast", 10, {}), offer_of("slow", 20, {})});
  EXPECT_FALSE(plan.offers[1].on_front);
  EXPECT_EQ(plan.offers[1].verdict, "beaten by fast everywhere: 2.00x the time");
}

TEST(Verdict, TheLeastMoneyWinsAndTheNextIsTheRunnerUp) {
  const Plan plan = judged({offer_of("dear", 10, 300.0), offer_of("cheap", 30, 100.0), offer_of("middle", 20, 200.0)});
  EXPECT_TRUE(plan.by_cost);
  EXPECT_EQ(plan.offers[*plan.winner].name, "cheap");
  EXPECT_EQ(plan.offers[*plan.runner_up].name, "middle");
  EXPECT_EQ(plan.offers[*plan.winner].verdict, "wins: the least money within the limits");
}

TEST(Verdict, OneUnknownCostMakesTimeDecide) {
  const Plan plan = judged({offer_of("cheap", 30, 100.0), offer_of("unpriced", 10, {})});
  EXPECT_FALSE(plan.by_cost);
  EXPECT_EQ(plan.offers[*plan.winner].name, "unpriced");
  EXPECT_EQ(plan.offers[*plan.winner].verdict,
            "wins: the least time within the limits; money cannot decide while an offer's is unknown");
}

TEST(Verdict, WithoutAStandingOfferNobodyWins) {
  PlannedOffer none = offer_of("none", 10, 1.0);
  none.best.reset();
  none.infeasible = "too little memory; use more chips";
  const Plan plan = judged({none});
  EXPECT_FALSE(plan.winner);
  EXPECT_TRUE(plan.turns.empty());
  EXPECT_EQ(plan.offers[0].verdict, "no plan: too little memory; use more chips");
}

TEST(Turns, ByMoneyTheRunnerUpNeedsTheRatioInPriceOrInSpeed) {
  // 80 against 100 USD: 20 % off, or 1.25 times as fast: 8 s instead of 10 s, 50 % MFU instead of 40 %.
  const Plan plan = judged({offer_of("winner", 10, 80.0), offer_of("second", 10, 100.0)});
  ASSERT_EQ(plan.turns.size(), 2u);
  EXPECT_EQ(plan.turns[0], "second ties on money when its cost to finish falls by 20.0 % (to 0.800x)");
  EXPECT_EQ(plan.turns[1], "or when its step gets 1.25x as fast: 8 s instead of 10 s, MFU 50.0 % instead of 40.0 %");
}

TEST(Turns, ByTimeTheRunnerUpNeedsSpeedOrChips) {
  // 10 against 20 days: twice as fast.
  const Plan plan = judged({offer_of("winner", 10, {}), offer_of("second", 20, {})});
  ASSERT_EQ(plan.turns.size(), 2u);
  EXPECT_EQ(plan.turns[0], "second ties on time when its step gets 2.00x as fast: MFU 80.0 % instead of 40.0 %");
  EXPECT_EQ(plan.turns[1], "or with about 2.00x its chips, when they scale evenly");
}

TEST(Turns, NeverAskForMoreThanTheDatasheetAllows) {
  // 40 % MFU, three times as fast: 120 %.
  const Plan dear = judged({offer_of("winner", 10, 80.0), offer_of("second", 10, 240.0)});
  EXPECT_EQ(dear.turns[1], "a faster step alone cannot do it: 3.00x as fast is beyond the datasheet's peak");
  const Plan slow = judged({offer_of("winner", 10, {}), offer_of("second", 30, {})});
  EXPECT_EQ(slow.turns[0], "second cannot tie on time with its chips: 3.00x as fast is beyond the datasheet's peak");
  // What recompute executes counts too: 40 % MFU are 60 % HFU, twice as fast 120 %.
  std::vector<PlannedOffer> offers{offer_of("winner", 10, {}), offer_of("second", 20, {})};
  offers[1].best->step.hfu = 0.6;
  EXPECT_NE(judged(offers).turns[0].find("beyond the datasheet's peak"), std::string::npos);
}

TEST(Verdict, ALimitWithoutItsFactIsNotJudged) {
  PlannedOffer offer = offer_of("a", 30, {});
  apply_limits(limits_of({}, {}, 1000.0, {}, {}), false, offer);
  ASSERT_EQ(offer.unjudged.size(), 1u);
  EXPECT_TRUE(offer.unjudged[0].starts_with("power is not judged"));
}

TEST(Turns, OverlappingRangesLeaveTheOrderOpen) {
  // 80 * 1.2 = 96 > 100 * 0.9 = 90; with 1.1 it is 88 < 90.
  std::vector<PlannedOffer> offers{offer_of("winner", 10, 80.0), offer_of("second", 10, 100.0)};
  offers[0].range_high = 1.2;
  offers[1].range_low = 0.9;
  EXPECT_EQ(judged(offers).turns.back(), "the two 90 % ranges overlap: measure a step on both before signing");
  offers[0].range_high = 1.1;
  EXPECT_EQ(judged(offers).turns.size(), 2u);
}

/// Llama 3 8B on nodes of eight H100.
struct Case {
  catalog::Catalog catalog;
  model::Transformer model = setup::load_model(catalog, "llama-3-8b");
  workload::TrainingJob job = [] {
    workload::TrainingJob made;
    made.sequence_length = 8192;
    made.global_batch = 128;
    made.total_tokens = Tokens{1e11};
    return made;
  }();

  Offer offer(std::optional<int> nodes) const {
    machine::Machine machine = machine::MachineBuilder(catalog).build(
        {.chip = "h100-sxm", .nic_per_chip = {}}, catalog::load_stack(catalog, "megatron-bridge-26.08"));
    return {.name = "x",
            .machine = std::move(machine),
            .chips_per_node = 8,
            .nodes = nodes,
            .power_per_node = Watts{1e4},
            .rent_per_chip_hour = usd(2.0),
            .price_per_node = {}};
  }
  // One offer for each count of nodes; no count: sized.
  Plan run(const std::vector<std::optional<int>>& counts, const PlanLimits& limits, unsigned threads = 1) const {
    std::vector<Offer> offers;
    for (const std::optional<int>& nodes : counts) offers.push_back(offer(nodes));
    return plan(model, job, workload::PartialLayout{}, offers, limits, threads);
  }
};

TEST(Sizing, FindsTheSmallestCountThatMeetsTheDeadline) {
  const Case c;
  const PlanLimits limits = limits_of({}, {}, {}, 5.0, {});
  const Plan sized = c.run({std::nullopt}, limits);
  ASSERT_TRUE(sized.winner);
  EXPECT_GT(sized.offers[0].nodes, 1);
  const PlannedOffer& found = sized.offers[0];
  EXPECT_LE(found.run, 5.0 * kDay);
  // No smaller count of the kind that is tried (2^a times 1, 3, 5 or 7) is in time.
  for (const int nodes : {1, 2, 3, 4, 5, 6, 7}) {
    if (nodes >= found.nodes) break;
    const PlannedOffer smaller = c.run({nodes}, {}).offers[0];
    EXPECT_GT(smaller.run, 5.0 * kDay) << nodes;
  }
  EXPECT_EQ(found.chips, 8 * found.nodes);
  // Money and energy follow from the run: 2 USD an hour and chip, 10 kW a node.
  EXPECT_NEAR(found.cost->amount, 2.0 * found.chips * (found.run / Seconds{3600.0}), 1e-6 * found.cost->amount);
  EXPECT_NEAR(found.energy.value(), 1e4 * found.nodes * found.run.value(), 1e-6 * found.energy.value());
}

TEST(Sizing, SaysHowFarTheLargestCountIsFromTheDeadline) {
  const Case c;
  PlanLimits limits = limits_of({}, {}, {}, 5.0, 16);
  const PlannedOffer offer = c.run({std::nullopt}, limits).offers[0];
  EXPECT_FALSE(offer.best);
  EXPECT_NE((offer.infeasible).find("2 nodes still take "), std::string::npos) << offer.infeasible;
  EXPECT_NE((offer.infeasible).find("the deadline is 5 days"), std::string::npos) << offer.infeasible;
}

TEST(Sizing, NeedsADeadline) {
  const Case c;
  const PlannedOffer offer = c.run({std::nullopt}, {}).offers[0];
  EXPECT_FALSE(offer.best);
  EXPECT_NE(offer.verdict.find("limits.deadline must be given"), std::string::npos) << offer.verdict;
}

TEST(Planning, TheOrderIsThatOfTheOffersForAnyNumberOfThreads) {
  const Case c;
  const Plan one = c.run({4, 2}, {}, 1);
  const Plan seven = c.run({4, 2}, {}, 7);
  ASSERT_EQ(one.offers.size(), 2u);
  EXPECT_EQ(one.offers[0].nodes, 4);
  for (int i : {0, 1}) EXPECT_EQ(one.offers[i].run, seven.offers[i].run);
  EXPECT_LT(one.offers[0].run, one.offers[1].run);
}

}  // namespace
}  // namespace socle::search
