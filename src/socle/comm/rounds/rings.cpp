#include "socle/comm/round_plan.hpp"

namespace socle::comm {
namespace {

/// Every member to the one `step` further.
void add_shift(Round& round, std::uint32_t ranks, std::uint32_t step, Bytes bytes) {
  for (std::uint32_t i = 0; i < ranks; ++i) round.transfers.push_back({i, (i + step) % ranks, bytes});
}

bool is_reduction_or_gather(Operation operation) {
  return operation == Operation::kAllReduce || operation == Operation::kAllGather ||
         operation == Operation::kReduceScatter;
}

std::uint32_t ring_steps(const OperationRequest& request) {
  return (request.operation == Operation::kAllReduce ? 2 : 1) * (request.ranks - 1);
}

}  // namespace

// N ranks pass shares of n / N: N - 1 steps for reduce-scatter or all-gather, twice that for all-reduce.
std::optional<RoundPlan> ring_rounds(const OperationRequest& request) {
  if (!is_reduction_or_gather(request.operation)) return std::nullopt;
  RoundPlan plan{.algorithm = "ring"};
  Round round{.transfers = {}, .repeat = ring_steps(request)};
  add_shift(round, request.ranks, 1, request.buffer / request.ranks);
  plan.rounds.push_back(std::move(round));
  return plan;
}

// Half of each share goes either way round: half the time where both directions have links of their own.
std::optional<RoundPlan> bidirectional_ring_rounds(const OperationRequest& request) {
  if (!is_reduction_or_gather(request.operation) || request.ranks < 3) return std::nullopt;
  RoundPlan plan{.algorithm = "bidirectional-ring"};
  Round round{.transfers = {}, .repeat = ring_steps(request)};
  add_shift(round, request.ranks, 1, request.buffer / (2.0 * request.ranks));
  add_shift(round, request.ranks, request.ranks - 1, request.buffer / (2.0 * request.ranks));
  plan.rounds.push_back(std::move(round));
  return plan;
}

// A reduction in switches sends each member's buffer up once and down once, and so does every link of the tree. A shift
// by one of ranks that stand in order puts the same load on the same links: one flow over every uplink that a leaf or
// pod shares. Latency: up and down the tree, which is the way of the flow that crosses most tiers.
std::optional<RoundPlan> in_network_rounds(const OperationRequest& request) {
  if (request.operation != Operation::kAllReduce && request.operation != Operation::kBroadcast &&
      request.operation != Operation::kReduce)
    return std::nullopt;
  RoundPlan plan{.algorithm = "in-network"};
  Round round;
  add_shift(round, request.ranks, 1, request.buffer);
  plan.rounds.push_back(std::move(round));
  return plan;
}

// X ranks a row, Y rows: reduce-scatter along rows (shares n / X), all-reduce along columns on n / X, all-gather along
// rows. Hosts of X accelerators whose equal ranks share a rail, and the rows of a torus, are both such a grid.
std::optional<RoundPlan> grid_rounds(const OperationRequest& request) {
  const std::uint32_t x = request.inner;
  if (!is_reduction_or_gather(request.operation) || x < 2 || request.ranks % x != 0 || request.ranks == x)
    return std::nullopt;
  const std::uint32_t y = request.ranks / x;
  const auto ring = [&](std::uint32_t length, std::uint32_t stride, Bytes share, std::uint32_t steps) {
    Round round{.transfers = {}, .repeat = steps};
    for (std::uint32_t i = 0; i < request.ranks; ++i) {
      const std::uint32_t place = i / stride % length;
      round.transfers.push_back({i, i - place * stride + (place + 1) % length * stride, share});
    }
    return round;
  };
  RoundPlan plan{.algorithm = "hierarchical"};
  const Bytes row_share = request.buffer / x, column_share = row_share / y;
  const bool reduce = request.operation != Operation::kAllGather,
             gather = request.operation != Operation::kReduceScatter;
  if (reduce) plan.rounds.push_back(ring(x, 1, row_share, x - 1));
  plan.rounds.push_back(ring(y, x, column_share, (reduce && gather ? 2 : 1) * (y - 1)));
  if (gather) plan.rounds.push_back(ring(x, 1, row_share, x - 1));
  return plan;
}

}  // namespace socle::comm
