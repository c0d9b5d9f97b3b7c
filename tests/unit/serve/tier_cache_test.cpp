#include "socle/serve/tier_cache.hpp"

#include <gtest/gtest.h>

#include <map>

#include "socle/base/random.hpp"
#include "socle/serve/fleet.hpp"
#include "support/serving_traffic.hpp"

namespace socle::serve {
namespace {

using Place = TierCache::Place;

TEST(TierCache, TheHostSpillsToDiskAndTheDiskForgetsTheLeastRecentlyUsedFirst) {
  TierCache cache({.host = 2, .disk = 1});
  for (const std::int64_t name : {1, 2, 3}) cache.store(name);
  EXPECT_EQ(cache.find(1), Place::kDisk);
  EXPECT_EQ(cache.find(2), Place::kHost);
  cache.store(1);  // used: it comes back to the host, and 2 goes
  EXPECT_EQ(cache.find(1), Place::kHost);
  EXPECT_EQ(cache.find(2), Place::kDisk);
  cache.store(4);
  EXPECT_EQ(cache.find(3), Place::kDisk);
  EXPECT_EQ(cache.find(2), Place::kNowhere);
  EXPECT_EQ(cache.forgotten(), 1);
}

TEST(TierCache, WithoutRoomItKeepsNothing) {
  TierCache none({});
  none.store(1);
  EXPECT_EQ(none.find(1), Place::kNowhere);
  TierCache disk({.host = 0, .disk = 1});
  disk.store(1);
  EXPECT_EQ(disk.find(1), Place::kDisk);
}

// What is stored is there until it is forgotten, and no tier is fuller than it may be: the cache asserts both.
TEST(TierCache, ConservesNames) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const RandomStream random(seed, 9);
    const auto room = [&](std::uint64_t draw) { return static_cast<std::int64_t>(random.below(30, 0, draw)); };
    TierCache cache({.host = room(0), .disk = room(1)});
    std::map<std::int64_t, bool> seen;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const auto name = static_cast<std::int64_t>(random.below(60, i, 2));
      cache.store(name);
      seen[name] = true;
    }
    std::int64_t found = 0;
    for (const auto& [name, yes] : seen) found += cache.find(name) == Place::kNowhere ? 0 : 1;
    EXPECT_EQ(found, cache.in_host() + cache.on_disk()) << "seed " << seed;
  }
}

/// Forty prompts of four families, one long after the other; prompts of a family begin alike.
class OneByOne final : public workload::RequestSource {
 public:
  std::optional<Request> next() override {
    if (made_ == 40) return std::nullopt;
    const std::int64_t id = made_++;
    const int names = 3 + static_cast<int>(random_.below(5, static_cast<std::uint64_t>(id), 0));
    Request request{
        .id = id, .arrival = Seconds{1000.0 * static_cast<double>(id)}, .input = 64 * names + 10, .output = 5};
    for (int i = 0; i < names; ++i) request.prefix.push_back(id % 4 * 100 + i);
    return request;
  }

 private:
  RandomStream random_{1, 8};
  std::int64_t made_ = 0;
};

/// Counts the prompt tokens of steps, and the names that are loaded.
class Counting final : public StepTimer {
 public:
  StepTime time(std::span<const LaneStep> lanes) override {
    for (const LaneStep& lane : lanes) {
      for (const Chunk& chunk : lane.chunks) computed += chunk.tokens;
      loads.from_host += lane.tier_loads.from_host;
      loads.from_disk += lane.tier_loads.from_disk;
    }
    return timer_.time(lanes);
  }
  std::int64_t computed = 0;
  TierLoads loads;

 private:
  GrowingTimer timer_;
};

struct Outcomes {
  std::int64_t cached = 0, computed = 0;
  TierLoads loads;
};

Outcomes played(std::int64_t blocks, const TierLimits& tiers) {
  OneByOne source;
  Everything heard;
  Counting timer;
  FleetOptions options{
      .replica = {.limits = {.blocks = blocks, .max_step_tokens = 256, .prefix_caching = true, .prefix_tokens = 64},
                  .policy = vllm_v1},
      .router = round_robin};
  options.replica.limits.tiers = tiers;
  const FleetRun run = run_fleet(source, options, timer, heard);
  EXPECT_EQ(run.tier_loads.from_host, timer.loads.from_host);
  EXPECT_EQ(run.tier_loads.from_disk, timer.loads.from_disk);
  Outcomes outcomes{.computed = timer.computed, .loads = timer.loads};
  for (const auto& [id, o] : heard.outcomes) outcomes.cached += o.cached;
  return outcomes;
}

TEST(Tiers, AHostThatForgetsNothingFindsWhatAChipThatForgetsNothingWould) {
  const Outcomes large = played(10'000, {}), small = played(36, {}), tiered = played(36, {.host = 1000});
  EXPECT_LT(small.cached, large.cached);
  EXPECT_EQ(tiered.cached, large.cached);
  EXPECT_GT(tiered.loads.from_host, 0);
  EXPECT_EQ(tiered.loads.from_disk, 0);
  // A name is on the chip or loaded: what the small chip found, it finds without a load.
  EXPECT_LE(64 * tiered.loads.from_host, tiered.cached);
}

TEST(Tiers, EveryPromptTokenIsComputedOrFound) {
  std::int64_t input = 0;
  OneByOne source;
  while (const auto request = source.next()) input += request->input;
  // A host of four names, fewer than the chip's nine, holds nothing that the chip does not.
  for (const TierLimits tiers : {TierLimits{}, TierLimits{.host = 4}, TierLimits{.host = 20},
                                 TierLimits{.host = 4, .disk = 30}, TierLimits{.disk = 30}}) {
    const Outcomes outcomes = played(36, tiers);
    EXPECT_EQ(outcomes.computed + outcomes.cached, input) << tiers.host << ", " << tiers.disk;
    EXPECT_EQ(outcomes.loads.all() > 0, tiers.host + tiers.disk > 9) << tiers.host << ", " << tiers.disk;
    EXPECT_LE(64 * outcomes.loads.all(), outcomes.cached);
  }
}

}  // namespace
}  // namespace socle::serve
