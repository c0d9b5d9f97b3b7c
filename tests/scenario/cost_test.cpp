#include <gtest/gtest.h>

#include "socle/api/cost.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

using cost::Way;
using F = catalog::CostFactor;

api::CostAnswer cost_of(const Flags& flags, const std::string& scenario = {}, const std::string& book = {}) {
  return api::cost(catalog::Catalog(), request_of({.scenario = scenario, .flags = flags, .files = {}}),
                   {.book_text = book, .book_name = book.empty() ? "" : "b.csv", .draws = "500"});
}

std::string problems_of(const Flags& flags, const std::string& scenario = {}, const std::string& book = {}) {
  try {
    cost_of(flags, scenario, book);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

const Flags kH20{{"--cluster", "hgx-h20-96gb:128"}, {"--region", "cn-west"}};

double middle(const api::CostAnswer& answer, F factor) {
  return answer.result.setup.factors[cost::index_of(factor)]->value.middle;
}

TEST(Cost, KnowsEveryWayOfHavingH100InAmerica) {
  const auto answer = cost_of({{"--cluster", "hgx-h100:128"}, {"--region", "us"}});
  for (const Way way : cost::kAllWays) EXPECT_TRUE(answer.result.way(way).year.known()) << cost::way_name(way);
  EXPECT_EQ(answer.result.setup.currency, Currency::kUsd);
  const std::string text = api::text(answer);
  for (const char* said : {"rent spot", "useful chip-hour", "What moves", "in no sum above", "Epoch AI"})
    EXPECT_NE(text.find(said), std::string::npos) << said;
}

TEST(Cost, TakesMeteredDrawNotTheRating) {
  const auto answer = cost_of({{"--cluster", "hgx-h100:128"}, {"--region", "us"}});
  const double rated = answer.result.setup.subject.plant.rated_per_node.value();
  EXPECT_GE(rated, 10'060);  // halls are provisioned for the peak, which was metered at 10.06 kW
  const double working = middle(answer, F::kWorkingPower) * rated;
  EXPECT_GE(working, 6'500);
  EXPECT_LE(working, 7'800);
  // 64 nodes through GPT-3 in 56.9 min: 415.22 kWh were metered.
  EXPECT_NEAR(64 * working / 1000 * 56.9 / 60, 415.22, 0.05 * 415.22);
}

TEST(Cost, IsTheSameForBareChipsAndTheirNodes) {
  const auto node = cost_of({{"--cluster", "hgx-h20-96gb:128"}, {"--region", "cn-west"}});
  const auto chips =
      cost_of({{"--chip", "h20"}, {"--chips", "1024"}, {"--region", "cn-west"}, {"--cluster-nic", "400 Gb/s"}});
  for (const Way way : cost::kAllWays) {
    ASSERT_EQ(node.result.way(way).year.known(), chips.result.way(way).year.known()) << cost::way_name(way);
    if (!node.result.way(way).year.known()) continue;
    EXPECT_DOUBLE_EQ(node.result.way(way).year.total, chips.result.way(way).year.total) << cost::way_name(way);
  }
}

TEST(Cost, ConvertsAtAStatedRateOnly) {
  const auto cny = cost_of(kH20);
  Flags dollars = kH20;
  dollars["--currency"] = "USD", dollars["--exchange-rate"] = "7.1";
  const auto usd = cost_of(dollars);
  EXPECT_NEAR(cny.result.way(Way::kColocate).year.total / usd.result.way(Way::kColocate).year.total, 7.1, 1e-9);
  EXPECT_NE(api::text(usd).find("7.1 CNY per USD"), std::string::npos);
}

TEST(Cost, PricesARunAndServedTokens) {
  const auto run = cost_of({{"--cluster", "hgx-h100:16"},
                            {"--region", "us"},
                            {"--model", "llama-3-8b"},
                            {"--tokens", "1T"},
                            {"--on-demand", "2 USD/chip-hour"},
                            {"--goodput", "1"},
                            {"--global-batch", "512"}});
  ASSERT_TRUE(run.result.parts.run);
  const double hours = run.result.parts.run->length.value() / 3600 * 128;
  EXPECT_NEAR(*run.result.way(Way::kOnDemand).per_run, 2 * hours, 1e-6 * hours);
  // 168e9 output and 608e9 input tokens a day on 226.75 nodes of eight at 2 USD: 0.5183 and 0.1122 USD a million.
  setup::CostSetup setup = run.result.setup;
  setup.subject.plant.chips = 1814;
  const auto set = [&](F factor, double value) {
    setup.factors[cost::index_of(factor)]->value = {value, value, value};
  };
  set(F::kUtilisation, 1), set(F::kOnDemand, 2);
  const auto served = answer::cost(
      setup, {.network = {}, .run = {}, .tokens = answer::CostTokens{"", 608e9 / 86400, 168e9 / 86400, 1814}},
      {.draws = 10, .way = {}});
  EXPECT_NEAR(*served.way(Way::kOnDemand).per_million_output, 0.5183, 1e-4);
  EXPECT_NEAR(*served.way(Way::kOnDemand).per_million_tokens, 0.1122, 1e-4);
}

TEST(Cost, SetsWhatTokensSellForBesideWhatTheyCost) {
  // 342e9 cached, 266e9 computed and 168e9 generated tokens a day at 0.14, 0.55 and 2.19 USD a million: 562,100 USD; on
  // 1,814 chips at 2 USD, 87,072 USD: a margin of 545.6 %.
  auto setup = cost_of({{"--cluster", "hgx-h100:16"}, {"--region", "us"}, {"--goodput", "1"}}).result.setup;
  setup.subject.plant.chips = 1814;
  const auto set = [&](F factor, double value) {
    setup.factors[cost::index_of(factor)]->value = {value, value, value};
  };
  set(F::kUtilisation, 1), set(F::kOnDemand, 2);
  setup.token_prices = {.cached = 0.14, .input = 0.55, .output = 2.19};
  const auto served = answer::cost(
      setup,
      {.network = {}, .run = {}, .tokens = answer::CostTokens{"", 608e9 / 86400, 168e9 / 86400, 1814, 342e9 / 86400}},
      {.draws = 10, .way = {}});
  const answer::CostWay& way = served.way(Way::kOnDemand);
  EXPECT_NEAR(*way.margin, 5.456, 5.456 * 0.0005);
  EXPECT_NEAR(*way.sales_per_year / 365.25, 562'100, 562'100 * 0.0005);
}

TEST(Cost, SaysHowManyChipsToHoldForADemandThatIsNotSure) {
  Flags flags = kH20;
  flags["--demand"] = "0.5:600,0.3:800,0.2:1200";
  EXPECT_FALSE(cost_of(flags).result.holding);  // nobody sells such chips by the hour
  EXPECT_NE(api::text(cost_of(flags)).find("How many chips to hold is not known without"), std::string::npos);
  flags["--on-demand"] = "20 CNY/chip-hour";
  const auto answer = cost_of(flags);
  ASSERT_TRUE(answer.result.holding);
  const cost::Holding& holding = answer.result.holding->decision;
  EXPECT_EQ(holding.held % 8, 0);
  EXPECT_LE(holding.known_demand, holding.cost);
  EXPECT_LE(holding.cost, holding.cost_for_mean);
  EXPECT_LT(answer.result.holding->question.idle, answer.result.holding->question.at_work);  // energy follows work
  flags["--hold-budget"] = "0 CNY";
  const auto poor = cost_of(flags);
  EXPECT_EQ(poor.result.holding->decision.held, 0);
  EXPECT_GT(*poor.result.holding->decision.budget_worth, 0);
  EXPECT_NE(api::text(poor).find("more of the budget"), std::string::npos);
}

TEST(Cost, OneSureDemandLeavesNothingToKnow) {
  Flags flags = kH20;
  flags["--demand"] = "1:1024", flags["--on-demand"] = "20 CNY/chip-hour";
  const cost::Holding holding = cost_of(flags).result.holding->decision;
  EXPECT_EQ(holding.held, 1024);
  EXPECT_NEAR(holding.knowing_saves(), 0, 1e-6);
  EXPECT_NEAR(holding.planning_saves(), 0, 1e-6);
}

TEST(Cost, RefusesDemandThatIsNoDemand) {
  const auto with = [](const char* demand, const char* budget = "") {
    Flags flags = kH20;
    if (*demand != 0) flags["--demand"] = demand;
    if (*budget != 0) flags["--hold-budget"] = budget;
    return problems_of(flags);
  };
  EXPECT_NE(with("0.5:600,0.3:800").find("add up to 0.8"), std::string::npos) << with("0.5:600,0.3:800");
  EXPECT_NE(with("600").find("write shares and chips"), std::string::npos);
  EXPECT_NE(with("1:-5").find("is no case"), std::string::npos);
  EXPECT_NE(with("1.5:5").find("the share 1.5"), std::string::npos);
  EXPECT_NE(with("", "1M CNY").find("add demand"), std::string::npos);
  EXPECT_NE(with("1:100", "1M USD").find("the answer in CNY"), std::string::npos);
}

TEST(Cost, TheMeanOfTheWorstTenthLiesBeyondP90) {
  const auto answer = cost_of(kH20);
  const auto& draws = *answer.result.draws.useful_chip_hour[static_cast<std::size_t>(Way::kColocate)];
  EXPECT_GT(draws.worst_tenth, draws.p90);
}

TEST(Cost, TakesGoodputFromTheRiskOfTheRun) {
  Flags flags{{"--cluster", "hgx-h100:16"},
              {"--region", "us"},
              {"--model", "llama-3-8b"},
              {"--tokens", "1T"},
              {"--global-batch", "512"}};
  const auto reckoned = cost_of(flags);
  EXPECT_EQ(reckoned.result.setup.factors[cost::index_of(F::kGoodput)]->confidence, "model");
  EXPECT_LT(middle(reckoned, F::kGoodput), 1.0);
  flags["--goodput"] = "0.93";
  EXPECT_DOUBLE_EQ(middle(cost_of(flags), F::kGoodput), 0.93);
}

TEST(Cost, ABookOfPricesWinsOverTheCatalogue) {
  const std::string book =
      "factor,value,unit,item,region,date,source\n"
      "tariff,0.29,CNY/kWh,,cn-west,2026-10,contract\n"
      "tariff,0.31,CNY/kWh,,cn-west,2026-10,contract\n"
      "node_price,1.5M,CNY,h20,,2026-11,quote\n"
      "on_demand,9,CNY/chip-hour,h20,,,\n"
      "on_demand,99,CNY/chip-hour,h100-sxm,,,\n";
  const auto answer = cost_of(kH20, {}, book);
  EXPECT_DOUBLE_EQ(middle(answer, F::kTariff), 0.30);
  EXPECT_DOUBLE_EQ(middle(answer, F::kNodePrice), 1.5e6);
  EXPECT_DOUBLE_EQ(middle(answer, F::kOnDemand), 9);
}

TEST(Cost, WhatTheScenarioStatesWinsOverABook) {
  const std::string book =
      "factor,value,unit\ntariff,0.5,CNY/kWh\nnode_price,9M,CNY\non_demand,99,CNY/chip-hour\nlife,9,years\n";
  Flags flags{{"--cluster", "hgx-h20-96gb:128"},
              {"--region", "cn-west"},
              {"--price", "1M CNY"},
              {"--rent", "8 CNY/chip-hour"},
              {"--tariff-by-hour", "0-24 0.3 CNY/kWh"},
              {"--life", "4"}};
  const auto answer = cost_of(flags, {}, book);
  EXPECT_DOUBLE_EQ(middle(answer, F::kTariff), 0.3);
  EXPECT_DOUBLE_EQ(middle(answer, F::kNodePrice), 1e6);
  EXPECT_DOUBLE_EQ(middle(answer, F::kOnDemand), 8);
  EXPECT_DOUBLE_EQ(middle(answer, F::kLife), 4);
}

TEST(Cost, TakesTheMeanOfADaysTariff) {
  Flags flags = kH20;
  flags["--tariff-by-hour"] = "8-22 0.7 CNY/kWh,22-8 0.3 CNY/kWh";
  EXPECT_NEAR(middle(cost_of(flags), F::kTariff), (14 * 0.7 + 10 * 0.3) / 24, 1e-12);
}

TEST(Cost, RefusesWhatMakesNoSense) {
  const auto with = [](const char* flag, const char* value) {
    Flags flags = kH20;
    flags[flag] = value;
    return problems_of(flags);
  };
  EXPECT_NE(with("--tariff", "0.35 CNY").find("/kWh"), std::string::npos);
  EXPECT_NE(with("--tariff", "-1 CNY/kWh"), "");
  EXPECT_NE(with("--life", "0"), "");
  EXPECT_NE(with("--life", "nan"), "");
  EXPECT_NE(with("--utilisation", "1.2"), "");
  EXPECT_NE(with("--utilisation", "0.9,0.5").find("fall"), std::string::npos);
  EXPECT_NE(with("--tariff", "0.3 CNY/kWh,0.05 USD/kWh").find("two currencies"), std::string::npos);
  EXPECT_NE(with("--tariff", "1 EUR/kWh"), "");
  EXPECT_NE(with("--region", "cn-wst").find("cn-west"), std::string::npos);
  EXPECT_NE(with("--tariff-by-hour", "8-22 0.7 CNY/kWh").find("hour 0 has no price"), std::string::npos);
  EXPECT_NE(with("--months", "0"), "");
  EXPECT_NE(problems_of({}).find("no cluster is named"), std::string::npos);
  const std::string misspelt = "[cluster]\nnode = \"hgx-h100\"\nnodes = 4\n[cost]\ntarif = \"1 CNY/kWh\"\nstaff = 3\n";
  EXPECT_NE(problems_of({}, misspelt).find("did you mean \"tariff\"?"), std::string::npos);
  EXPECT_NE(problems_of({}, misspelt).find("s.toml:6"), std::string::npos);
  EXPECT_NE(problems_of(kH20, {}, "factor,value,what\n").find("the columns are factor, value"), std::string::npos);
  const std::string twice =
      "[cluster]\nnode = \"hgx-h100\"\nnodes = 4\nrent = \"2 USD/chip-hour\"\n[cost]\non_demand = \"2 "
      "USD/chip-hour\"\n";
  EXPECT_NE(problems_of({}, twice).find("s.toml:6"), std::string::npos);
  const std::string book = "factor,value,unit\ntarif,1,CNY/kWh\ntariff,x,CNY/kWh\ntariff,1,EUR/kWh\nlife,5,CNY\n";
  const std::string problems = problems_of(kH20, {}, book);
  for (const char* said : {"b.csv:2", "tariff", "b.csv:3", "b.csv:4", "CNY/kWh or USD/kWh", "b.csv:5"})
    EXPECT_NE(problems.find(said), std::string::npos) << said << "\n" << problems;
}

TEST(Cost, LeavesOutWhatNobodyKnows) {
  const auto answer = cost_of({{"--cluster", "hgx-h100:16"}, {"--region", "de"}});  // its tariff is in EUR
  EXPECT_FALSE(answer.result.way(Way::kBuild).year.known());
  ASSERT_FALSE(answer.result.setup.doubts.empty());
  EXPECT_NE(answer.result.setup.doubts.front().find("in a currency that no rate turns"), std::string::npos);
  EXPECT_NE(api::text(answer).find("electricity tariff (--tariff)"), std::string::npos);
}

TEST(CostDiff, GuardsABudget) {
  const std::string before = "[cluster]\nnode = \"hgx-h20-96gb\"\nnodes = 128\n[cost]\nregion = \"cn-west\"\n";
  const std::string after = before + "staff = \"5M CNY/year\"\n";
  const auto diff = [&](const char* allow) {
    return api::cost_diff(catalog::Catalog(), request_of({.scenario = before, .files = {}}),
                          request_of({.scenario = after, .files = {}}), {.draws = "10"}, {.allow = allow});
  };
  const auto answer = diff("");
  EXPECT_TRUE(api::holds(answer));
  EXPECT_NEAR(answer.result.diff.after - answer.result.diff.before, 5e6, 1e-3);
  EXPECT_FALSE(api::holds(diff("4M CNY")));
  EXPECT_TRUE(api::holds(diff("6M CNY")));
  EXPECT_FALSE(api::holds(diff("1 %")));
  EXPECT_THROW(diff("5M USD"), InputError);
  EXPECT_NE(api::text(diff("4M CNY")).find("over the budget"), std::string::npos);
}

TEST(CostPictures, ShowEveryLine) {
  const auto answer = cost_of(kH20);
  EXPECT_NE(api::waterfall_svg(answer).find("colocation"), std::string::npos);
  EXPECT_NE(api::cash_flow_svg(answer).find("build"), std::string::npos);
  EXPECT_NE(api::tornado_svg(answer).find("utilisation"), std::string::npos);
  const std::string csv = api::focus_csv(answer, {.start = "2027-03"});
  EXPECT_EQ(csv.rfind("BilledCost,", 0), 0U);
  EXPECT_NE(csv.find("2027-03-01T00:00:00Z"), std::string::npos);
  EXPECT_THROW(api::focus_csv(answer, {.start = "2027-13"}), InputError);
}

}  // namespace
}  // namespace socle::test
