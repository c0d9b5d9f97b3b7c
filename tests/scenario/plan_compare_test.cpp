#include <algorithm>

#include <gtest/gtest.h>

#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

constexpr const char* kJob = R"(
[model]
name = "llama-3-8b"
[training]
tokens = "100B"
sequence_length = 8192
global_batch = 128
precision = "bf16"
)";

std::string with(const char* more) { return std::string(kJob) + more; }

Text ask_plan(const std::string& scenario, bool json = false, unsigned threads = 1) {
  return plan_text({.scenario = scenario, .json = json, .threads = threads});
}

Text ask_compare(std::vector<std::string> chips, bool json = false, unsigned threads = 1, const std::string& day = {}) {
  const api::CompareAnswer answer = api::compare(
      catalog::Catalog(), request_of({.scenario = kJob}),
      {.chips = std::move(chips), .count = 16, .day = day, .assume = {}, .match = {}}, {.threads = threads});
  return {answer.result.all_run(), shown(answer, json)};
}

template <typename Ask>
std::vector<Problem> problems_of(Ask&& ask) {
  try {
    ask();
  } catch (const InputError& error) { return error.problems(); }
  ADD_FAILURE() << "no InputError";
  return {};
}

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void expect_a_hundred_columns(const std::string& text) {
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = std::min(text.find('\n', at), text.size());
    EXPECT_LE(display_width(std::string_view(text).substr(at, end - at)), 100) << text.substr(at, end - at);
  }
}

const char* const kTwoCurrencies = R"(
[[candidate]]
name = "in dollars"
node = "hgx-h100"
nodes = 2
rent = "2 USD/chip-hour"
[[candidate]]
name = "in yuan"
node = "hgx-h100"
nodes = 2
rent = "14.2 CNY/chip-hour"
)";

TEST(PlanScenario, MoneyInTwoCurrenciesIsConvertedOnceAndSaid) {
  // At 7.1 CNY per USD, 14.2 CNY are 2 USD: the same cluster at the same cost.
  const Json answer = parse_json(ask_plan(with(kTwoCurrencies), true).text, "answer");
  const auto& offers = answer.find("offers")->as_array();
  ASSERT_EQ(offers.size(), 2u);
  EXPECT_EQ(offers[1].find("cost")->find("currency")->as_string(), "USD");
  const double first = offers[0].find("cost")->find("amount")->as_double();
  EXPECT_NEAR(offers[1].find("cost")->find("amount")->as_double(), first, 1e-9 * first);
  const std::string text = ask_plan(with(kTwoCurrencies)).text;
  EXPECT_EQ(count_of(text, "converted at 7.1 CNY per USD"), 1) << text;
}

TEST(PlanScenario, OneCurrencyIsNotConverted) {
  EXPECT_EQ(
      ask_plan(with("[cluster]\nnode = \"hgx-h100\"\nnodes = 2\nrent = \"2 USD/chip-hour\"\n[cost]\nregion = \"us\"\n"))
          .text.find("converted at"),
      std::string::npos);
}

TEST(PlanScenario, TwoBadCandidatesAreReportedTogetherAtTheirPlaces) {
  const auto problems = problems_of([] {
    return ask_plan(
        with("[[candidate]]\nnode = \"hgx-h1000\"\nnodes = 2\n[[candidate]]\nnode = \"hgx-h100\"\nnodes = "
             "2\n[[candidate]]\nchip = \"h100-sxn\"\nchips = 8\n"));
  });
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_NE(problems[0].message.find("hgx-h1000"), std::string::npos) << problems[0].message;
  EXPECT_NE(problems[1].message.find("did you mean \"h100-sxm\""), std::string::npos) << problems[1].message;
  for (const Problem& problem : problems) EXPECT_EQ(problem.file, "s.toml");
  EXPECT_LT(problems[0].line, problems[1].line);
}

TEST(PlanScenario, AMistakeThatCandidatesShareIsToldOnce) {
  const std::string scenario =
      "[model]\nname = \"lama-3-8b\"\n[training]\ntokens = \"1T\"\n" + std::string(kTwoCurrencies);
  EXPECT_EQ(problems_of([&] { return ask_plan(scenario); }).size(), 1u);
}

TEST(PlanScenario, WithoutTokensNothingCompares) {
  const auto problems = problems_of(
      [] { return ask_plan("[model]\nname = \"llama-3-8b\"\n[cluster]\nnode = \"hgx-h100\"\nnodes = 1\n"); });
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].key, "training.tokens");
}

