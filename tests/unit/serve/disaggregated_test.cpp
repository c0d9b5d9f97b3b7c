#include "socle/serve/disaggregated.hpp"
#include "support/second_steps.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

// One request at a time through a fleet with separate sides, by hand.
namespace socle::serve {
namespace {

/// So many requests at 0 of 10 tokens in and 3 out.
class AtOnce final : public workload::RequestSource {
 public:
  explicit AtOnce(std::int64_t count) : count_(count) {}
  std::optional<Request> next() override {
    if (made_ == count_) return std::nullopt;
    return Request{.id = made_++, .input = 10, .output = 3};
  }

 private:
  std::int64_t count_, made_ = 0;
};

DisaggregatedOptions options_of(int prefill_replicas, int decode_replicas) {
  const ReplicaOptions side{.limits = {.blocks = 100}, .policy = vllm_v1};
  return {.prefill = side,
          .decode = side,
          .prefill_replicas = prefill_replicas,
          .decode_replicas = decode_replicas,
          .router = round_robin,
          .links = {.prefill = BytesPerSecond{100}, .decode = BytesPerSecond{100}, .one = BytesPerSecond{100}},
          .cache_per_token = Bytes{20}};
}

Outcomes serve(std::int64_t requests, const DisaggregatedOptions& options) {
  AtOnce source(requests);
  SecondTimer prefill, decode;
  Outcomes heard;
  run_disaggregated(source, options, prefill, decode, heard);
  return heard;
}

TEST(Disaggregated, TheTransferDelaysTheSecondToken) {
  // The prompt ends at 1 s with the first token; 200 bytes take 2 s; two steps follow: 3 + 2 s.
  const Outcome outcome = serve(1, options_of(1, 1)).at.at(0);
  EXPECT_EQ(outcome.first_token, 1 * kSecond);
  EXPECT_EQ(outcome.last_token, 5 * kSecond);
}

TEST(Disaggregated, CachesOfOnePrefillReplicaShareItsLinks) {
  // The prompts end at 1 and 2 s. Until 2 s the first cache sends 100 of its 200 bytes, then both send 50 a second: the
  // first is through at 4 s, the second at 5 s, whatever the decode replicas. Two steps follow.
  for (const int decode_replicas : {1, 2}) {
    const Outcomes heard = serve(2, options_of(1, decode_replicas));
    EXPECT_EQ(heard.at.at(0).last_token, 6 * kSecond);
    EXPECT_EQ(heard.at.at(1).last_token, 7 * kSecond);
  }
}

TEST(Disaggregated, CachesOnLinksOfTheirOwnDoNotMeet) {
  const Outcomes heard = serve(2, options_of(2, 2));
  EXPECT_EQ(heard.at.at(0).last_token, 5 * kSecond);
  EXPECT_EQ(heard.at.at(1).last_token, 5 * kSecond);
}

TEST(Disaggregated, WaitsForBlocksOfTheDecodeSide) {
  // One block of 16 tokens: the caches come at 3 and 3 s, the second begins when the first has its third token, at 5 s.
  DisaggregatedOptions options = options_of(2, 1);
  options.decode.limits.blocks = 1;
  options.links.decode = BytesPerSecond{200};
  const Outcomes heard = serve(2, options);
  EXPECT_EQ(heard.at.at(0).last_token, 5 * kSecond);
  EXPECT_EQ(heard.at.at(1).last_token, 7 * kSecond);
}

}  // namespace
}  // namespace socle::serve
