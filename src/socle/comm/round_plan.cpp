#include "socle/comm/round_plan.hpp"

#include <algorithm>

namespace socle::comm {
namespace {

struct Traffic {
  Bytes sent{}, received{};
};

/// Of each member in one round.
std::vector<Traffic> traffic_of(const Round& round, std::uint32_t ranks) {
  std::vector<Traffic> traffic(ranks);
  for (const Transfer& transfer : round.transfers) {
    traffic[transfer.from].sent += transfer.bytes;
    traffic[transfer.to].received += transfer.bytes;
  }
  return traffic;
}

}  // namespace

const std::vector<RoundAlgorithm>& round_algorithms() {
  static const std::vector<RoundAlgorithm> entries = {
#define SOCLE_ROUNDS(function, name, help) {name, help, &function##_rounds},
#include "socle/comm/rounds.def"
#undef SOCLE_ROUNDS
  };
  return entries;
}

const RoundAlgorithm* find_round_algorithm(std::string_view name) {
  for (const RoundAlgorithm& entry : round_algorithms()) {
    if (name == entry.name) return &entry;
  }
  return nullptr;
}

Seconds alpha_beta_time(const RoundPlan& plan, std::uint32_t ranks, BytesPerSecond bandwidth, Seconds latency) {
  Seconds time{};
  for (const Round& round : plan.rounds) {
    Bytes busiest{};
    for (const Traffic& member : traffic_of(round, ranks)) busiest = std::max({busiest, member.sent, member.received});
    time += round.repeat * (round.latencies * latency + busiest / bandwidth);
  }
  return time;
}

Bytes sent_max(const RoundPlan& plan, std::uint32_t ranks) {
  std::vector<Bytes> sent(ranks);
  for (const Round& round : plan.rounds) {
    for (const Transfer& transfer : round.transfers) sent[transfer.from] += transfer.bytes * round.repeat;
  }
  return *std::max_element(sent.begin(), sent.end());
}

double bus_factor(Operation operation, std::uint32_t ranks) {
  const double share = (ranks - 1.0) / ranks;
  switch (operation) {
    case Operation::kAllReduce:
      return 2 * share;
    case Operation::kAllGather:
    case Operation::kReduceScatter:
    case Operation::kAllToAll:
      return share;
    case Operation::kBroadcast:
    case Operation::kSendReceive:
    case Operation::kReduce:
      break;
  }
  return 1.0;
}

const std::vector<const char*>& operation_names() {
  static const std::vector<const char*> names = {"all-reduce", "all-gather",   "reduce-scatter", "all-to-all",
                                                 "broadcast",  "send-receive", "reduce"};
  return names;
}

}  // namespace socle::comm