TEST(PlanScenario, ADefaultBatchIsTheSameForAllCandidates) {
  // 2,048 chips alone would suggest 256 sequences and more; the first candidate's batch holds.
  const std::string text =
      ask_plan(
          "[model]\nname = \"llama-3-8b\"\n[training]\ntokens = \"1T\"\nsequence_length = 65536\n"
          "[[candidate]]\nnode = \"hgx-h100\"\nnodes = 4\n[[candidate]]\nnode = \"hgx-h100\"\nnodes = 256\n")
          .text;
  EXPECT_EQ(count_of(text, "global batch is not stated"), 1) << text;
}

TEST(PlanScenario, ACandidateWithoutNameOrNodesGoesByItsNode) {
  const std::string text =
      ask_plan(with("[[candidate]]\nnode = \"hgx-h100\"\n[limits]\ndeadline = \"30 days\"\n")).text;
  EXPECT_NE(text.find("Best: DGX H100, sized"), std::string::npos) << text;
}

// Racks of 72 chips in trays of four, slices of a torus: a cluster that is sized has the domains of one whose size is
// given.
TEST(PlanScenario, ASizedCandidateIsTheSameMachineAsOneOfThatSize) {
  const auto ask_one = [](const std::string& node, const std::string& nodes) {
    const std::string answer = ask_plan(with(("[[candidate]]\nnic_per_chip = \"400 Gb/s\"\nnode = \"" + node + "\"\n" +
                                              nodes + "[limits]\ndeadline = \"12 hours\"\n")
                                                 .c_str()),
                                        true)
                                   .text;
    return parse_json(answer, "answer").find("offers")->as_array()[0];
  };
  for (const char* node : {"gb200-nvl72-tray", "tpu-v5p", "tpu-v6e"}) {
    const Json sized = ask_one(node, "");
    const auto nodes = sized.find("nodes")->as_int();
    ASSERT_GT(nodes, 2) << node;
    const Json given = ask_one(node, "nodes = " + std::to_string(nodes) + "\n");
    EXPECT_EQ(sized.find("step_time_s")->as_double(), given.find("step_time_s")->as_double()) << node;
  }
}

TEST(PlanScenario, ASliceThatCannotBeHadIsRefusedAlsoWhenTheClusterIsSized) {
  for (const char* slice : {"100000x100000x100000", "2x2x99999", "0x4x4"}) {
    const auto problems = problems_of([&] {
      return ask_plan(with(("[[candidate]]\nnode = \"tpu-v5p\"\nnic_per_chip = \"50 Gb/s\"\nslice = \"" +
                            std::string(slice) + "\"\n[limits]\ndeadline = \"30 days\"\n")
                               .c_str()));
    });
    ASSERT_FALSE(problems.empty());
    EXPECT_NE(render(problems[0]).find("slice"), std::string::npos) << render(problems[0]);
  }
}

TEST(PlanScenario, NoCandidateWithinTheLimitsIsAnAnswer) {
  const Text answer =
      ask_plan(with("[[candidate]]\nname = \"a\"\nnode = \"hgx-h100\"\nnodes = 2\n[limits]\npower = \"10 kW\"\n"));
  EXPECT_FALSE(answer.feasible);
  EXPECT_NE(answer.text.find("No candidate stays within the limits."), std::string::npos);
  EXPECT_NE(answer.text.find("a: breaks a limit: power 20.4 kW exceeds 10 kW by 104.0 %."), std::string::npos)
      << answer.text;
}

TEST(PlanScenario, TextFitsAHundredColumns) { expect_a_hundred_columns(ask_plan(with(kTwoCurrencies)).text); }

TEST(PlanScenario, JsonIsTheSameForAnyNumberOfThreads) {
  const std::string one = ask_plan(with(kTwoCurrencies), true, 1).text;
  EXPECT_EQ(one, ask_plan(with(kTwoCurrencies), true, 2).text);
  EXPECT_EQ(one, ask_plan(with(kTwoCurrencies), true, 7).text);
  EXPECT_EQ(parse_json(one, "answer").find("schema")->as_string(), "socle.plan/1");
}

TEST(CompareScenario, JsonIsTheSameForAnyNumberOfThreads) {
  const std::string one = ask_compare({"h100-sxm", "ascend-910b"}, true, 1).text;
  EXPECT_EQ(one, ask_compare({"h100-sxm", "ascend-910b"}, true, 2).text);
  EXPECT_EQ(one, ask_compare({"h100-sxm", "ascend-910b"}, true, 7).text);
  EXPECT_EQ(parse_json(one, "answer").find("schema")->as_string(), "socle.compare/1");
}

TEST(CompareScenario, TextFitsAHundredColumns) {
  expect_a_hundred_columns(ask_compare({"h100-sxm", "h20", "ascend-910b", "tpu-v5p"}).text);
}

