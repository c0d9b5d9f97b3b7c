#include <bit>

#include "socle/comm/round_plan.hpp"

namespace socle::comm {

// Every rank holds one block of m = buffer / N for every rank, its own included.
std::optional<RoundPlan> direct_rounds(const OperationRequest& request) {
  RoundPlan plan{.algorithm = "direct"};
  Round round;
  const std::uint32_t n = request.ranks;
  switch (request.operation) {
    case Operation::kAllToAll:
    case Operation::kAllGather:
    case Operation::kReduceScatter:
      round.transfers.reserve(static_cast<std::size_t>(n) * (n - 1));
      for (std::uint32_t step = 1; step < n; ++step) {
        for (std::uint32_t i = 0; i < n; ++i)
          round.transfers.push_back({i, i + step < n ? i + step : i + step - n, request.buffer / n});
      }
      break;
    case Operation::kBroadcast:
      for (std::uint32_t i = 1; i < n; ++i) round.transfers.push_back({0, i, request.buffer});
      break;
    case Operation::kReduce:
      for (std::uint32_t i = 1; i < n; ++i) round.transfers.push_back({i, 0, request.buffer});
      break;
    case Operation::kSendReceive:
      for (std::uint32_t i = 0; i < n; ++i) round.transfers.push_back({i, (i + 1) % n, request.buffer});
      break;
    case Operation::kAllReduce:
      return std::nullopt;
  }
  plan.rounds.push_back(std::move(round));
  return plan;
}

std::optional<RoundPlan> pairwise_exchange_rounds(const OperationRequest& request) {
  if (request.operation != Operation::kAllToAll) return std::nullopt;
  RoundPlan plan{.algorithm = "pairwise", .rounds = {}, .barrier = true};
  for (std::uint32_t step = 1; step < request.ranks; ++step) {
    Round round;
    for (std::uint32_t i = 0; i < request.ranks; ++i)
      round.transfers.push_back({i, (i + step) % request.ranks, request.buffer / request.ranks});
    plan.rounds.push_back(std::move(round));
  }
  return plan;
}

// In step k every rank sends the N / 2 blocks whose distance has bit k to the rank 2^k further.
std::optional<RoundPlan> bruck_rounds(const OperationRequest& request) {
  if (request.operation != Operation::kAllToAll || !std::has_single_bit(request.ranks)) return std::nullopt;
  RoundPlan plan{.algorithm = "bruck"};
  for (std::uint32_t step = 1; step < request.ranks; step *= 2) {
    Round round;
    for (std::uint32_t i = 0; i < request.ranks; ++i)
      round.transfers.push_back({i, (i + step) % request.ranks, request.buffer / 2.0});
    plan.rounds.push_back(std::move(round));
  }
  return plan;
}

// L ranks a host, G hosts: first each rank hands every neighbour the blocks for that neighbour's rail (G blocks), then
// equal ranks of all hosts exchange what they gathered (L blocks for each host).
std::optional<RoundPlan> rail_aligned_rounds(const OperationRequest& request) {
  const std::uint32_t inner = request.inner, n = request.ranks;
  if (request.operation != Operation::kAllToAll || inner < 2 || n % inner != 0 || n == inner) return std::nullopt;
  const std::uint32_t hosts = n / inner;
  const Bytes block = request.buffer / n;
  RoundPlan plan{.algorithm = "rail-aligned"};
  Round inside, along;
  for (std::uint32_t step = 1; step < inner; ++step) {
    for (std::uint32_t i = 0; i < n; ++i)
      inside.transfers.push_back({i, i - i % inner + (i % inner + step) % inner, block * hosts});
  }
  for (std::uint32_t step = 1; step < hosts; ++step) {
    for (std::uint32_t i = 0; i < n; ++i) along.transfers.push_back({i, (i + step * inner) % n, block * inner});
  }
  plan.rounds.push_back(std::move(inside));
  plan.rounds.push_back(std::move(along));
  return plan;
}

}  // namespace socle::comm
