// `socle serve day` through the public face.
#include <gtest/gtest.h>

#include "socle/api/serve.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

const char* const kDay = R"(
[model]
name = "llama-3.1-8b"
[cluster]
chip = "h100-sxm"
chips = 8
rent = "2 USD/chip-hour"
[serving]
engine = "vllm-0.19"
tp = 1
router = "least-loaded"
[requests]
rate = 12.0
duration = "2 h"
profile = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
input = 1000
output = 100
slo_ttft = "1 s"
slo_tpot = "30 ms"
)";

/// The scenario with other rates in its first two hours.
std::string with_hours(const std::string& first, const std::string& second) {
  std::string text = kDay;
  const std::string from = "[1, 1, 1";
  text.replace(text.find(from), from.size(), "[" + first + ", " + second + ", 1");
  return text;
}

api::ServeDayAnswer day(const std::vector<std::string>& scenarios, const api::ServeDayRequest& request) {
  std::vector<api::Request> requests;
  for (const std::string& text : scenarios)
    requests.push_back(request_of({.scenario = text, .flags = {}, .files = {}}));
  return api::serve_day(catalog::Catalog(), requests, request);
}

TEST(ServeDay, AScaledFleetHoldsFewerChipsAndKeepsTheObjectives) {
  for (const char* policy : {"forecast", "reactive"}) {
    const answer::DayResult result = day({with_hours("6", "1")}, {.policy = policy}).result;
    ASSERT_TRUE(result.holds()) << policy;
    const answer::DayModel& model = result.models.front();
    EXPECT_GT(model.fixed.most_replicas, 1) << policy;
    EXPECT_GE(model.fixed.most_replicas * model.capacity, model.peak_rate) << policy;
    EXPECT_GE(model.fixed.figures.share_met, 0.99) << policy;
    EXPECT_GE(model.scaled.figures.share_met, 0.99) << policy;
    EXPECT_LT(model.scaled.chip_hours, model.fixed.chip_hours) << policy;
    EXPECT_EQ(model.scaled.figures.requests, model.fixed.figures.requests) << policy;
    ASSERT_EQ(model.scaled.hours.size(), 2U) << policy;
    EXPECT_GT(model.scaled.hours[0].replicas, model.scaled.hours[1].replicas) << policy;
    EXPECT_NEAR(model.scaled.spent->amount, 2 * model.scaled.chip_hours, 1e-9) << policy;
  }
}

TEST(ServeDay, MoreReplicasAtLeastAndInReserveHoldMoreChips) {
  const double plain = day({with_hours("6", "1")}, {}).result.models[0].scaled.chip_hours;
  EXPECT_GT(day({with_hours("6", "1")}, {.spare = "1"}).result.models[0].scaled.chip_hours, plain);
  const answer::DayResult at_least = day({with_hours("6", "1")}, {.least = "50"}).result;
  for (const answer::ChipStep& step : at_least.models[0].scaled.chips) EXPECT_GE(step.chips, 50);
}

TEST(ServeDay, ModelsThatAreBusyAtDifferentTimesNeedFewerChipsTogether) {
  // A replica starts before it is wanted and drains after: the busy hours must not touch.
  std::string late = with_hours("1", "1, 6");
  late.replace(late.find("\"2 h\""), 5, "\"3 h\"");
  const answer::DayResult result = day({with_hours("6", "1"), late}, {}).result;
  ASSERT_TRUE(result.holds());
  EXPECT_LT(answer::most_of(result.chips), result.fixed_chips);
  EXPECT_EQ(result.pool, answer::most_of(result.chips));
  EXPECT_EQ(result.short_time.value(), 0);
  const answer::DayResult scarce = day({with_hours("6", "1"), late}, {.pool = "1"}).result;
  EXPECT_GT(scarce.short_time.value(), 10000);
}

TEST(ServeDay, ObjectivesThatNoRequestKeepsAreSaidToHoldAtNoLoad) {
  std::string strict = kDay;
  strict.replace(strict.find("\"1 s\""), 5, "\"1 us\"");
  const api::ServeDayAnswer answer = day({strict}, {});
  EXPECT_FALSE(api::holds(answer));
  EXPECT_NE(api::text(answer).find("The objectives hold at no load"), std::string::npos);
}

TEST(ServeDay, EveryMistakeOfItsOptionsIsSaidAtOnce) {
  try {
    day({kDay}, {.policy = "psychic",
                 .least = "0",
                 .spare = "-1",
                 .pool = "x",
                 .image = "3 lightyears",
                 .load = "0 B/s",
                 .warm_up = "-1 s",
                 .idle_restart = "5 min"});
    FAIL();
  } catch (const InputError& error) {
    const std::string what = error.what();
    for (const char* option : {"--policy", "--least", "--spare", "--pool", "--image", "--load", "--warm-up", "--idle"})
      EXPECT_NE(what.find(option), std::string::npos) << option << " in " << what;
  }
}

TEST(ServeDay, ClosedLoopsAndTrafficWithoutObjectivesAreRefused) {
  std::string closed = kDay;
  closed.replace(closed.find("rate = 12.0"), 11, "concurrency = 8");
  const auto profile = closed.find("profile");
  closed.erase(profile, closed.find('\n', profile) - profile);
  EXPECT_THROW(day({closed}, {}), InputError);
  std::string free = kDay;
  free.erase(free.find("slo_ttft"));
  EXPECT_THROW(day({free}, {}), InputError);
}

}  // namespace
}  // namespace socle::test
