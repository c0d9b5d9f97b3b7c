#include <algorithm>
#include <bit>

#include "socle/comm/round_plan.hpp"

namespace socle::comm {
namespace {

bool power_of_two(std::uint32_t n) { return std::has_single_bit(n); }

/// Every member with the one whose number differs in one bit.
Round exchange(std::uint32_t ranks, std::uint32_t bit, Bytes bytes) {
  Round round;
  for (std::uint32_t i = 0; i < ranks; ++i) round.transfers.push_back({i, i ^ bit, bytes});
  return round;
}

/// Binomial broadcast from rank 0; `upwards` turns every message round, for a reduction.
Round binomial_level(std::uint32_t ranks, std::uint32_t distance, Bytes bytes, bool upwards) {
  Round round;
  for (std::uint32_t i = 0; i < distance && i + distance < ranks; ++i) {
    const Transfer down{i, i + distance, bytes};
    round.transfers.push_back(upwards ? Transfer{down.to, down.from, bytes} : down);
  }
  return round;
}

}  // namespace

// Halving: n / 2, n / 4, ... to partners ever nearer; doubling the same backwards. 2 (N - 1) / N n in 2 log2 N steps.
std::optional<RoundPlan> halving_doubling_rounds(const OperationRequest& request) {
  const bool reduce = request.operation == Operation::kAllReduce || request.operation == Operation::kReduceScatter;
  const bool gather = request.operation == Operation::kAllReduce || request.operation == Operation::kAllGather;
  if ((!reduce && !gather) || !power_of_two(request.ranks)) return std::nullopt;
  RoundPlan plan{.algorithm = "halving-doubling"};
  if (reduce) {
    Bytes part = request.buffer / 2.0;
    for (std::uint32_t bit = request.ranks / 2; bit >= 1; bit /= 2, part /= 2.0)
      plan.rounds.push_back(exchange(request.ranks, bit, part));
  }
  if (gather) {
    Bytes part = request.buffer / request.ranks;
    for (std::uint32_t bit = 1; bit < request.ranks; bit *= 2, part *= 2.0)
      plan.rounds.push_back(exchange(request.ranks, bit, part));
  }
  return plan;
}

std::optional<RoundPlan> recursive_doubling_rounds(const OperationRequest& request) {
  if (request.operation != Operation::kAllReduce || !power_of_two(request.ranks)) return std::nullopt;
  RoundPlan plan{.algorithm = "recursive-doubling"};
  for (std::uint32_t bit = 1; bit < request.ranks; bit *= 2)
    plan.rounds.push_back(exchange(request.ranks, bit, request.buffer));
  return plan;
}

std::optional<RoundPlan> binomial_tree_rounds(const OperationRequest& request) {
  const bool up = request.operation == Operation::kAllReduce || request.operation == Operation::kReduce;
  const bool down = request.operation == Operation::kAllReduce || request.operation == Operation::kBroadcast;
  if (!up && !down) return std::nullopt;
  RoundPlan plan{.algorithm = "tree"};
  const std::uint32_t top = std::bit_ceil(request.ranks) / 2;
  for (std::uint32_t distance = top; up && distance >= 1; distance /= 2)
    plan.rounds.push_back(binomial_level(request.ranks, distance, request.buffer, true));
  for (std::uint32_t distance = 1; down && distance <= top; distance *= 2)
    plan.rounds.push_back(binomial_level(request.ranks, distance, request.buffer, false));
  return plan;
}

// c chunks along N ranks: N + c - 2 steps of n / c one way; all-reduce goes there and back.
std::optional<RoundPlan> chain_rounds(const OperationRequest& request) {
  const bool up = request.operation == Operation::kAllReduce || request.operation == Operation::kReduce;
  const bool down = request.operation == Operation::kAllReduce || request.operation == Operation::kBroadcast;
  if (!up && !down) return std::nullopt;
  const std::uint32_t chunks = std::max(1u, request.chunks), steps = request.ranks + chunks - 2;
  RoundPlan plan{.algorithm = "chain"};
  for (const bool upwards : {true, false}) {
    for (std::uint32_t step = 0; step < steps && (upwards ? up : down); ++step) {
      Round round;
      for (std::uint32_t i = 0; i + 1 < request.ranks && i <= step; ++i) {
        if (step - i >= chunks) continue;
        const std::uint32_t a = upwards ? request.ranks - 1 - i : i;
        round.transfers.push_back({a, upwards ? a - 1 : a + 1, request.buffer / chunks});
      }
      plan.rounds.push_back(std::move(round));
    }
  }
  return plan;
}

// In the first tree a number's trailing zeros are its height (in-order tree); the second is the first shifted by one,
// so that inner nodes of one are leaves of the other. Each tree reduces and broadcasts half of the buffer, in a
// pipeline.
std::optional<RoundPlan> double_tree_rounds(const OperationRequest& request) {
  if (request.operation != Operation::kAllReduce) return std::nullopt;
  const std::uint32_t n = request.ranks;
  RoundPlan plan{.algorithm = "double-binary-tree"};
  Round round;
  round.latencies = 2.0 * std::bit_width(n - 1);
  for (const std::uint32_t shift : {0u, 1u}) {
    for (std::uint32_t label = 1; label <= n; ++label) {
      // Ancestors of a label clear its lowest bit and set the next; one that does not exist is passed over.
      std::uint32_t bit = label & (~label + 1), parent = label;
      do {
        parent = (parent & ~bit) | (bit << 1);
        bit <<= 1;
      } while (parent > n && bit < 2 * std::bit_ceil(n + 1));
      if (parent > n) continue;  // the root
      const std::uint32_t child = (label - 1 + shift) % n, above = (parent - 1 + shift) % n;
      round.transfers.push_back({child, above, request.buffer / 2.0});
      round.transfers.push_back({above, child, request.buffer / 2.0});
    }
  }
  plan.rounds.push_back(std::move(round));
  return plan;
}

}  // namespace socle::comm
