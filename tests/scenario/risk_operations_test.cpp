#include <cmath>

#include <gtest/gtest.h>

#include "socle/api/risk.hpp"
#include "socle/base/error.hpp"

namespace socle {
namespace {

template <typename Ask>
std::string problems_of(Ask ask) {
  try {
    ask();
  } catch (const InputError& error) { return error.what(); }
  return "";
}

const answer::ReplayedIncident& named(const api::IncidentAnswer& answer, const char* slug) {
  for (const answer::ReplayedIncident& one : answer.result.incidents) {
    if (one.incident.slug == slug) return one;
  }
  throw std::out_of_range(slug);
}

TEST(Incidents, LastAsLongAsReported) {
  const auto all = api::incidents(catalog::Catalog(), {});
  const auto minutes = [&](const char* slug) { return named(all, slug).incident.length->value() / 60; };
  EXPECT_NEAR(minutes("alibaba-2023-11-12"), 101, 1);
  EXPECT_NEAR(minutes("google-2025-06-12"), 447, 1);
  EXPECT_NEAR(minutes("aws-2025-10-20"), 872, 1);
  EXPECT_NEAR(minutes("yuque-2023"), 473, 1);
  EXPECT_NEAR(minutes("cloudflare-2025-11-18"), 346, 1);
  EXPECT_FALSE(named(all, "tencent-gz-2023").incident.length);  // not public, and not guessed
  EXPECT_FALSE(named(all, "tencent-gz-2023").kept_lost);
}

TEST(Incidents, AZoneTakesItsShareAndASpareZoneAllButDetection) {
  const auto bare = api::incidents(catalog::Catalog(), {.zones = "3"});
  const auto held = api::incidents(catalog::Catalog(), {.zones = "3", .controls = "zone-spare", .detect = "6 min"});
  EXPECT_NEAR(named(bare, "alibaba-hk-2022").kept_lost->value() / 60, 840.0 / 3, 1e-6);
  EXPECT_NEAR(named(held, "alibaba-hk-2022").kept_lost->value() / 60, 6.0 / 3, 1e-6);
  // Configuration is everywhere at once: zones do not help.
  EXPECT_NEAR(named(held, "google-2025-06-12").kept_lost->value() / 60, 447, 1e-6);
}

TEST(Incidents, StagesAndRollbackAndSparesThatRunShortenThem) {
  const auto held = api::incidents(catalog::Catalog(), {.controls = "staged-config,pre-launched",
                                                        .first_stage = "0.02",
                                                        .detect = "10 min",
                                                        .rollback = "15 min",
                                                        .lost_hour = "60000 USD"});
  EXPECT_NEAR(named(held, "google-2025-06-12").kept_lost->value() / 60, 0.02 * 25, 1e-6);
  EXPECT_NEAR(named(held, "google-2025-06-12").money->amount, 500, 1e-6);
  EXPECT_NEAR(named(held, "aws-2025-10-20").kept_lost->value() / 60, 872 - 685, 1e-6);
}

TEST(Incidents, MoreControlsNeverLoseMore) {
  const auto none = api::incidents(catalog::Catalog(), {.zones = "2", .regions = "2"});
  const auto some =
      api::incidents(catalog::Catalog(), {.zones = "2", .regions = "2", .controls = "rollback,zone-spare"});
  for (std::size_t i = 0; i < none.result.incidents.size(); ++i) {
    const auto& bare = none.result.incidents[i];
    if (!bare.lost) continue;
    EXPECT_LE(some.result.incidents[i].kept_lost->value(), bare.kept_lost->value());
    EXPECT_LE(bare.best_lost->value(), some.result.incidents[i].kept_lost->value());
  }
}

TEST(Incidents, RefuseControlsThatDoNotExistOrCannotHelp) {
  const auto told = [](api::IncidentRequest asked) {
    return problems_of([&] { api::incidents(catalog::Catalog(), asked); });
  };
  EXPECT_NE(told({.controls = "rolback"}).find("did you mean"), std::string::npos);
  EXPECT_NE(told({.controls = "zone-spare"}).find("needs another zone"), std::string::npos);
  EXPECT_NE(told({.controls = "region-spare"}).find("needs another region"), std::string::npos);
  EXPECT_NE(told({.name = "aws"}).find("unknown incident"), std::string::npos);
  EXPECT_NE(told({.zones = "0", .target = "2"}).find("--target"), std::string::npos);
}

TEST(Rollout, SaysWhatABadChangeDoesAtOnceAndInStages) {
  const auto answer =
      api::rollout({.stages = "1%, 9%, 90%", .bake = "6 min", .detect = "10 min", .rollback = "15 min"});
  ASSERT_EQ(answer.result.plans.size(), 2u);
  EXPECT_NEAR(answer.result.plans[0].plan.exposure.share_time.value() / 60, 25, 1e-9);
  EXPECT_NEAR(answer.result.plans[1].plan.exposure.share_time.value() / 60, 1.96, 1e-9);
}

TEST(Rollout, ChangesCutAcrossTheDomains) {
  const auto answer =
      api::rollout({.nodes = "1024", .rack_nodes = "4", .row_racks = "16", .zones = "2", .regions = "2"});
  double before = 0;
  for (const answer::BlastRow& row : answer.result.blast) {
    if (row.change) {
      EXPECT_EQ(row.share, 1.0);
      EXPECT_LT(*row.staged_share, 0.2);
    } else {
      EXPECT_GT(row.share, before) << row.what;  // chip, node, rack, row, zone, region
      before = row.share;
    }
  }
  EXPECT_NEAR(before, 0.5, 1e-9);
}

TEST(Rollout, UpgradesInTimeOrNot) {
  const api::RolloutRequest upgrade{
      .units = "128", .at_once = "8", .wave = "5 min", .stop = "4 min", .deadline = "2 h"};
  const auto answer = api::rollout(upgrade);
  EXPECT_EQ(answer.result.upgrade->upgrade.waves, 16);
  EXPECT_NEAR(answer.result.upgrade->stopped->value(), 16 * 240, 1e-9);
  EXPECT_TRUE(api::holds(answer));
  api::RolloutRequest late = upgrade;
  late.deadline = "1 h";
  EXPECT_FALSE(api::holds(api::rollout(late)));
}

TEST(Rollout, CountsWhatRestartsTogether) {
  // 1,024 x 20 GB at 100 GB/s: 204.8 s; in 180 s 113.8 GB/s, or 900 tasks.
  const auto answer =
      api::rollout({.tasks = "1024", .task_bytes = "20 GB", .store_rate = "100 GB/s", .within = "3 min"});
  EXPECT_NEAR(answer.result.stampede->all_at_once.value(), 204.8, 1e-9);
  EXPECT_NEAR(answer.result.stampede->needed->value(), 20e9 * 1024 / 180, 1);
  EXPECT_EQ(*answer.result.stampede->admitted, 900);
}

TEST(Rollout, TellsEveryMistakeAtOnce) {
  const std::string told = problems_of([] {
    api::rollout({.stages = "1%,2%",
                  .exposed = "1 min",
                  .rack_nodes = "4",
                  .row_racks = "0",
                  .units = "8",
                  .deadline = "-1 h",
                  .tasks = "5",
                  .within = "0 s"});
  });
  for (const char* part :
       {"adds up to 3.0 %", "--exposed is what a plan may cost", "--rack-nodes describes a site", "--row-racks",
        "needs --at-once as well", "needs --wave as well", "--deadline", "needs --task-bytes as well", "--within"})
    EXPECT_NE(told.find(part), std::string::npos) << part << "\n" << told;
}

api::ServeRiskAnswer served(scenario::Flags more, const api::ServeRiskRequest& asked = {}) {
  scenario::Flags flags{{"--model", "llama-3.1-8b"}, {"--chip", "h100-sxm"},   {"--tp", "1"}, {"--rate", "10"},
                        {"--slo-ttft", "1 s"},       {"--num-requests", "300"}};
  for (auto& [flag, text] : more) flags[flag] = text;
  return api::serve_risk(catalog::Catalog(), {.flags = flags}, asked);
}

TEST(ServeRisk, MoreReplicasFailFewerRequests) {
  const auto answer = served({{"--replicas", "2"}});
  ASSERT_TRUE(answer.result);
  double before = 2;
  for (const answer::FleetChoice& one : answer.result->choices) {
    EXPECT_LE(one.availability.failed(), before * (1 + 1e-9));
    before = one.availability.failed();
  }
  EXPECT_EQ(answer.result->asked().replicas, 2);
}

TEST(ServeRisk, ASpareNodeHelpsAndNoneIsWorseThanAlwaysAnother) {
  const auto failed = [&](const char* spares) {
    return served({{"--replicas", "2"}}, {.spare_nodes = spares}).result->asked().availability.failed();
  };
  EXPECT_GT(failed("0"), failed("1"));
  EXPECT_GE(failed("1"), failed(""));
}

TEST(ServeRisk, RefusesWhatCannotBeJudged) {
  EXPECT_NE(problems_of([] { served({}, {.zones = "0", .target = "1"}); }).find("--target"), std::string::npos);
  EXPECT_NE(problems_of([] { served({}, {.failures = "nobody"}); }).find("unknown failure"), std::string::npos);
  EXPECT_NE(problems_of([] {
              api::serve_risk(catalog::Catalog(),
                              {.flags = {{"--model", "llama-3.1-8b"}, {"--chip", "h100-sxm"}, {"--concurrency", "4"}}},
                              {});
            }).find("objectives"),
            std::string::npos);
  const auto answer = served({{"--slo-ttft", "1 us"}});
  EXPECT_FALSE(answer.result);
  EXPECT_FALSE(api::holds(answer));
}

TEST(Cuts, FewerSparesSaveTheirRentAndLoseHours) {
  const api::Request request{.flags = {{"--cluster", "hgx-h100:2048"},
                                       {"--run", "48 days"},
                                       {"--checkpoint-bytes", "5.7 TB"},
                                       {"--rent", "2 USD/chip-hour"},
                                       {"--hot-spares", "64"}}};
  const auto answer = api::risk(catalog::Catalog(), request, {}, nullptr, "hot_spares=8,detect=10min@20000 USD");
  ASSERT_EQ(answer.cuts.size(), 3u);
  const double hours = 48 * 24 / answer.result->simulated.effective;
  EXPECT_NEAR(answer.cuts[0].saved->amount, 56 * 8 * 2 * hours, 1);
  EXPECT_GT(answer.cuts[0].lost_expected->amount, 0);
  EXPECT_GE(answer.cuts[0].lost_p99->amount, answer.cuts[0].lost_expected->amount);
  EXPECT_NEAR(answer.cuts[2].saved->amount, answer.cuts[0].saved->amount + 20000, 1e-6);
  EXPECT_GT(answer.cuts[2].hours_expected, answer.cuts[1].hours_expected);
  const auto told = [&](const char* cut) {
    return problems_of([&] { api::risk(catalog::Catalog(), request, {}, nullptr, cut); });
  };
  EXPECT_NE(told("spares=3").find("no key that can be a saving"), std::string::npos);
  EXPECT_NE(told("hot_spares").find("write key=value"), std::string::npos);
  EXPECT_NE(told("hot_spares=1@5 CNY").find("write one currency"), std::string::npos);
  EXPECT_NE(told("copy_interval=3min").find("acts with checkpoint"), std::string::npos);
}

}  // namespace
}  // namespace socle