TEST(CompareScenario, SaysThatRangesOverlapWhenTheyDo) {
  int overlapping = 0, apart = 0;
  for (const char* chip : {"h200-sxm", "h20", "b200-sxm", "ascend-910b", "tpu-v5p", "mi300x"}) {
    const Json answer = parse_json(ask_compare({"h100-sxm", chip}, true).text, "answer");
    const auto& chips = answer.find("chips")->as_array();
    const auto end = [&](std::size_t i, const char* key) { return chips[i].find(key)->as_double(); };
    const bool overlap = end(0, "tokens_per_s_per_chip_low") <= end(1, "tokens_per_s_per_chip_high") &&
                         end(1, "tokens_per_s_per_chip_low") <= end(0, "tokens_per_s_per_chip_high");
    const std::string text = ask_compare({"h100-sxm", chip}).text;
    EXPECT_EQ(text.find("ranges overlap") != std::string::npos || text.find("ranges\n  overlap") != std::string::npos,
              overlap)
        << text;
    ++(overlap ? overlapping : apart);
  }
  EXPECT_GT(overlapping, 0);
  EXPECT_GT(apart, 0);
}

TEST(PlanScenario, ShowsOwningAndRentingOnOneBasisAndWhatIsLeftOut) {
  const std::string both = with(
      "[[candidate]]\nnode = \"hgx-h100\"\nnodes = 2\nrent = \"2.1 USD/chip-hour\"\n"
      "[[candidate]]\nnode = \"hgx-h100\"\nnodes = 2\nname = \"own\"\nprice = \"250000 USD\"\n");
  const std::string text = ask_plan(both).text;
  for (const char* part :
       {" rent ", " own ", "failures included", "In no sum, because nobody stated it", "How firm it is"})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  const Json answer = parse_json(ask_plan(both, true).text, "answer");
  for (const Json& offer : answer.find("offers")->as_array()) {
    // The first way that is cheapest: neither is set beside the other's.
    const double cost = offer.find("cost")->find("amount")->as_double();
    const double owned = offer.find("cost_owned")->find("amount")->as_double();
    EXPECT_LE(cost, owned);
    EXPECT_GT(offer.find("finish_s")->as_double(), offer.find("run_s")->as_double());
  }
}

TEST(PlanScenario, TheSameMachineCostsTheSameHoweverItIsWritten) {
  const Json answer = parse_json(
      ask_plan(
          with("[[candidate]]\nname = \"a\"\nnode = \"hgx-h20-96gb\"\nnodes = 4\n[[candidate]]\nname = \"b\"\nchip = "
               "\"h20\"\nchips = 32\nnic = \"400 Gb/s\"\nnics = 8\n[cost]\nregion = \"cn-west\"\n"),
          true)
          .text,
      "answer");
  const auto& offers = answer.find("offers")->as_array();
  EXPECT_DOUBLE_EQ(offers[0].find("cost")->find("amount")->as_double(),
                   offers[1].find("cost")->find("amount")->as_double());
  EXPECT_DOUBLE_EQ(offers[0].find("cheapest_in_draws")->as_double(), 1.0);  // a tie in every draw: the first
}

TEST(PlanScenario, MoreChipsLoseMoreOfTheirTimeToFailures) {
  const Json answer = parse_json(
      ask_plan(with("[[candidate]]\nnode = \"hgx-h100\"\nnodes = 2\n[[candidate]]\nnode = \"hgx-h100\"\nnodes = 16\n"),
               true)
          .text,
      "answer");
  const auto& offers = answer.find("offers")->as_array();
  const double few = offers[0].find("goodput")->as_double(), many = offers[1].find("goodput")->as_double();
  EXPECT_LT(many, few);
  EXPECT_LT(few, 1.0);
  EXPECT_NEAR(offers[0].find("finish_s")->as_double() * few, offers[0].find("run_s")->as_double(), 1e-6);
}

TEST(PlanScenario, AJobThatNeverGetsAnywhereIsNoPlan) {
  const std::string text =
      ask_plan(with("[[candidate]]\nnode = \"hgx-h100\"\nnodes = 64\n[risk]\nnode_rate = 10000\n")).text;
  EXPECT_NE(text.find("no plan:"), std::string::npos) << text;
}

TEST(PlanScenario, ABasisKeepsWaysApart) {
  const auto cost = [](const char* basis) {
    const std::string cost_section = std::string("[cost]\nregion = \"us\"\nbasis = \"") + basis + "\"\n";
    const Json answer = parse_json(
        ask_plan(with(("[[candidate]]\nnode = \"hgx-h100\"\nnodes = 2\n" + cost_section).c_str()), true).text,
        "answer");
    return answer.find("offers")->as_array()[0].find("cost_basis")->as_string();
  };
  EXPECT_EQ(cost("rented"), "rent on demand");
  EXPECT_EQ(cost("owned"), "build");
}

