#include "socle/comm/channel_messages.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {
namespace {

using graph::Collective;

constexpr Bytes kBuffer{8e9};

LibraryCall call_of(const TransferPlan& plan) { return {.plan = plan}; }

struct Planned {
  const char* name;
  PlanFunction plan;
  Collective collective;
  Operation operation;
};
constexpr Planned kPlans[] = {
    {"ring all-reduce", &ring, Collective::kAllReduce, Operation::kAllReduce},
    {"ring all-gather", &ring, Collective::kAllGather, Operation::kAllGather},
    {"ring reduce-scatter", &ring, Collective::kReduceScatter, Operation::kReduceScatter},
    {"hierarchical", &hierarchical, Collective::kAllReduce, Operation::kAllReduce},
    {"double-binary-tree", &double_binary_tree, Collective::kAllReduce, Operation::kAllReduce},
    {"switch-tree", &switch_tree, Collective::kAllReduce, Operation::kAllReduce},
    {"pairwise", &pairwise, Collective::kAllToAll, Operation::kAllToAll},
};

// What the closed form counts and what the simulation sends are one plan.
TEST(ChannelMessages, TheBusiestNicSendsWhatTheClosedFormCounts) {
  for (const Planned& planned : kPlans) {
    for (const int domains : {2, 3, 4, 7, 16}) {
      const Footprint group{.ranks = 8 * domains, .per_domain = 8, .domains = domains};
      const auto plan = planned.plan(planned.collective, group, kBuffer);
      const ChannelMessages messages = channel_messages(call_of(*plan), {planned.operation, group, 8});
      EXPECT_NEAR(sent_max(messages.across, 8u * static_cast<std::uint32_t>(domains)).value(),
                  plan->phases()[0].sent_per_chip.value(), 1e-3)
          << planned.name << " over " << domains;
    }
  }
}

TEST(ChannelMessages, AreNoMoreThanAreCounted) {
  for (const Planned& planned : kPlans) {
    for (const int domains : {2, 5, 16}) {
      const Footprint group{.ranks = 8 * domains, .per_domain = 8, .domains = domains};
      const LibraryCall call = call_of(*planned.plan(planned.collective, group, kBuffer));
      const ChannelRequest request{planned.operation, group, 4};
      const ChannelMessages messages = channel_messages(call, request);
      const MessageCount count = message_count(call, request);
      EXPECT_LE(messages.across.rounds.front().transfers.size(), count.across) << planned.name;
      EXPECT_EQ(messages.inside.rounds.front().transfers.size(), count.inside) << planned.name;
    }
  }
}

TEST(ChannelMessages, EveryChannelKeepsToItsRailAndChainsStayInside) {
  for (const Planned& planned : kPlans) {
    const Footprint group{.ranks = 40, .per_domain = 8, .domains = 5};
    const ChannelMessages messages =
        channel_messages(call_of(*planned.plan(planned.collective, group, kBuffer)), {planned.operation, group, 8});
    for (const Transfer& t : messages.across.rounds.front().transfers) {
      EXPECT_EQ(t.from % 8, t.to % 8) << planned.name;
      EXPECT_NE(t.from / 8, t.to / 8) << planned.name;
    }
    for (const Transfer& t : messages.inside.rounds.front().transfers) EXPECT_EQ(t.from / 8, t.to / 8) << planned.name;
  }
}

// A ring's channel goes once round all members: 40 edges, 5 of them from domain to domain, for each of 8 channels.
TEST(ChannelMessages, RingsPassEveryMember) {
  const Footprint group{.ranks = 40, .per_domain = 8, .domains = 5};
  const auto plan = ring(Collective::kAllGather, group, kBuffer);
  const ChannelMessages messages = channel_messages(call_of(*plan), {Operation::kAllGather, group, 8});
  EXPECT_EQ(messages.across.rounds.front().transfers.size(), 40u);
  EXPECT_EQ(messages.inside.rounds.front().transfers.size(), 280u);
}

// Half of the NICs: each carries twice as much. The root of a broadcast gets nothing.
TEST(ChannelMessages, FewerChannelsAndRoots) {
  const Footprint group{.ranks = 16, .per_domain = 8, .domains = 2};
  const auto plan = ring(Collective::kAllGather, group, kBuffer);
  const double all = sent_max(channel_messages(call_of(*plan), {Operation::kAllGather, group, 8}).across, 16).value();
  const ChannelMessages half = channel_messages(call_of(*plan), {Operation::kAllGather, group, 4});
  EXPECT_NEAR(sent_max(half.across, 16).value(), 2 * all, 1e-3);
  EXPECT_EQ(half.across.rounds.front().transfers.size(), 8u);
  const ChannelMessages broadcast = channel_messages(call_of(*plan), {Operation::kBroadcast, group, 8});
  for (const RoundPlan* part : {&broadcast.across, &broadcast.inside}) {
    for (const Transfer& t : part->rounds.front().transfers) EXPECT_NE(t.to, 0u);
  }
}

// Flags take half of LL's frames, so twice the bytes cross the wire.
TEST(ChannelMessages, FramesAreOnTheWire) {
  const catalog::LibraryProtocol flags{.name = "LL", .bandwidth = 0.5, .ring_hop = {}, .tree_hop = {}, .local_hop = {}};
  const Footprint group{.ranks = 16, .per_domain = 8, .domains = 2};
  LibraryCall call = call_of(*ring(Collective::kAllGather, group, kBuffer));
  const double plain = sent_max(channel_messages(call, {Operation::kAllGather, group, 8}).across, 16).value();
  call.protocol = &flags;
  EXPECT_NEAR(sent_max(channel_messages(call, {Operation::kAllGather, group, 8}).across, 16).value(), 2 * plain, 1e-3);
}

}  // namespace
}  // namespace socle::comm
