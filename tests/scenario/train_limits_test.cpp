#include <gtest/gtest.h>

#include "socle/api/plan_api.hpp"
#include "socle/api/train_api.hpp"
#include "socle/base/json.hpp"

namespace socle::api {
namespace {

// 16 rented H100 and one layout: 100B tokens take about ten days.
constexpr const char* kJob = R"(
[model]
name = "llama-3-8b"
[training]
tokens = "100B"
sequence_length = 8192
global_batch = 128
precision = "bf16"
[cluster]
node = "hgx-h100"
nodes = 2
rent = "2 USD/chip-hour"
[layout]
tp = 2
pp = 1
cp = 1
dp = 8
microbatch = 1
schedule = "1f1b"
recompute = "none"
sharding = "zero1"
)";

TrainAnswer ask(const std::string& limits, bool json = false, bool timeline = false) {
  const TrainRequest request{.scenario_text = kJob + ("[limits]\n" + limits), .scenario_name = "s.toml", .flags = {}, .json = json, .explain = false,
                             .timeline = timeline, .threads = 1, .read_file = {}};
  return train(catalog::Catalog(), request);
}

Json limits_of(const std::string& limits) { return *parse_json(ask(limits, true).text, "answer").find("limits"); }

struct LimitCase {
  const char* limit;
  const char* broken;   // start of the sentence; empty = kept
};

TEST(TrainLimits, EachIsJudgedInTextAndJson) {
  // 20.4 kW of two nodes, ten days, 16 chips x 2 USD x 24 h = 768 USD a day.
  for (const LimitCase& c : {LimitCase{"power = \"10 kW\"", "power 20.4 kW exceeds 10 kW by 104"}, LimitCase{"power = \"30 kW\"", ""},
                             LimitCase{"deadline = \"5 days\"", "run time "}, LimitCase{"deadline = \"50 days\"", ""},
                             LimitCase{"chips = 8", "chips 16 exceeds 8 by 100.0 %"}, LimitCase{"chips = 16", ""},
                             LimitCase{"opex = \"1000 USD\"", "rent of the run "}, LimitCase{"opex = \"50000 USD\"", ""}}) {
    const TrainAnswer answer = ask(c.limit);
    const Json json = limits_of(c.limit);
    const bool kept = *c.broken == '\0';
    EXPECT_EQ(answer.feasible, kept) << c.limit;
    EXPECT_EQ(json.find("kept")->as_bool(), kept) << c.limit;
    EXPECT_EQ(json.find("broken")->as_array().size(), kept ? 0u : 1u) << c.limit;
    EXPECT_EQ(json.find("not_judged")->as_array().size(), 0u) << c.limit;
    EXPECT_NE(answer.text.find(kept ? "Limits: none that is judged is broken." : "Breaks a limit: "), std::string::npos) << answer.text;
    if (kept) continue;
    EXPECT_EQ(json.find("broken")->as_array().at(0).as_string().rfind(c.broken, 0), 0u) << json.dump();
  }
}

TEST(TrainLimits, AreWordedAsThePlanWordsThem) {
  const char* limits = "deadline = \"5 days\"\n";
  const PlanRequest request{.scenario_text = kJob + (std::string("[limits]\n") + limits), .scenario_name = "s.toml", .flags = {}, .json = false, .threads = 1, .read_file = {}};
  const std::string sentence = limits_of(limits).find("broken")->as_array().at(0).as_string();
  const PlanAnswer planned = plan(catalog::Catalog(), request);
  EXPECT_FALSE(planned.feasible);
  EXPECT_NE(planned.text.find("breaks a limit: " + sentence), std::string::npos) << planned.text << sentence;
}

TEST(TrainLimits, AnotherCurrencyIsConvertedAndTheRateIsTold) {
  const TrainAnswer answer = ask("opex = \"1000 CNY\"");
  EXPECT_FALSE(answer.feasible);
  EXPECT_NE(answer.text.find("CNY exceeds 1000 CNY"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("Prices in the other currency are converted at"), std::string::npos) << answer.text;
}

TEST(TrainLimits, WhatCannotBeJudgedIsSaid) {
  const Json json = limits_of("capex = \"1000 USD\"");
  EXPECT_TRUE(json.find("kept")->as_bool());
  EXPECT_EQ(json.find("not_judged")->as_array().at(0).as_string(), "capex is not judged: the cluster is rented");
}

TEST(TrainLimits, AreNotMentionedWhenNoneIsSet) {
  EXPECT_EQ(parse_json(ask("", true).text, "answer").find("limits"), nullptr);
  EXPECT_EQ(ask("").text.find("imit"), std::string::npos);
}

TEST(TrainLimits, ABrokenOneStillShowsTheStep) {
  const TrainAnswer answer = ask("chips = 8", false, true);
  EXPECT_NE(answer.text.find("step time"), std::string::npos) << answer.text;
  EXPECT_FALSE(answer.timeline.empty());
}

}  // namespace
}  // namespace socle::api
