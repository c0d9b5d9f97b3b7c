#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>

#include "socle/base/random.hpp"
#include "socle/serve/replica.hpp"

namespace socle::serve {

/// Time that grows with everything in the step, and changes its law when the context passes thresholds.
class GrowingTimer final : public StepTimer {
 public:
  StepTime time(std::span<const LaneStep> lanes) override {
    std::int64_t tokens = 0, context = 0, growth = 0, decoding = 0, adapters = 0;
    bool chunks = false;
    for (const LaneStep& lane : lanes) {
      tokens += lane.decoding;
      decoding += lane.decoding;
      context += lane.context16;
      growth += lane.growth16;
      adapters += 3 * lane.adapters + lane.decoding_adapted + 1000 * lane.loads.all() + 200 * lane.tier_loads.all();
      for (const Chunk& chunk : lane.chunks) {
        tokens += chunk.tokens;
        context += chunk.context * chunk.tokens / 10;
        chunks = true;
      }
    }
    const std::int64_t base = 5'000'000'000 + 1'000'003 * tokens + 5'000'011 * adapters;
    if (chunks || decoding == 0) return {.first = base + 3 * context, .growth = 0, .steps = 1};
    // 3 ps a sixteenth of a cached token up to the next multiple of 4096 tokens, where all begins anew.
    const std::int64_t law_end = (context / 65536 + 1) * 65536;
    return {.first = base + 3 * context, .growth = 3 * growth, .steps = 1 + (law_end - context) / growth};
  }
};

/// Bursts of requests of random lengths, prompts of five families.
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
    request.adapter = static_cast<int>(random_.below(7, id, 7)) - 1;  // means something where adapters are served
    request.service_class = static_cast<int>(random_.below(4, id, 6));
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
  void turned_away(const Request& request, Refusal why) override {
    EXPECT_TRUE(away.try_emplace(request.id, why).second) << "request " << request.id << " is turned away once";
  }
  void gaps(std::int64_t sequences, Picoseconds first, Picoseconds growth, std::int64_t steps) override {
    gap_count += sequences * steps;
    gap_sum += sequences * (steps * first + steps * (steps - 1) / 2 * growth);
  }
  std::map<std::int64_t, Heard> outcomes;
  std::map<std::int64_t, Refusal> away;
  std::int64_t gap_count = 0;
  Picoseconds gap_sum = 0;
};

}  // namespace socle::serve
