#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <vector>

#include "socle/serve/fleet.hpp"
#include "support/second_steps.hpp"

// What a fleet does with requests beside serving them.
namespace socle::serve {
namespace {

FleetOptions one_replica() {
  return {.replica = {.limits = {.blocks = 1000}, .policy = vllm_v1}, .router = round_robin};
}

/// A request at 0 whose answer brings another one at once, and a stranger at 100 s.
class AnswerBringsAnother final : public workload::RequestSource {
 public:
  std::optional<Request> next() override {
    if (due_.empty()) return std::nullopt;
    Request first = due_.front();
    due_.erase(due_.begin());
    return first;
  }
  void completed(const Request& request, Seconds time) override {
    if (request.id == 0) due_.insert(due_.begin(), {.id = 1, .arrival = time, .input = 1, .output = 1});
  }
  Request sooner(Request held) override {
    if (due_.empty() || due_.front().arrival >= held.arrival) return held;
    const Request first = due_.front();
    due_.front() = held;
    return first;
  }

 private:
  std::vector<Request> due_{{.id = 0, .arrival = Seconds{0}, .input = 1, .output = 3},
                            {.id = 2, .arrival = Seconds{100}, .input = 1, .output = 1}};
};

TEST(Fleet, ATurnThatAnAnswerBringsComesBeforeTheRequestInHand) {
  // Three tokens are three steps: the answer ends at 3 s, its successor comes then and has its token at 4 s.
  AnswerBringsAnother source;
  SecondTimer timer;
  Outcomes heard;
  EXPECT_EQ(run_fleet(source, one_replica(), timer, heard).requests, 3);
  EXPECT_EQ(heard.at.at(1).arrival, 3 * kSecond);
  EXPECT_EQ(heard.at.at(1).last_token, 4 * kSecond);
  EXPECT_EQ(heard.at.at(2).arrival, 100 * kSecond);
}

/// Requests of 4 + 4 and 4 + 5 tokens.
class FourAndFour final : public workload::RequestSource {
 public:
  std::optional<Request> next() override {
    if (made_ == 2) return std::nullopt;
    const std::int64_t id = made_++;
    return Request{.id = id, .input = 4, .output = 4 + static_cast<int>(id)};
  }

 private:
  std::int64_t made_ = 0;
};

TEST(Fleet, RefusesARequestLongerThanTheLimitOfTokens) {
  FourAndFour source;
  SecondTimer timer;
  Outcomes heard;
  FleetOptions options = one_replica();
  options.replica.limits.max_tokens = 8;
  EXPECT_EQ(run_fleet(source, options, timer, heard).refused, 1);
  EXPECT_EQ(heard.at.count(0), 1u);
  EXPECT_EQ(heard.at.count(1), 0u);
}

}  // namespace
}  // namespace socle::serve
