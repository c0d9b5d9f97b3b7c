#include "socle/serve/disaggregated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/serving_traffic.hpp"

// Laws of fleets whose prompts are computed apart, over random traffic, limits and links.
namespace socle::serve {
namespace {

struct Result {
  Everything heard;
  DisaggregatedRun run;
  std::vector<FleetState> states;
};

DisaggregatedOptions random_options(std::uint32_t seed, Policy policy) {
  const RandomStream random(seed, 4);
  const auto pick = [&](std::uint64_t draw, std::uint64_t low, std::uint64_t high) {
    return static_cast<int>(low + random.below(high - low + 1, 0, draw));
  };
  const auto side = [&](std::uint64_t draw) {
    ReplicaOptions options;
    options.limits = {.blocks = pick(draw, 60, 400),
                      .block_tokens = 16,
                      .max_sequences = pick(draw + 1, 1, 40),
                      .max_step_tokens = pick(draw + 2, 64, 1024),
                      .watermark = 0.01,
                      .prefix_caching = pick(draw + 3, 0, 1) == 1,
                      .prefix_tokens = 64};
    options.lanes = pick(draw + 4, 1, 3);
    options.policy = policy;
    options.poll_steps = pick(draw + 5, 0, 1) == 0 ? 1 : pick(draw + 6, 2, 9);
    return options;
  };
  DisaggregatedOptions options;
  options.prefill = side(0);
  options.prefill.edge = pick(20, 0, 2) * 3'000'000'017;
  options.decode = side(10);
  if (pick(21, 0, 2) == 0) options.decode.limits.step_sixteenths = pick(22, 17, 60);
  const QueueOrder order = queue_orders()[static_cast<std::size_t>(pick(29, 0, 2))].make;
  for (ReplicaOptions* each : {&options.prefill, &options.decode}) {
    each->limits.order = order;
    each->limits.classes = {{2, 1}, {-1, 3}, {0, 7}};
    if (pick(30, 0, 1) == 1) each->limits.adapters = {.slots = pick(31, 1, 4), .host = 5, .rank = 8};
    if (pick(32, 0, 1) == 1) each->limits.tiers = {.host = pick(33, 0, 12), .disk = pick(34, 0, 12)};
  }
  if (pick(35, 0, 2) == 0) options.prefill.max_waiting = pick(36, 1, 20);
  options.prefill_replicas = pick(23, 1, 3);
  options.decode_replicas = pick(24, 1, 3);
  options.router =
      routers()[static_cast<std::size_t>(pick(25, 0, static_cast<std::uint64_t>(routers().size()) - 1))].route;
  // 1 MB a token of some 300 tokens: from quick to slower than the requests come.
  const double link = 1e9 * pick(26, 5, 100);
  options.links = {.prefill = BytesPerSecond{link},
                   .decode = BytesPerSecond{link * pick(27, 1, 3)},
                   .one = BytesPerSecond{link / pick(28, 1, 2)},
                   .latency = Seconds{8e-6}};
  options.cache_per_token = Bytes{1e6};
  return options;
}

Result run(std::uint32_t seed, DisaggregatedOptions options, std::int64_t requests = 300) {
  Result result;
  const std::int64_t blocks = std::min(options.prefill.limits.blocks, options.decode.limits.blocks);
  Random source(seed, requests, blocks * 16);
  GrowingTimer prefill, decode;
  options.observe = [&](const FleetState& state) { result.states.push_back(state); };
  result.run = run_disaggregated(source, options, prefill, decode, result.heard);
  return result;
}

class EveryPolicyApart : public testing::TestWithParam<PolicyEntry> {};

TEST_P(EveryPolicyApart, ServesEveryRequestOnceAndInOrderOfTime) {
  std::int64_t moved = 0;
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    const DisaggregatedOptions options = random_options(seed, GetParam().decide);
    const Result result = run(seed, options);
    const FleetRun& fleet = result.run.fleet;
    ASSERT_EQ(static_cast<std::int64_t>(result.heard.outcomes.size()) + fleet.refused + fleet.rejected, 300)
        << "seed " << seed;
    std::int64_t tokens_after_first = 0, transfers = 0;
    Picoseconds decode_time = 0;
    for (const auto& [id, o] : result.heard.outcomes) {
      ASSERT_LT(o.arrival, o.first) << "seed " << seed << " request " << id;
      ASSERT_TRUE(o.output == 1 ? o.first == o.last : o.first < o.last) << "seed " << seed << " request " << id;
      tokens_after_first += o.output - 1;
      transfers += o.output > 1 ? 1 : 0;
      decode_time += o.last - o.first;
    }
    // Each token but the first has one gap before it, the first of them with the transfer in it.
    const bool one_a_step = options.decode.limits.step_sixteenths == 16;
    ASSERT_TRUE(one_a_step ? result.heard.gap_count == tokens_after_first
                           : result.heard.gap_count <= tokens_after_first)
        << "seed " << seed;
    ASSERT_EQ(result.heard.gap_sum, decode_time) << "seed " << seed;
    ASSERT_EQ(result.run.transfers.count(), transfers) << "seed " << seed;
    ASSERT_EQ(result.states.back().waiting + result.states.back().running, 0) << "seed " << seed;
    moved += transfers;
  }
  EXPECT_GT(moved, 5000);
}

TEST_P(EveryPolicyApart, LeapsChangeNothing) {
  std::int64_t steps = 0, segments = 0, preempted = 0;
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    DisaggregatedOptions options = random_options(seed, GetParam().decide);
    const Result leaping = run(seed, options);
    options.prefill.leap = options.decode.leap = false;
    const Result stepping = run(seed, options);
    ASSERT_TRUE(leaping.heard.outcomes == stepping.heard.outcomes) << "seed " << seed;
    ASSERT_EQ(leaping.heard.gap_sum, stepping.heard.gap_sum) << "seed " << seed;
    ASSERT_EQ(leaping.run.fleet.steps, stepping.run.fleet.steps) << "seed " << seed;
    ASSERT_EQ(leaping.run.transfers.mean(), stepping.run.transfers.mean()) << "seed " << seed;
    steps += leaping.run.fleet.steps;
    segments += leaping.run.fleet.segments;
    for (const auto& [id, o] : leaping.heard.outcomes) preempted += o.preemptions;
  }
  EXPECT_LT(segments, steps);  // the test leaps
  EXPECT_EQ(preempted > 0, GetParam().decide != trtllm_no_evict);
}

TEST_P(EveryPolicyApart, ServesThePrefixOfATraceAsInTheWhole) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const DisaggregatedOptions options = random_options(seed, GetParam().decide);
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

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicyApart, testing::ValuesIn(policies()), [](const auto& info) {
  std::string name(info.param.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace socle::serve
