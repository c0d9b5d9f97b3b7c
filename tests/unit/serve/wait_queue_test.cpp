#include "socle/serve/wait_queue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "socle/serve/fleet.hpp"
#include "support/serving_traffic.hpp"

namespace socle::serve {
namespace {

Waiting request(std::int64_t id, int service_class, Picoseconds arrival = 0) {
  return {.slot = static_cast<int>(id), .service_class = service_class, .arrival = arrival, .id = id};
}

/// The ids in the order in which they are admitted, each charged a prompt of so many tokens.
std::vector<std::int64_t> admitted(WaitQueue& queue, std::int64_t tokens) {
  std::vector<std::int64_t> ids;
  queue.settle();
  while (queue.size() > 0) {
    const Waiting next = queue.front();
    ids.push_back(next.id);
    queue.pop();
    queue.charge_prompt(next.service_class, tokens);
  }
  return ids;
}

TEST(Fcfs, WhatWasPreemptedComesFirstAgain) {
  const auto queue = fcfs({});
  EXPECT_TRUE(queue->push(request(1, 0)));
  EXPECT_FALSE(queue->push(request(2, 5)));  // behind another: nothing changes
  queue->push_again(request(0, 3));
  EXPECT_EQ(admitted(*queue, 1), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(Priority, TheLowestNumberGoesFirstAndTheEarliestOfEquals) {
  const auto queue = by_priority({{.priority = 5}, {.priority = -1}});  // class 2 has the default, 0
  EXPECT_TRUE(queue->push(request(0, 0, 10)));
  EXPECT_TRUE(queue->push(request(1, 2, 20)));
  EXPECT_TRUE(queue->push(request(2, 1, 30)));
  EXPECT_FALSE(queue->push(request(3, 1, 40)));
  queue->push_again(request(4, 2, 5));  // came earlier than request 1 of the same priority
  EXPECT_EQ(admitted(*queue, 1), (std::vector<std::int64_t>{2, 3, 4, 1, 0}));
}

TEST(Fair, ClassesThatWaitAreServedByTheirWeights) {
  // Twelve requests of each class, all of one length; weights 3 and 1: of the first eight, six are of the first class.
  const auto queue = fair({{.weight = 3}, {.weight = 1}});
  for (int i = 0; i < 12; ++i) queue->push(request(i, 1));
  for (int i = 12; i < 24; ++i) queue->push(request(i, 0));
  const std::vector<std::int64_t> order = admitted(*queue, 100);
  int of_first = 0;
  for (int i = 0; i < 8; ++i) of_first += order[static_cast<std::size_t>(i)] >= 12 ? 1 : 0;
  EXPECT_EQ(of_first, 6);
}

TEST(Fair, AClassThatSleptGainsNothing) {
  // Class 0 alone is charged 10 prompts of 100 tokens; then class 1 comes and is level with it: they alternate.
  const auto queue = fair({});
  for (int i = 0; i < 10; ++i) queue->push(request(i, 0));
  admitted(*queue, 100);
  for (int i = 10; i < 14; ++i) queue->push(request(i, 0));
  for (int i = 20; i < 24; ++i) queue->push(request(i, 1));
  const std::vector<std::int64_t> order = admitted(*queue, 100);
  EXPECT_EQ(order, (std::vector<std::int64_t>{10, 20, 11, 21, 12, 22, 13, 23}));
}

TEST(Fair, TheFrontChangesWhenDecodesHaveCaughtUp) {
  // A sixteenth of a token that is generated costs 2, one of a prompt 1. Class 0 waits level with class 1 and decodes 3
  // sequences, class 1 decodes 1: 2 x 16 x 3 against 2 x 16 a step. Class 1 was charged 10 prompt tokens more, 160:
  // class 0 gains 64 a step and is in front for 160 / 64 = 2 steps, level counting for the lower number; the third
  // step's end sees class 1 in front.
  const auto queue = fair({});
  queue->push(request(0, 0));
  queue->push(request(1, 1));
  queue->settle();
  queue->charge_prompt(1, 10);
  EXPECT_EQ(queue->front().id, 0);
  EXPECT_EQ(queue->steps_of_front(std::vector<std::int64_t>{3, 1}, 16), 3);
  queue->charge_decode(std::vector<std::int64_t>{3, 1}, 2 * 16);
  EXPECT_EQ(queue->front().id, 0);
  queue->charge_decode(std::vector<std::int64_t>{3, 1}, 16);
  EXPECT_EQ(queue->front().id, 1);
}

/// All at the start: `flood` requests of class 0, then as many of class 1.
class TwoFloods final : public workload::RequestSource {
 public:
  explicit TwoFloods(int flood) : flood_(flood) {}
  std::optional<Request> next() override {
    if (made_ == 2 * flood_) return std::nullopt;
    Request request{.id = made_, .input = 40, .output = 30};
    request.service_class = made_++ < flood_ ? 0 : 1;
    return request;
  }

 private:
  std::int64_t flood_, made_ = 0;
};

/// Tokens that were done for each class when the first half of all requests was.
class AtHalf final : public Recorder {
 public:
  explicit AtHalf(int half) : half_(half) {}
  void done(const Request& request, const Outcome&) override {
    if (count_++ < half_) tokens[request.service_class] += request.input + 2 * request.output;
  }
  void gaps(std::int64_t, Picoseconds, Picoseconds, std::int64_t) override {}
  std::map<int, std::int64_t> tokens;

 private:
  int half_, count_ = 0;
};

std::map<int, std::int64_t> served_at_half(QueueOrder order) {
  TwoFloods source(200);
  AtHalf heard(200);
  GrowingTimer timer;
  FleetOptions options{
      .replica = {.limits = {.blocks = 60, .max_sequences = 8, .max_step_tokens = 256}, .policy = vllm_v1},
      .router = round_robin};
  options.replica.limits.order = order;
  run_fleet(source, options, timer, heard);
  return heard.tokens;
}

TEST(Fair, NeitherOfTwoFloodsStarvesTheOther) {
  // The paper's bound (theorem 4.8): classes that both wait differ by no more than 2 max(w_p L_input, w_q M), with M
  // the tokens of a full batch: here 8 requests of 40 + 2 x 30, taken twice, for those under way on either side.
  std::map<int, std::int64_t> fairly = served_at_half(fair);
  EXPECT_LE(std::abs(fairly[0] - fairly[1]), 2 * 8 * (40 + 2 * 30));
  std::map<int, std::int64_t> in_order = served_at_half(fcfs);
  EXPECT_EQ(in_order[1], 0);  // first come, first served: the first flood is first
}

TEST(QueueOrders, EveryOneIsFoundByItsName) {
  for (const QueueOrderEntry& entry : queue_orders()) EXPECT_EQ(find_queue_order(entry.name)->make, entry.make);
  EXPECT_EQ(find_queue_order("lifo"), nullptr);
}

}  // namespace
}  // namespace socle::serve
