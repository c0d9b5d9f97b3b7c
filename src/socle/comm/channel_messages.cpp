#include "socle/comm/channel_messages.hpp"

#include <algorithm>
#include <vector>

#include "socle/base/check.hpp"

namespace socle::comm {
namespace {

/// Members of a regular group.
struct Shape {
  std::uint32_t domains = 1, members = 1, channels = 1;
  std::uint32_t at(std::uint32_t domain, std::uint32_t local) const { return domain * members + local % members; }
};

/// A root has nothing to get in a broadcast, and nothing to pass on in a reduction.
bool ends_at_root(Operation operation, const Transfer& transfer) {
  return (operation == Operation::kBroadcast && transfer.to == 0) ||
         (operation == Operation::kReduce && transfer.from == 0);
}

void add(Operation operation, const Transfer& transfer, std::vector<Transfer>& transfers) {
  if (transfer.from != transfer.to && !ends_at_root(operation, transfer)) transfers.push_back(transfer);
}

/// Edges between domains of both trees, as the flat algorithm has them.
std::vector<Transfer> tree_edges(std::uint32_t domains) {
  const auto plan = double_tree_rounds({.operation = Operation::kAllReduce, .ranks = domains, .buffer = Bytes{2.0}});
  return plan->rounds.front().transfers;
}

/// Edges of the domain that sends most: the closed form's bytes are those of its NICs.
std::uint32_t edges_of_busiest(const std::vector<Transfer>& edges, std::uint32_t domains) {
  std::vector<std::uint32_t> sent(domains);
  for (const Transfer& edge : edges) ++sent[edge.from];
  return *std::max_element(sent.begin(), sent.end());
}

/// `channel` = what one channel sends over its NIC.
std::vector<Transfer> across(const Phase& phase, Operation operation, const Shape& shape, Bytes channel) {
  std::vector<Transfer> transfers;
  switch (phase.pattern) {
    case Pattern::kRing:
      for (std::uint32_t c = 0; c < shape.channels; ++c) {
        for (std::uint32_t d = 0; d < shape.domains; ++d)
          add(operation, {shape.at(d, c), shape.at((d + 1) % shape.domains, c), channel}, transfers);
      }
      break;
    case Pattern::kTwoTrees: {
      const std::vector<Transfer> edges = tree_edges(shape.domains);
      const Bytes share = channel / edges_of_busiest(edges, shape.domains);
      for (const Transfer& edge : edges) {
        for (std::uint32_t c = 0; c < shape.channels; ++c)
          add(operation, {shape.at(edge.from, c), shape.at(edge.to, c), share}, transfers);
      }
      break;
    }
    case Pattern::kAllPairs:
      for (std::uint32_t step = 1; step < shape.domains; ++step) {
        for (std::uint32_t d = 0; d < shape.domains; ++d) {
          for (std::uint32_t c = 0; c < shape.channels; ++c)
            add(operation, {shape.at(d, c), shape.at((d + step) % shape.domains, c), channel / (shape.domains - 1)},
                transfers);
        }
      }
      break;
    case Pattern::kNext:  // along the rail of the receiver, the first of its domain
      for (std::uint32_t d = 0; d < shape.domains; ++d)
        add(operation, {shape.at(d, 0), shape.at((d + 1) % shape.domains, 0), phase.sent_per_chip}, transfers);
      break;
  }
  return transfers;
}

/// Channel c enters at member c and passes the members after it in turn; a tree goes there and back.
void add_chains(Operation operation, const Shape& shape, std::uint32_t domain, Bytes share, bool back,
                std::vector<Transfer>& transfers) {
  for (std::uint32_t c = 0; c < shape.channels; ++c) {
    for (std::uint32_t i = 0; i + 1 < shape.members; ++i) {
      const std::uint32_t a = shape.at(domain, c + i), b = shape.at(domain, c + i + 1);
      add(operation, {a, b, share}, transfers);
      if (back) add(operation, {b, a, share}, transfers);
    }
  }
}

/// What a member of a ring passes to the next when the domain stands alone.
Bytes passed_on(graph::Collective collective, Bytes buffer, std::uint32_t members) {
  if (collective == graph::Collective::kSendReceive) return buffer;
  return buffer * ((collective == graph::Collective::kAllReduce ? 2.0 : 1.0) * (members - 1.0) / members);
}

void add_mesh(Operation operation, const Shape& shape, std::uint32_t domain, Bytes share,
              std::vector<Transfer>& transfers) {
  for (std::uint32_t step = 1; step < shape.members; ++step) {
    for (std::uint32_t i = 0; i < shape.members; ++i)
      add(operation, {shape.at(domain, i), shape.at(domain, i + step), share}, transfers);
  }
}

/// `ring` = what a channel's ring carries over each of its edges; 0 inside one domain.
std::vector<Transfer> inside(const Phase& phase, Operation operation, const Shape& shape, Bytes ring, bool trees) {
  std::vector<Transfer> transfers;
  const bool pxn = operation == Operation::kAllToAll;
  const double rounds = phase.collective == graph::Collective::kAllReduce ? 2.0 : 1.0;
  for (std::uint32_t d = 0; d < shape.domains; ++d) {
    switch (phase.local) {
      case LocalPattern::kChain:
        if (shape.domains > 1) {
          add_chains(operation, shape, d, trees ? phase.buffer / shape.channels : ring, trees, transfers);
          break;
        }
        for (std::uint32_t i = 0; i < shape.members; ++i)
          add(operation, {i, shape.at(0, i + 1), passed_on(phase.collective, phase.buffer, shape.members)}, transfers);
        break;
      case LocalPattern::kSwitch:
        for (std::uint32_t i = 0; i < shape.members; ++i)
          add(operation, {shape.at(d, i), shape.at(d, i + 1), phase.buffer}, transfers);
        break;
      case LocalPattern::kMesh:  // of an all-to-all each neighbour's rail also gets what goes to other domains
        add_mesh(operation, shape, d, phase.buffer * ((pxn ? shape.domains : rounds) / shape.members), transfers);
        break;
    }
  }
  return transfers;
}

/// To the neighbour, and from the last member to the rail on which it leaves.
std::vector<Transfer> inside_to_next(const Shape& shape, Bytes bytes) {
  std::vector<Transfer> transfers;
  for (std::uint32_t d = 0; d < shape.domains; ++d) {
    for (std::uint32_t i = 0; shape.members > 1 && i < shape.members; ++i)
      transfers.push_back({shape.at(d, i), shape.at(d, i + 1), bytes});
  }
  return transfers;
}

}  // namespace

MessageCount message_count(const LibraryCall& call, const ChannelRequest& request) {
  const auto domains = static_cast<std::uint64_t>(request.group.domains),
             members = static_cast<std::uint64_t>(request.group.per_domain);
  const std::uint64_t channels = request.channels;
  MessageCount count;
  std::uint64_t ways = 1;  // a tree's chains go there and back
  for (const Phase& phase : call.plan.phases()) {
    if (phase.scale_out) {
      if (phase.pattern == Pattern::kTwoTrees) ways = 2;
      const bool pairs = phase.pattern == Pattern::kAllPairs, trees = phase.pattern == Pattern::kTwoTrees;
      const std::uint64_t each = pairs ? domains - 1 : trees ? 4 : 1;  // of two trees an edge there and back
      count.across = domains * each * (phase.pattern == Pattern::kNext ? 1 : channels);
      if (phase.pattern == Pattern::kNext) count.inside = domains * members;
    } else {
      const bool mesh = phase.local == LocalPattern::kMesh;
      const bool chains = phase.local == LocalPattern::kChain && domains > 1;
      count.inside = domains * (mesh ? members * (members - 1) : chains ? ways * channels * (members - 1) : members);
    }
  }
  return count;
}

ChannelMessages channel_messages(const LibraryCall& call, const ChannelRequest& request) {
  const Shape shape{static_cast<std::uint32_t>(request.group.domains),
                    static_cast<std::uint32_t>(request.group.per_domain), request.channels};
  SOCLE_CHECK(shape.channels >= 1 && shape.channels <= shape.members, "each channel has a NIC of its own");
  const double frames = call.protocol ? 1.0 / call.protocol->bandwidth : 1.0;
  ChannelMessages messages{.across = {.algorithm = call.plan.algorithm()}, .inside = {.algorithm = "inside"}};
  std::vector<Transfer> within;
  Bytes ring{};
  bool trees = false;
  for (const Phase& phase : call.plan.phases()) {
    if (phase.scale_out) {
      ring = phase.sent_per_chip * (static_cast<double>(shape.members) / shape.channels);
      trees = phase.pattern == Pattern::kTwoTrees;
      messages.across.rounds.push_back(
          {.transfers = across(phase, request.operation, shape, ring), .latencies = call.steps});
      if (phase.pattern == Pattern::kNext) within = inside_to_next(shape, phase.sent_per_chip);
    } else {
      within = inside(phase, request.operation, shape, ring, trees);
    }
  }
  if (!within.empty()) messages.inside.rounds.push_back({.transfers = std::move(within)});
  for (RoundPlan* plan : {&messages.across, &messages.inside}) {
    for (Round& round : plan->rounds) {
      for (Transfer& transfer : round.transfers) transfer.bytes = transfer.bytes * frames;
    }
  }
  return messages;
}

}  // namespace socle::comm
