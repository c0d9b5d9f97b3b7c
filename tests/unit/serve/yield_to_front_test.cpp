#include <gtest/gtest.h>

#include "socle/serve/fleet.hpp"
#include "support/serving_traffic.hpp"

// A request that waits and the one that runs and ranks lower.
namespace socle::serve {
namespace {

/// A long answer at once, a short one of the second class while it runs.
class LongThenUrgent final : public workload::RequestSource {
 public:
  LongThenUrgent(double at, int input) : at_(at), input_(input) {}
  std::optional<Request> next() override {
    if (made_ == 2) return std::nullopt;
    const int id = made_++;
    return Request{.id = id,
                   .arrival = Seconds{id * at_},
                   .input = id == 0 ? 64 : input_,
                   .output = id == 0 ? 1000 : 4,
                   .service_class = id};
  }

 private:
  double at_;
  int input_, made_ = 0;
};

struct Ends {
  Picoseconds patient, urgent;
  int preemptions;
};

Ends play(Policy policy, int patient_priority, int sequences, std::int64_t blocks = 1000, double at = 0.5,
          int input = 64) {
  FleetOptions options{.replica = {.limits = {.blocks = blocks,
                                              .block_tokens = 16,
                                              .max_sequences = sequences,
                                              .max_step_tokens = 512,
                                              .order = by_priority,
                                              .classes = {{.priority = patient_priority}, {.priority = 0}}},
                                   .policy = policy},
                       .router = round_robin};
  LongThenUrgent source(at, input);
  GrowingTimer timer;
  Everything heard;
  run_fleet(source, options, timer, heard);
  return {heard.outcomes.at(0).last, heard.outcomes.at(1).last, heard.outcomes.at(0).preemptions};
}

TEST(YieldToFront, IsWhatSglangAndVllmV0DoAndTheOthersDoNot) {
  for (const Policy policy : {sglang, vllm_v0}) {
    const Ends ends = play(policy, 11, 1);
    EXPECT_LT(ends.urgent, ends.patient);
    EXPECT_EQ(ends.preemptions, 1);
  }
  for (const Policy policy : {vllm_v1, trtllm_no_evict}) {
    const Ends ends = play(policy, 11, 1);
    EXPECT_GT(ends.urgent, ends.patient);
    EXPECT_EQ(ends.preemptions, 0);
  }
}

TEST(YieldToFront, AsksSglangForMoreThanTenPriorityNumbers) {
  EXPECT_EQ(play(sglang, 10, 1).preemptions, 0);
  EXPECT_EQ(play(vllm_v0, 10, 1).preemptions, 1);
  EXPECT_EQ(play(vllm_v0, -1, 1).preemptions, 0);  // the one that runs ranks higher
}

TEST(YieldToFront, TakesNothingWhereThereIsRoomForBoth) { EXPECT_EQ(play(vllm_v0, 11, 2).preemptions, 0); }

TEST(YieldToFront, FreesTheCacheThatIsMissing) {
  // 67 blocks hold the long request to its end; near it they have no room for a prompt of 300 tokens beside it.
  const Ends ends = play(vllm_v0, 11, 2, 67, 4.5, 300);
  EXPECT_LT(ends.urgent, ends.patient);
  EXPECT_EQ(ends.preemptions, 1);
  EXPECT_EQ(play(vllm_v1, 11, 2, 67, 4.5, 300).preemptions, 0);
}

}  // namespace
}  // namespace socle::serve
