#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/serve/fleet.hpp"
#include "support/serving_traffic.hpp"

// Laws of fleets whose replicas start and stop, and of fleets of unlike replicas, over random traffic.
namespace socle::serve {
namespace {

constexpr Picoseconds kSecond = 1'000'000'000'000;
constexpr int kMost = 6;

/// Wants a random number each time.
class Moody final : public Scaler {
 public:
  explicit Moody(std::uint32_t seed) : random_(seed, 5) {}
  int wanted(const ScalingView& view) override {
    EXPECT_GE(view.ready, 1) << "one replica always takes requests";
    EXPECT_LE(view.ready + view.starting, kMost);
    return static_cast<int>(random_.below(kMost + 3, 0, looks_++));  // 0 and more than there are, too
  }

 private:
  RandomStream random_;
  std::uint64_t looks_ = 0;
};

class Constant final : public Scaler {
 public:
  explicit Constant(int wanted) : wanted_(wanted) {}
  int wanted(const ScalingView&) override { return wanted_; }

 private:
  int wanted_;
};

struct Result {
  Everything heard;
  FleetRun run;
};

FleetOptions options_of(std::uint32_t seed) {
  const auto pick = [&](std::uint64_t draw, std::uint64_t count) {
    return static_cast<std::size_t>(RandomStream(seed, 6).below(count, 0, draw));
  };
  FleetOptions options;
  options.replica.limits = {.blocks = 60 + static_cast<std::int64_t>(pick(0, 200)),
                            .max_sequences = 8,
                            .max_step_tokens = 512,
                            .prefix_caching = pick(1, 2) == 1,
                            .prefix_tokens = 64};
  options.replica.policy = policies()[pick(2, policies().size())].decide;
  options.replica.edge = static_cast<Picoseconds>(pick(3, 2)) * 3'000'000'017;
  options.replicas = kMost;
  options.router = routers()[pick(4, routers().size())].route;
  return options;
}

Result run(std::uint32_t seed, const FleetOptions& options) {
  Result result;
  Random source(seed, 300, options.replica.limits.blocks * options.replica.limits.block_tokens);
  GrowingTimer timer;
  result.run = run_fleet(source, options, timer, result.heard);
  return result;
}

Result run_moody(std::uint32_t seed, bool leap) {
  FleetOptions options = options_of(seed);
  options.replica.leap = leap;
  Moody scaler(seed);
  options.scaling = {.scaler = &scaler, .first = 2, .interval = kSecond / 3, .start_up = kSecond / 2};
  return run(seed, options);
}

TEST(FleetScaling, EveryRequestIsServedHoweverTheFleetChanges) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    const Result result = run_moody(seed, true);
    ASSERT_EQ(static_cast<std::int64_t>(result.heard.outcomes.size()) + result.run.refused, 300) << "seed " << seed;
    ASSERT_EQ(result.run.held.front().from, 0);
    for (std::size_t i = 0; i < result.run.held.size(); ++i) {
      ASSERT_GE(result.run.held[i].replicas, 1);
      ASSERT_LE(result.run.held[i].replicas, kMost);
      ASSERT_TRUE(i == 0 || result.run.held[i - 1].from < result.run.held[i].from);
    }
  }
}

TEST(FleetScaling, LeapsChangeNothing) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    const Result leaping = run_moody(seed, true), walking = run_moody(seed, false);
    ASSERT_EQ(leaping.heard.outcomes, walking.heard.outcomes) << "seed " << seed;
    ASSERT_EQ(leaping.run.busy_time, walking.run.busy_time) << "seed " << seed;
    ASSERT_EQ(leaping.run.steps, walking.run.steps) << "seed " << seed;
  }
}

TEST(FleetScaling, AFleetThatIsNeverScaledIsAFixedOne) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    FleetOptions options = options_of(seed);
    const Result fixed = run(seed, options);
    Constant scaler(kMost);
    options.scaling = {.scaler = &scaler, .first = kMost, .interval = kSecond, .start_up = kSecond};
    const Result scaled = run(seed, options);
    ASSERT_EQ(fixed.heard.outcomes, scaled.heard.outcomes) << "seed " << seed;
    ASSERT_EQ(scaled.run.held.size(), 1U);
  }
}

TEST(MixedFleet, TwoHalvesOfOneKindAreTheWhole) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    FleetOptions options = options_of(seed);
    const Result whole = run(seed, options);
    GrowingTimer timer;
    options.replicas = 2;
    options.others.push_back({.replica = options.replica, .replicas = kMost - 2, .timer = &timer, .weight = 1});
    ASSERT_EQ(whole.heard.outcomes, run(seed, options).heard.outcomes) << "seed " << seed;
  }
}

TEST(MixedFleet, AReplicaOfTwiceTheWeightGetsTwiceTheRequests) {
  const ReplicaOptions options{.limits = {.blocks = 100000}, .policy = vllm_v1, .edge = kSecond};
  GrowingTimer timer;
  Everything heard;
  std::vector<Replica> replicas;
  for (int i = 0; i < 2; ++i) replicas.emplace_back(options, timer, heard);
  const std::vector<const Replica*> both{&replicas[0], &replicas[1]};
  const std::vector<double> weights{1, 2};
  for (int i = 0; i < 300; ++i) {
    const Request request{.id = i};
    replicas[least_loaded(request, {both, i, weights})].accept(request, 0);
  }
  EXPECT_EQ(replicas[0].waiting(), 100);
  EXPECT_EQ(replicas[1].waiting(), 200);
}

}  // namespace
}  // namespace socle::serve
