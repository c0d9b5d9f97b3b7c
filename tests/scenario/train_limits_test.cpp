#include <gtest/gtest.h>

#include "socle/base/json.hpp"
#include "support/ask.hpp"

namespace socle::test {
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

Text ask(const std::string& limits, bool json = false) {
  return train_text({.scenario = kJob + ("[limits]\n" + limits), .json = json});
}

Json limits_of(const std::string& limits) { return *parse_json(ask(limits, true).text, "answer").find("limits"); }

struct LimitCase {
  const char* limit;
  const char* broken;  // start of the sentence; empty = kept
};

TEST(TrainLimits, EachIsJudgedInTextAndJson) {
  // 20.4 kW of two nodes, ten days, 16 chips x 2 USD x 24 h = 768 USD a day.
  for (const LimitCase& c :
       {LimitCase{"power = \"10 kW\"", "power 20.4 kW exceeds 10 kW by 104"}, LimitCase{"power = \"30 kW\"", ""},
        LimitCase{"deadline = \"5 days\"", "run time "}, LimitCase{"deadline = \"50 days\"", ""},
        LimitCase{"chips = 8", "chips 16 exceeds 8 by 100.0 %"}, LimitCase{"chips = 16", ""},
        LimitCase{"opex = \"1000 USD\"", "rent of the run "}, LimitCase{"opex = \"50000 USD\"", ""}}) {
    const Text answer = ask(c.limit);
    const Json json = limits_of(c.limit);
    const bool kept = *c.broken == '\0';
    EXPECT_EQ(answer.feasible, kept) << c.limit;
    EXPECT_EQ(json.find("kept")->as_bool(), kept) << c.limit;
    EXPECT_EQ(json.find("broken")->as_array().size(), kept ? 0u : 1u) << c.limit;
    EXPECT_EQ(json.find("not_judged")->as_array().size(), 0u) << c.limit;
    EXPECT_NE(answer.text.find(kept ? "Limits: none that is judged is broken." : "Breaks a limit: "), std::string::npos)
        << answer.text;
    if (kept) continue;
    EXPECT_EQ(json.find("broken")->as_array().at(0).as_string().rfind(c.broken, 0), 0u) << json.dump();
  }
}

TEST(TrainLimits, AreWordedAsThePlanWordsThem) {
  const char* limits = "deadline = \"5 days\"\n";
  const std::string sentence = limits_of(limits).find("broken")->as_array().at(0).as_string();
  const Text planned = plan_text({.scenario = kJob + (std::string("[limits]\n") + limits + "[cost]\ngoodput = 1\n")});
  EXPECT_FALSE(planned.feasible);
  EXPECT_NE(planned.text.find("breaks a limit: " + sentence), std::string::npos) << planned.text << sentence;
}

TEST(TrainLimits, AnotherCurrencyIsConvertedAndTheRateIsTold) {
  const Text answer = ask("opex = \"1000 CNY\"");
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
  const api::TrainAnswer answer = train_of({.scenario = kJob + std::string("[limits]\nchips = 8")});
  EXPECT_FALSE(api::holds(answer));
  EXPECT_NE(api::text(answer).find("step time"), std::string::npos);
  EXPECT_FALSE(api::timeline(answer).empty());
}

}  // namespace
}  // namespace socle::test
