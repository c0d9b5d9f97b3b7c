#include "socle/comm/round_plan.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace socle::comm {
namespace {

constexpr BytesPerSecond kLink{50e9};
constexpr Seconds kAlpha{6e-6};

Seconds time_of(const char* algorithm, Operation operation, std::uint32_t ranks, double bytes, Seconds alpha,
                std::uint32_t inner = 1, std::uint32_t chunks = 16) {
  const auto plan = find_round_algorithm(algorithm)->plan(
      {.operation = operation, .ranks = ranks, .buffer = Bytes{bytes}, .inner = inner, .chunks = chunks});
  return alpha_beta_time(*plan, ranks, kLink, alpha);
}

// Formulas with a = latency, b = 50 GB/s: ring 2 (N-1) (a + n / (N b)); halving-doubling 2 log2 N a + 2 (N-1) / N n /
// b; recursive doubling log2 N (a + n / b); chain 2 (N + c - 2) (a + n / (c b)); all-to-all at once (N-1) m / b + a;
// pairwise (N-1) (a + m / b); Bruck log2 N a + N / 2 log2 N m / b.
TEST(RoundPlan, TimesAreTheFormulasOfTheField) {
  const Operation reduce = Operation::kAllReduce, exchange = Operation::kAllToAll;
  const auto near = [](Seconds time, double expected) { EXPECT_NEAR(time.value() / expected, 1.0, 1e-9) << expected; };
  near(time_of("ring", reduce, 128, 1e9, {}), 0.0396875);
  near(time_of("ring", reduce, 128, 1e9, kAlpha), 0.0412115);
  near(time_of("ring", reduce, 1024, 1e9, {}), 0.0399609375);
  near(time_of("ring", reduce, 1024, 1e9, kAlpha), 0.0522369375);
  near(time_of("ring", Operation::kReduceScatter, 128, 1e9, {}), 0.01984375);
  near(time_of("ring", Operation::kAllGather, 128, 1e9, {}), 0.01984375);
  near(time_of("halving-doubling", reduce, 128, 1e9, kAlpha), 0.0397715);
  near(time_of("recursive-doubling", reduce, 128, 1e9, {}), 0.14);
  near(time_of("tree", Operation::kBroadcast, 128, 1e9, kAlpha), 7 * (6e-6 + 0.02));
  near(time_of("chain", reduce, 8, 1e9, kAlpha, 1, 64), 2 * (8 + 64 - 2) * (6e-6 + 1e9 / 64 / 50e9));
  near(time_of("direct", exchange, 128, 128e6, {}), 0.00254);
  near(time_of("direct", exchange, 1024, 1024e6, {}), 0.02046);
  near(time_of("pairwise", exchange, 128, 128e6, kAlpha), 0.003302);
  near(time_of("bruck", exchange, 128, 128e6, kAlpha), 7 * 6e-6 + 64 * 7 * 1e6 / 50e9);
  near(time_of("in-network", reduce, 128, 1e9, {}), 0.02);
  near(time_of("direct", Operation::kSendReceive, 2, 1e9, kAlpha), 6e-6 + 0.02);
  // Two trees, each half: 2 n / b at full duplex and 2 log2 N latencies.
  near(time_of("double-binary-tree", reduce, 128, 1e9, kAlpha), 2 * 7 * 6e-6 + 0.04);
  // 8 by 16: 2 (X-1)/X n/b + 2 (Y-1)/Y n/(X b).
  near(time_of("hierarchical", reduce, 128, 1e9, {}, 8), 2 * 7 / 8.0 * 0.02 + 2 * 15 / 16.0 * 0.02 / 8);
}

/// What every member holds of a reduction: the set of contributions to each share, carried as the plan sends it.
Bytes received(const RoundPlan& plan, std::uint32_t member) {
  Bytes sum{};
  for (const Round& round : plan.rounds) {
    for (const Transfer& transfer : round.transfers) {
      if (transfer.to == member) sum += transfer.bytes * round.repeat;
    }
  }
  return sum;
}

// A law of every algorithm: members exist, nobody sends to itself, everybody takes part, bytes in = bytes out, and each
// member gets at least what the operation must bring it.
TEST(RoundPlan, EveryAlgorithmConservesBytesAndReachesEveryMember) {
  int carried = 0;
  for (const RoundAlgorithm& algorithm : round_algorithms()) {
    for (std::size_t o = 0; o < operation_names().size(); ++o) {
      for (const std::uint32_t ranks : {2u, 3u, 4u, 7u, 8u, 12u, 16u, 33u}) {
        for (const std::uint32_t inner : {1u, 2u, 4u}) {
          const OperationRequest request{.operation = static_cast<Operation>(o),
                                         .ranks = ranks,
                                         .buffer = Bytes{840e6},
                                         .inner = inner,
                                         .chunks = 4};
          const auto plan = algorithm.plan(request);
          if (!plan) continue;
          ++carried;
          SCOPED_TRACE(std::string(algorithm.name) + " " + operation_names()[o] + " of " + std::to_string(ranks));
          EXPECT_STREQ(plan->algorithm, algorithm.name);
          std::set<std::uint32_t> seen;
          for (const Round& round : plan->rounds) {
            ASSERT_GE(round.repeat, 1u);
            for (const Transfer& transfer : round.transfers) {
              ASSERT_LT(transfer.from, ranks);
              ASSERT_LT(transfer.to, ranks);
              ASSERT_NE(transfer.from, transfer.to);
              ASSERT_GT(transfer.bytes, Bytes{});
              seen.insert(transfer.from);
              seen.insert(transfer.to);
            }
          }
          ASSERT_EQ(seen.size(), ranks);
          const double share = (ranks - 1.0) / ranks;
          const bool to_root = request.operation == Operation::kReduce;
          for (std::uint32_t member = request.operation == Operation::kBroadcast ? 1 : 0;
               member < (to_root ? 1 : ranks); ++member) {
            // A tree's root of a reduction gets one whole buffer at least; others the result.
            EXPECT_GE(received(*plan, member).value(), 840e6 * share * (1 - 1e-9)) << member;
          }
        }
      }
    }
  }
  EXPECT_GT(carried, 100);
}

TEST(RoundPlan, EveryOperationHasADefault) {
  for (std::size_t o = 0; o < operation_names().size(); ++o) {
    bool carried = false;
    for (const RoundAlgorithm& algorithm : round_algorithms()) {
      carried = carried ||
                algorithm.plan({.operation = static_cast<Operation>(o), .ranks = 6, .buffer = Bytes{1e6}}).has_value();
    }
    EXPECT_TRUE(carried) << operation_names()[o];
  }
}

// nccl-tests: 2 (n-1)/n for all-reduce, (n-1)/n for the rest, 1 for broadcast and send/receive.
TEST(RoundPlan, BusFactorsAreThoseOfNcclTests) {
  EXPECT_DOUBLE_EQ(bus_factor(Operation::kAllReduce, 8), 1.75);
  EXPECT_DOUBLE_EQ(bus_factor(Operation::kAllGather, 8), 0.875);
  EXPECT_DOUBLE_EQ(bus_factor(Operation::kReduceScatter, 8), 0.875);
  EXPECT_DOUBLE_EQ(bus_factor(Operation::kAllToAll, 8), 0.875);
  EXPECT_DOUBLE_EQ(bus_factor(Operation::kBroadcast, 8), 1.0);
  EXPECT_DOUBLE_EQ(bus_factor(Operation::kSendReceive, 2), 1.0);
}

}  // namespace
}  // namespace socle::comm
