#pragma once

#include <cstdint>

#include "socle/comm/library_network.hpp"
#include "socle/comm/round_plan.hpp"

namespace socle::comm {

/// A library's call message by message, members numbered domain by domain. Everything is in a pipeline, so all messages
/// are under way together and one of them is all that a channel sends from one member to another.
struct ChannelMessages {
  RoundPlan across;  ///< from NIC to NIC; no rounds inside one domain
  RoundPlan inside;  ///< over the links of the domains
};

struct ChannelRequest {
  Operation operation = Operation::kAllReduce;
  Footprint group;
  std::uint32_t channels = 1;  ///< rings or trees, each through the NIC of another local rank; at most per_domain
};

/// How many messages of a group there are at most.
struct MessageCount {
  std::uint64_t across = 0, inside = 0;
};

/// What `channel_messages` would make, counted without making it.
MessageCount message_count(const LibraryCall& call, const ChannelRequest& request);

/// Carries `call` out on channels. Channel c leaves and enters every domain by its c-th member, so it keeps to one
/// rail; its share of the buffer is one of `channels`. All-to-all and send/receive go to the receiver's rail inside the
/// domain first (PXN). A broadcast and a reduction leave out the way back to their root, member 0. Bytes are those on
/// the wire: a protocol's frames included.
ChannelMessages channel_messages(const LibraryCall& call, const ChannelRequest& request);

}  // namespace socle::comm
