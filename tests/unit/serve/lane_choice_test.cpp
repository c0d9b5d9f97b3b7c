#include "socle/serve/lane_choice.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "socle/serve/fleet.hpp"
#include "socle/workload/conversations.hpp"
#include "support/serving_traffic.hpp"

// Turns of conversations on a replica whose ranks have caches of their own.
namespace socle::serve {
namespace {

/// Tokens of prompts in all, and of these found cached.
class Found final : public Recorder {
 public:
  void done(const Request& request, const Outcome& outcome) override {
    prompts += request.input;
    cached += outcome.cached;
  }
  void gaps(std::int64_t, Picoseconds, Picoseconds, std::int64_t) override {}
  std::int64_t prompts = 0, cached = 0;
};

double share_found(LaneChoice choice) {
  FleetOptions options{.replica = {.limits = {.blocks = 100'000, .prefix_caching = true, .prefix_tokens = 128},
                                   .lanes = 16,
                                   .lane_choice = choice,
                                   .policy = sglang},
                       .router = round_robin};
  workload::ConversationSource source({.arrivals = {.rate = 400.0},
                                       .turns = {.mean = 4},
                                       .input = {.mean = 1024},
                                       .output = {.mean = 256},
                                       .requests = 8000});
  GrowingTimer timer;
  Found found;
  run_fleet(source, options, timer, found);
  return static_cast<double>(found.cached) / static_cast<double>(found.prompts);
}

// Prompts of 1,024, 2,304, 3,584 and 4,864 tokens, of which 0, 1,024, 2,304 and 3,584 stood in the one before: 0.587.
TEST(LaneChoice, TurnsFindWhatWasSaidOnlyWhereTheyAreSentToOneRank) {
  EXPECT_GT(share_found(lane_of_session), 0.5);
  EXPECT_GT(share_found(holding_lane), 0.5);
  EXPECT_LT(share_found(idlest_lane), 0.3);
}

TEST(LaneChoice, SessionsSpreadOverAllRanks) {
  std::vector<Lane> lanes;
  Found found;
  for (int i = 0; i < 16; ++i) lanes.emplace_back(LaneLimits{.blocks = 100}, found);
  std::set<std::size_t> chosen;
  for (int session = 0; session < 400; ++session) {
    const Request request{.session = session};
    chosen.insert(lane_of_session(request, lanes));
    EXPECT_EQ(lane_of_session(request, lanes), lane_of_session(request, lanes));
  }
  EXPECT_EQ(chosen.size(), 16U);
}

TEST(LaneChoice, WhatBelongsToNoSessionGoesToTheIdlest) {
  std::vector<Lane> lanes;
  Found found;
  for (int i = 0; i < 3; ++i) lanes.emplace_back(LaneLimits{.blocks = 100}, found);
  lanes[0].enqueue({.id = 0, .input = 16, .output = 1}, 0);
  EXPECT_EQ(lane_of_session({.session = -1}, lanes), 1U);
  EXPECT_EQ(holding_lane({}, lanes), 1U);
  EXPECT_EQ(idlest_lane({}, lanes), 1U);
}

}  // namespace
}  // namespace socle::serve
