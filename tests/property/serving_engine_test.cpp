#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/serve/fleet.hpp"
#include "support/serving_traffic.hpp"

// Laws of every policy over random traffic and random limits.
namespace socle::serve {
namespace {

struct Result {
  Everything heard;
  FleetRun run;
};

FleetOptions random_options(std::uint32_t seed, Policy policy) {
  const RandomStream random(seed, 4);
  const auto pick = [&](std::uint64_t draw, std::uint64_t low, std::uint64_t high) {
    return static_cast<int>(low + random.below(high - low + 1, 0, draw));
  };
  FleetOptions options;
  options.replica.limits = {.blocks = pick(0, 40, 400),
                            .block_tokens = 16,
                            .max_sequences = pick(1, 1, 40),
                            .max_step_tokens = pick(2, 64, 1024),
                            .watermark = 0.01,
                            .prefix_caching = pick(3, 0, 1) == 1,
                            .prefix_tokens = 64};
  if (pick(9, 0, 2) == 0) options.replica.limits.step_sixteenths = pick(10, 17, 60);
  options.replica.lanes = pick(4, 1, 3);
  options.replica.edge = pick(8, 0, 2) * 3'000'000'017;
  options.replica.policy = policy;
  options.replica.prompt_wait = pick(22, 0, 1) == 0 ? 0 : pick(23, 1, 40);
  options.replica.poll_steps = pick(11, 0, 1) == 0 ? 1 : pick(12, 2, 9);
  options.replica.policy_options.chunked_prefill = pick(5, 0, 3) > 0;
  options.replica.limits.order = queue_orders()[static_cast<std::size_t>(pick(13, 0, 2))].make;
  // The fourth class of the traffic is not in the list.
  options.replica.limits.classes = {{12, 1}, {-1, 3}, {0, 7}};
  options.replica.max_waiting = pick(14, 0, 2) == 0 ? pick(15, 1, 20) : 0;
  if (pick(16, 0, 2) > 0) {
    const int slots = pick(17, 1, 4);
    options.replica.limits.adapters = {.slots = slots, .host = slots + pick(18, 0, 2), .rank = 8};
  }
  if (pick(19, 0, 1) == 1)
    options.replica.limits.tiers = {.host = pick(20, 0, 12), .disk = pick(21, 0, 12)};  // with prefix caching only
  options.replicas = pick(6, 1, 3);
  const RouterEntry& router =
      routers()[static_cast<std::size_t>(pick(7, 0, static_cast<std::uint64_t>(routers().size()) - 1))];
  options.router = router.route;
  options.replica.lane_choice = router.lanes;
  return options;
}

Result run(std::uint32_t seed, FleetOptions options, std::int64_t requests = 300) {
  Result result;
  Random source(seed, requests, options.replica.limits.blocks * options.replica.limits.block_tokens);
  GrowingTimer timer;
  result.run = run_fleet(source, options, timer, result.heard);
  return result;
}

class EveryPolicy : public testing::TestWithParam<PolicyEntry> {};

// The cache checks itself that it is never overcommitted, and the engine that everything is served; both abort.
TEST_P(EveryPolicy, ServesEveryRequestOnceAndInOrderOfTime) {
  std::int64_t rejected = 0;
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    const Result result = run(seed, random_options(seed, GetParam().decide));
    ASSERT_EQ(static_cast<std::int64_t>(result.heard.outcomes.size()) + result.run.refused + result.run.rejected, 300)
        << "seed " << seed;
    ASSERT_EQ(static_cast<std::int64_t>(result.heard.away.size()), result.run.refused + result.run.rejected);
    for (const auto& [id, why] : result.heard.away) ASSERT_FALSE(result.heard.outcomes.contains(id)) << id;
    rejected += result.run.rejected;
    std::int64_t tokens_after_first = 0;
    Picoseconds decode_time = 0;
    for (const auto& [id, o] : result.heard.outcomes) {
      ASSERT_LT(o.arrival, o.first) << "seed " << seed << " request " << id;
      ASSERT_TRUE(o.output == 1 ? o.first == o.last : o.first < o.last) << "seed " << seed << " request " << id;
      tokens_after_first += o.output - 1;
      decode_time += o.last - o.first;
    }
    // Each token but the first has one gap before it, and the gaps fill the time between first and last token.
    const bool one_a_step = random_options(seed, GetParam().decide).replica.limits.step_sixteenths == 16;
    ASSERT_TRUE(one_a_step ? result.heard.gap_count == tokens_after_first
                           : result.heard.gap_count <= tokens_after_first)
        << "seed " << seed;
    ASSERT_EQ(result.heard.gap_sum, decode_time) << "seed " << seed;
  }
  EXPECT_GT(rejected, 0);  // some queues are full
}

TEST_P(EveryPolicy, LeapsChangeNothing) {
  std::int64_t steps = 0, segments = 0, preempted = 0, loaded = 0;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    FleetOptions options = random_options(seed, GetParam().decide);
    const Result leaping = run(seed, options);
    options.replica.leap = false;
    const Result stepping = run(seed, options);
    ASSERT_TRUE(leaping.heard.outcomes == stepping.heard.outcomes) << "seed " << seed;
    ASSERT_TRUE(leaping.heard.away == stepping.heard.away) << "seed " << seed;
    ASSERT_EQ(leaping.heard.gap_sum, stepping.heard.gap_sum) << "seed " << seed;
    ASSERT_EQ(leaping.run.steps, stepping.run.steps) << "seed " << seed;
    ASSERT_EQ(leaping.run.tier_loads.from_host, stepping.run.tier_loads.from_host) << "seed " << seed;
    ASSERT_EQ(leaping.run.tier_loads.from_disk, stepping.run.tier_loads.from_disk) << "seed " << seed;
    loaded += leaping.run.tier_loads.all();
    ASSERT_EQ(leaping.run.adapter_loads.from_host, stepping.run.adapter_loads.from_host) << "seed " << seed;
    ASSERT_EQ(leaping.run.adapter_loads.from_disk, stepping.run.adapter_loads.from_disk) << "seed " << seed;
    ASSERT_EQ(stepping.run.steps, stepping.run.segments);
    steps += leaping.run.steps;
    segments += leaping.run.segments;
    for (const auto& [id, o] : leaping.heard.outcomes) preempted += o.preemptions;
  }
  EXPECT_LT(segments, steps);  // the test leaps
  EXPECT_GT(loaded, 0);        // and loads
  EXPECT_EQ(preempted > 0, GetParam().decide != trtllm_no_evict);
}

TEST_P(EveryPolicy, ServesThePrefixOfATraceAsInTheWhole) {
  // What comes later does not change what was done before: outcomes that ended before the first request left out came.
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const FleetOptions options = random_options(seed, GetParam().decide);
    const Result whole = run(seed, options, 300);
    const Result part = run(seed, options, 200);
    Picoseconds cut = kNever;
    for (const auto& [id, o] : whole.heard.outcomes)
      if (id >= 200) cut = std::min(cut, o.arrival);
    std::int64_t compared = 0;
    for (const auto& [id, o] : part.heard.outcomes) {
      if (o.last > cut) continue;
      ++compared;
      ASSERT_EQ(whole.heard.outcomes.at(id), o) << "seed " << seed << " request " << id;
    }
    EXPECT_GT(compared, 0) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicy, testing::ValuesIn(policies()), [](const auto& info) {
  std::string name(info.param.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace socle::serve
