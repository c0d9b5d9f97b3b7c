#include "socle/serve/prompt_gate.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "socle/serve/fleet.hpp"
#include "support/second_steps.hpp"

// Two ranks of TensorRT-LLM that step together, a second a step; prompts wait up to ten steps for each other.
namespace socle::serve {
namespace {

class Listed final : public workload::RequestSource {
 public:
  explicit Listed(std::vector<Request> all) : all_(std::move(all)) {}
  std::optional<Request> next() override {
    if (all_.empty()) return std::nullopt;
    Request first = all_.front();
    all_.erase(all_.begin());
    return first;
  }

 private:
  std::vector<Request> all_;
};

Request request(std::int64_t id, double arrival, int output) {
  return {.id = id, .arrival = Seconds{arrival}, .input = 16, .output = output};
}

/// Second of each request's first token. The first two come at once, one to each rank.
std::map<std::int64_t, std::int64_t> first_tokens(const std::vector<Request>& later, bool leap, int output = 100) {
  std::vector<Request> all{request(0, 0.0, output), request(1, 0.0, 100)};
  all.insert(all.end(), later.begin(), later.end());
  Listed source(all);
  SecondTimer timer;
  Outcomes heard;
  run_fleet(
      source,
      {.replica = {.limits = {.blocks = 1000}, .lanes = 2, .policy = trtllm_no_evict, .prompt_wait = 10, .leap = leap},
       .router = round_robin},
      timer, heard);
  std::map<std::int64_t, std::int64_t> at;
  for (const auto& [id, outcome] : heard.at) at[id] = outcome.first_token / kSecond;
  return at;
}

TEST(PromptGate, APromptWaitsForOneOnEachRank) {
  for (const bool leap : {true, false}) {
    const auto at = first_tokens({request(2, 5.5, 1), request(3, 7.5, 1)}, leap);
    EXPECT_EQ(at.at(2), 9) << leap;  // both run in the step from 8 to 9
    EXPECT_EQ(at.at(3), 9) << leap;
  }
}

TEST(PromptGate, ButNotForEver) {
  for (const bool leap : {true, false}) {
    // At 1 the second rank had its first prompt; the tenth step after is the one at 11, then 21, whether any waits or
    // not.
    const auto at = first_tokens({request(2, 5.5, 1), request(3, 31.5, 1)}, leap);
    EXPECT_EQ(at.at(2), 12) << leap;
    EXPECT_EQ(at.at(3), 42) << leap;
  }
}

TEST(PromptGate, NorWhileARankHasNothingToDecode) {
  for (const bool leap : {true, false}) {
    const auto at = first_tokens({request(2, 5.5, 1)}, leap, 3);  // the first rank is done after 3 steps
    EXPECT_EQ(at.at(2), 7) << leap;
  }
}

}  // namespace
}  // namespace socle::serve
