#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/serve/fleet.hpp"
#include "socle/serve/tally.hpp"

// The engine with constant step times against the closed forms of queueing theory.
namespace socle::serve {
namespace {

/// A prompt token takes `prompt`, a decode step `decode` whatever its batch.
class ConstantTimer final : public StepTimer {
 public:
  ConstantTimer(Picoseconds prompt, Picoseconds decode) : prompt_(prompt), decode_(decode) {}
  StepTime time(std::span<const LaneStep> lanes) override {
    Picoseconds time = 0;
    bool chunks = false;
    for (const LaneStep& lane : lanes) {
      Picoseconds own = lane.decoding > 0 ? decode_ : 0;
      for (const Chunk& chunk : lane.chunks) own += prompt_ * chunk.tokens;
      chunks = chunks || !lane.chunks.empty();
      time = std::max(time, own);
    }
    return {.first = time, .growth = 0, .steps = chunks ? 1 : std::int64_t{1} << 40};
  }

 private:
  Picoseconds prompt_, decode_;
};

/// Poisson arrivals; input and output lengths by functions of the request's number.
class Poisson final : public workload::RequestSource {
 public:
  using Length = int (*)(const RandomStream&, std::uint64_t);
  Poisson(double rate, std::int64_t count, Length input, Length output)
      : rate_(rate), count_(count), input_(input), output_(output) {}
  std::optional<Request> next() override {
    if (made_ == count_) return std::nullopt;
    const auto id = static_cast<std::uint64_t>(made_++);
    now_ += random_.exponential(1.0 / rate_, id, 0);
    return Request{.id = static_cast<std::int64_t>(id),
                   .arrival = Seconds{now_},
                   .input = input_(random_, id),
                   .output = output_(random_, id)};
  }

