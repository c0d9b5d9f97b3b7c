#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::comm {

/// What a group exchanges, as nccl-tests names it.
enum class Operation { kAllReduce, kAllGather, kReduceScatter, kAllToAll, kBroadcast, kSendReceive, kReduce };

struct OperationRequest {
  Operation operation = Operation::kAllReduce;
  std::uint32_t ranks = 2;
  Bytes buffer{};             ///< as nccl-tests counts it: the whole (gathered) buffer; all-to-all: what one rank holds
  std::uint32_t inner = 1;    ///< ranks of one host (hierarchical, rail-aligned) or of one row (2-D torus)
  std::uint32_t chunks = 16;  ///< pieces of pipelined algorithms
};

/// One message between two members of a group.
struct Transfer {
  std::uint32_t from = 0, to = 0;
  Bytes bytes{};
};

/// Messages that are under way together. A member enters a round when all its messages of the round before are through.
struct Round {
  std::vector<Transfer> transfers{};
  std::uint32_t repeat = 1;  ///< the same messages again, one round after another
  double latencies = 1;      ///< pipelined trees: latencies until the last byte has passed all levels
};

/// What an algorithm sends, message by message. Closed form and flow simulation both read it.
struct RoundPlan {
  const char* algorithm = "";
  std::vector<Round> rounds{};
  bool barrier = false;  ///< all members wait for each other between rounds
};

struct RoundAlgorithm {
  const char* name;
  const char* help;
  /// Empty when the algorithm cannot carry the operation on that many ranks.
  std::optional<RoundPlan> (*plan)(const OperationRequest& request);
};

/// All algorithms, in the order of rounds.def; the first that can carry an operation is its default.
const std::vector<RoundAlgorithm>& round_algorithms();
const RoundAlgorithm* find_round_algorithm(std::string_view name);

/// Time on a network that shares nothing but each member's own link, in and out at `bandwidth`, every message `latency`
/// under way: rounds one after another, each as long as its busiest member.
Seconds alpha_beta_time(const RoundPlan& plan, std::uint32_t ranks, BytesPerSecond bandwidth, Seconds latency);

/// Bytes that the busiest member sends over all rounds.
Bytes sent_max(const RoundPlan& plan, std::uint32_t ranks);

/// Bus bandwidth over algorithm bandwidth (buffer / time), as nccl-tests has it.
double bus_factor(Operation operation, std::uint32_t ranks);

/// "all-reduce", ...; the names that scenarios and flags use, in the order of Operation.
const std::vector<const char*>& operation_names();

#define SOCLE_ROUNDS(function, name, help) std::optional<RoundPlan> function##_rounds(const OperationRequest& request);
#include "socle/comm/rounds.def"
#undef SOCLE_ROUNDS

}  // namespace socle::comm
