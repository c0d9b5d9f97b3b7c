#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/serve/fleet.hpp"
#include "socle/serve/tally.hpp"

// Laws of every policy over random traffic and random limits.
namespace socle::serve {
namespace {

/// Time that grows with everything in the step, and changes its law when the context passes thresholds.
class GrowingTimer final : public StepTimer {
 public:
  StepTime time(std::span<const LaneStep> lanes) override {
    std::int64_t tokens = 0, context = 0, growth = 0, decoding = 0;
    bool chunks = false;
    for (const LaneStep& lane : lanes) {
      tokens += lane.decoding;
      decoding += lane.decoding;
      context += lane.context16;
      growth += lane.growth16;
      for (const Chunk& chunk : lane.chunks) {
        tokens += chunk.tokens;
        context += chunk.context * chunk.tokens / 10;
        chunks = true;
      }
    }
    const std::int64_t base = 5'000'000'000 + 1'000'003 * tokens;
    if (chunks || decoding == 0) return {.first = base + 3 * context, .growth = 0, .steps = 1};
    // 3 ps a sixteenth of a cached token up to the next multiple of 4096 tokens, where all begins anew.
    const std::int64_t law_end = (context / 65536 + 1) * 65536;
    return {.first = base + 3 * context, .growth = 3 * growth, .steps = 1 + (law_end - context) / growth};
  }
};

class Random final : public workload::RequestSource {
 public:
  Random(std::uint32_t seed, std::int64_t count, std::int64_t most_tokens)
      : random_(seed, 3), count_(count), most_(most_tokens) {}
  std::optional<Request> next() override {
    if (made_ == count_) return std::nullopt;
    const auto id = static_cast<std::uint64_t>(made_++);
    if (random_.uniform(id, 0) > 0.3) now_ += random_.exponential(0.05, id, 1);  // bursts: some come together
    const auto input = 1 + static_cast<int>(random_.below(static_cast<std::uint64_t>(most_ / 2), id, 2));
    const auto output = 1 + static_cast<int>(random_.below(static_cast<std::uint64_t>(most_ / 3), id, 3));
    Request request{.id = static_cast<std::int64_t>(id), .arrival = Seconds{now_}, .input = input, .output = output};
    // Prompts of one family share their first blocks; from a block of its own on, each is alone.
    const auto family = static_cast<std::int64_t>(random_.below(5, id, 4));
    const auto shared = static_cast<std::int64_t>(random_.below(6, id, 5));
    for (std::int64_t i = 0; i < input / 64; ++i)
      request.prefix.push_back(i < shared ? family * 1000 + i : 1'000'000 + request.id * 1000 + i);
    return request;
  }

 private:
  RandomStream random_;
  std::int64_t count_, made_ = 0, most_;
  double now_ = 0;
};

struct Heard {
  Picoseconds arrival, first, last;
  int output, cached, preemptions;
  bool operator==(const Heard&) const = default;
};

/// All outcomes, and the gaps added up.
class Everything final : public Recorder {
 public:
  void done(const Request& request, const Outcome& o) override {
    EXPECT_TRUE(outcomes
                    .try_emplace(request.id,
                                 Heard{o.arrival, o.first_token, o.last_token, request.output, o.cached, o.preemptions})
                    .second)
        << "request " << request.id << " is done once";
  }
  void gaps(std::int64_t sequences, Picoseconds first, Picoseconds growth, std::int64_t steps) override {
    gap_count += sequences * steps;
    gap_sum += sequences * (steps * first + steps * (steps - 1) / 2 * growth);
  }
  std::map<std::int64_t, Heard> outcomes;
  std::int64_t gap_count = 0;
  Picoseconds gap_sum = 0;
};

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
  options.replica.poll_steps = pick(11, 0, 1) == 0 ? 1 : pick(12, 2, 9);
  options.replica.policy_options.chunked_prefill = pick(5, 0, 3) > 0;
  options.replicas = pick(6, 1, 3);
  options.router =
      routers()[static_cast<std::size_t>(pick(7, 0, static_cast<std::uint64_t>(routers().size()) - 1))].route;
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
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    const Result result = run(seed, random_options(seed, GetParam().decide));
    ASSERT_EQ(static_cast<std::int64_t>(result.heard.outcomes.size()) + result.run.refused, 300) << "seed " << seed;
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
}

TEST_P(EveryPolicy, LeapsChangeNothing) {
  std::int64_t steps = 0, segments = 0, preempted = 0;
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    FleetOptions options = random_options(seed, GetParam().decide);
    const Result leaping = run(seed, options);
    options.replica.leap = false;
    const Result stepping = run(seed, options);
    ASSERT_TRUE(leaping.heard.outcomes == stepping.heard.outcomes) << "seed " << seed;
    ASSERT_EQ(leaping.heard.gap_sum, stepping.heard.gap_sum) << "seed " << seed;
    ASSERT_EQ(leaping.run.steps, stepping.run.steps) << "seed " << seed;
    ASSERT_EQ(stepping.run.steps, stepping.run.segments);
    steps += leaping.run.steps;
    segments += leaping.run.segments;
    for (const auto& [id, o] : leaping.heard.outcomes) preempted += o.preemptions;
  }
  EXPECT_LT(segments, steps);  // the test leaps
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