TEST(PlanScenario, UnknownPowerIsNullAndItsLimitNotJudged) {
  // A chip without a rated power in the catalogue, in bare nodes.
  const std::string scenario = with("[limits]\npower = \"1 MW\"\n[[candidate]]\nchip = \"ascend-910b1\"\nchips = 16\n");
  const catalog::Catalog own(
      {{"chips/ascend-910b1.toml",
        "name = \"A\"\nvendor = \"V\"\n[peak]\nbf16 = \"300 TFLOP/s\"\n[memory]\ncapacity = \"64 GB\"\nbandwidth = \"1 "
        "TB/s\"\n[provenance]\nsource = \"s\"\nconfidence = \"estimate\"\n",
        "own/chips/ascend-910b1.toml"}});
  const api::PlanAnswer answer = api::plan(own, request_of({.scenario = scenario}), {.threads = 1});
  const Json json = parse_json(api::json(answer), "answer");
  const Json& offer = json.find("offers")->as_array().at(0);
  EXPECT_TRUE(offer.find("power_w")->is_null());
  EXPECT_TRUE(offer.find("energy_j")->is_null());
  EXPECT_EQ(offer.find("not_judged")->as_array().size(), 1u);
  EXPECT_NE(api::text(answer).find("power is not judged"), std::string::npos);
  // Another catalogue is another input.
  EXPECT_EQ(json.find("provenance")->find("inputs")->as_array().back().find("name")->as_string(), "catalog");
}

TEST(CompareScenario, EveryUnknownChipIsToldWithTheNearestName) {
  const auto problems = problems_of([] { return ask_compare({"h100-sxn", "h20", "ascend-910d"}); });
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_NE(problems[0].message.find("did you mean \"h100-sxm\"?"), std::string::npos) << problems[0].message;
  EXPECT_NE(problems[1].message.find("did you mean \"ascend-910"), std::string::npos) << problems[1].message;
}

TEST(CompareScenario, OfNoChipWithItsFactsPublicIsRefusedWithTheRemedy) {
  const auto problems = problems_of([] { return ask_compare({"cambricon-mlu590", "kunlunxin-p800"}); });
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("suppose them: --assume"), std::string::npos) << problems[0].message;
}

TEST(CompareScenario, AChipIsNamedOnceWhateverTheName) {
  const auto problems = problems_of([] { return ask_compare({"h100-sxm", "h100"}); });
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("a second time"), std::string::npos) << problems[0].message;
}

TEST(CompareScenario, OneChipIsNoComparison) {
  EXPECT_EQ(problems_of([] { return ask_compare({"h100-sxm"}); }).size(), 1u);
}

TEST(CompareScenario, ExportClassesOfEveryChipArePresent) {
  const Json answer = parse_json(ask_compare({"h100-sxm", "h20"}, true, 1, "2024-06-01").text, "answer");
  // H100: 989.4 TFLOP/s in 16 bits, above 4,800 by the rule of 2023-11; H20: 148 * 16 = 2,368 (296 * 8 the same),
  // below.
  const auto& chips = answer.find("chips")->as_array();
  ASSERT_EQ(chips.size(), 2u);
  for (const Json& chip : chips) {
    ASSERT_EQ(chip.find("export")->as_array().size(), 1u);
    EXPECT_EQ(chip.find("export")->as_array()[0].find("rule")->as_string(), "R-2023-11");
  }
  EXPECT_EQ(chips[0].find("export")->as_array()[0].find("class")->as_string(), "3A090.a");
  EXPECT_EQ(chips[1].find("export")->as_array()[0].find("class")->as_string(), "not controlled");
  EXPECT_NEAR(chips[1].find("tpp")->as_double(), 2368.0, 0.5);
}

TEST(CompareScenario, BeforeTheFirstRuleNoneIsInForce) {
  const std::string text = ask_compare({"h100-sxm", "h20"}, false, 1, "2020-01-01").text;
  EXPECT_EQ(count_of(text, "no rule of the catalogue is in force on this day"), 2) << text;
}

TEST(CompareScenario, ADayIsADayOfTheCalendar) {
  for (const char* day : {"yesterday", "2026-02-30", "2026-2-3", "2026-0-30x", "20260630", "-026-01-01"}) {
    EXPECT_EQ(problems_of([&] { return ask_compare({"h100-sxm", "h20"}, false, 1, day); }).front().key, "day") << day;
  }
}

}  // namespace
}  // namespace socle::test