 private:
  RandomStream random_{7, 1};
  double rate_, now_ = 0;
  std::int64_t count_, made_ = 0;
  Length input_, output_;
};

constexpr double kTokensPerSecond = 1e5;  // of the prompts below: 10 us each

int one(const RandomStream&, std::uint64_t) { return 1; }
int a_second(const RandomStream&, std::uint64_t) { return static_cast<int>(kTokensPerSecond); }
int exponential_second(const RandomStream& random, std::uint64_t id) {
  return 1 + static_cast<int>(random.exponential(kTokensPerSecond, id, 1));
}

struct Served {
  Tally tally;
  FleetRun run;
  double mean_e2e() const {
    double sum = 0;
    for (const RequestFigures& r : tally.requests()) sum += r.e2e;
    return sum / static_cast<double>(tally.requests().size());
  }
};

Served serve(double rate, std::int64_t count, Poisson::Length input, Poisson::Length output, int most_sequences,
             Policy policy, StepTimer& timer) {
  Served served;
  Poisson source(rate, count, input, output);
  FleetOptions options{.replica = {.limits = {.blocks = std::int64_t{1} << 40,
                                              .block_tokens = 16,
                                              .max_sequences = most_sequences,
                                              .max_step_tokens = 1 << 30},
                                   .policy = policy},
                       .router = round_robin};
  served.run = run_fleet(source, options, timer, served.tally);
  return served;
}

constexpr Picoseconds kPromptToken = 10'000'000;  // 10 us

TEST(Queue, OneServerWithExponentialServiceIsMM1) {
  // rho = 0.5, service 1 s: mean time in system 1 / (mu - lambda) = 2 s. 400,000 requests: about 1 % of noise.
  ConstantTimer timer(kPromptToken, 1);
  const Served served = serve(0.5, 400'000, exponential_second, one, 1, vllm_v0, timer);
  EXPECT_NEAR(served.mean_e2e(), 2.0, 0.03);
}

TEST(Queue, OneServerWithConstantServiceIsMD1) {
  // rho = 0.8: wait rho / (2 mu (1 - rho)) = 2 s, time in system 3 s.
  ConstantTimer timer(kPromptToken, 1);
  const Served served = serve(0.8, 400'000, a_second, one, 1, vllm_v0, timer);
  EXPECT_NEAR(served.mean_e2e(), 3.0, 0.05);
}

int many_tokens(const RandomStream& random, std::uint64_t id) {
  return 2 + static_cast<int>(random.exponential(1000.0, id, 2));
}

TEST(Queue, SequencesOfABatchAreServersOfMMc) {
  // Decode steps of 1 ms whatever the batch, 1000 of them on average: 4 servers of mean 1 s. lambda = 3: offered a = 3,
  // Erlang C = (a^4 / 4! / (1 - a/4)) / (1 + a + a^2/2 + a^3/6 + ...) = 13.5 / (13 + 13.5) = 0.50943; wait
  // C / (c mu - lambda) = 0.50943 s. A request waits half a step more for the step under way: 0.5 ms.
  ConstantTimer timer(1, 1'000'000'000);
  const Served served = serve(3.0, 400'000, one, many_tokens, 4, vllm_v1, timer);
  EXPECT_NEAR(served.mean_e2e(), 1.0 + 0.50943, 0.03);
}

/// Bulk service: up to b of those that wait begin together and take one second, whatever their number. The chain of
/// numbers left behind at the ends of services: n' = max(n - b, 0) + A, A Poisson of lambda arrivals in a service, or
/// in the service after the first arrival when nobody is left.
double mean_number_left_behind(double lambda, int b) {
  constexpr int kStates = 400;
  std::vector<double> arrivals(kStates, std::exp(-lambda));
  for (int i = 1; i < kStates; ++i)
    arrivals[static_cast<std::size_t>(i)] = arrivals[static_cast<std::size_t>(i - 1)] * lambda / i;
  std::vector<double> p(kStates, 0.0);
  p[0] = 1.0;
  for (int round = 0; round < 4000; ++round) {
    std::vector<double> next(kStates, 0.0);
    for (int n = 0; n < kStates; ++n) {
      const int left = n == 0 ? 0 : std::max(0, n - b);
      for (int a = 0; left + a < kStates; ++a)
        next[static_cast<std::size_t>(left + a)] +=
            p[static_cast<std::size_t>(n)] * arrivals[static_cast<std::size_t>(a)];
    }
    p = next;
  }
  double mean = 0;
  for (int n = 0; n < kStates; ++n) mean += n * p[static_cast<std::size_t>(n)];
  return mean;
}

/// A step of prompts takes one second, however many they are.
class BulkTimer final : public StepTimer {
 public:
  StepTime time(std::span<const LaneStep> lanes) override {
    static_cast<void>(lanes);
    return {.first = 1'000'000'000'000, .growth = 0, .steps = 1};
  }
};

/// Counts those left waiting at the end of each step, as the chain does.
TEST(Queue, WholePromptsTogetherAreBulkService) {
  constexpr double kRate = 3.0;
  constexpr int kBatch = 4;
  BulkTimer timer;
  Poisson source(kRate, 600'000, one, one);
  Tally tally;
  double left = 0, ends = 0;
  Picoseconds last_end = 0;
  FleetOptions options{.replica = {.limits = {.blocks = 1 << 30, .max_sequences = kBatch, .max_step_tokens = 1 << 30},
                                   .policy = vllm_v0},
                       .router = round_robin};
  // After the end of a step those that wait begin at once, up to the batch: running + waiting is who was left behind.
  options.observe = [&](const FleetState& state) {
    if (tally.last_token() == last_end) return;
    last_end = tally.last_token();
    left += static_cast<double>(state.running + state.waiting);
    ++ends;
  };
  run_fleet(source, options, timer, tally);
  EXPECT_NEAR(left / ends, mean_number_left_behind(kRate, kBatch), 0.06);
}

TEST(Queue, NumberInSystemIsRateTimesTimeInSystem) {
  // Little's law holds exactly over a run that begins and ends empty: the integral of the number in the system is the
  // sum of the times in the system.
  ConstantTimer timer(kPromptToken / 1000, 1'000'000'000);
  Poisson source(3.0, 20'000, one, many_tokens);
  Tally tally;
  double area = 0;
  FleetState before{};
  FleetOptions options{
      .replica = {.limits = {.blocks = 4000, .max_sequences = 4, .max_step_tokens = 64}, .policy = vllm_v1},
      .router = round_robin};
  options.observe = [&](const FleetState& now) {
    area += static_cast<double>(before.waiting + before.running) * net::to_seconds(now.now - before.now).value();
    before = now;
  };
  run_fleet(source, options, timer, tally);
  double sum = 0;
  for (const RequestFigures& r : tally.requests()) sum += r.e2e;
  EXPECT_NEAR(area / sum, 1.0, 1e-6);  // figures are kept as floats
}

}  // namespace
}  // namespace socle::serve
