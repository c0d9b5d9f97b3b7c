#pragma once

#include "socle/serve/fleet.hpp"
#include "socle/serve/kv_transfer.hpp"
#include "socle/serve/tally.hpp"

namespace socle::serve {

/// Replicas that compute prompts, and others that decode what they computed.
struct DisaggregatedOptions {
  ReplicaOptions prefill{}, decode{};
  int prefill_replicas = 1, decode_replicas = 1;
  Router router = nullptr;  ///< of both sides
  TransferLinks links{};
  Bytes cache_per_token{};  ///< that goes from side to side: all layers, copies counted once
  /// Called after each event when set: what waits and runs on both sides and between them, cache of the decode side.
  std::function<void(const FleetState&)> observe{};
  SegmentListener on_segment{};  ///< called as each ends when set
};

/// Of these replicas those that decode only: who comes has passed the front of the prefill side, is turned away there
/// if at all, and brings a cache, so nothing is looked for in theirs.
ReplicaOptions decoding_only(ReplicaOptions replica);

/// What a simulation did, beside what the recorder heard.
struct DisaggregatedRun {
  FleetRun fleet;  ///< of both sides together
  Picoseconds prefill_busy = 0, decode_busy = 0;
  TimeHistogram transfers;  ///< from a prompt's end to its cache's arrival
};

/// Serves a stream to its end on a fleet with separate sides.
///
/// A request is routed to a prefill replica, which computes its prompt under the engine's policy as a request for one
/// token, and makes that token: so the transfer delays the second token, not the first (engines differ: some send the
/// first from the decode side, after the transfer). Then a decode replica is chosen and the prompt's cache, prompt
/// tokens x cache_per_token bytes, is sent there; parts that the decode side may have cached are sent as well. There
/// the request waits for blocks and decodes. A request for one token never leaves the prefill side. When a decode
/// replica preempts, it computes the prompt itself.
///
/// Assumptions: blocks of the prefill side are free as its token is made, caches wait at the decode side beside its
/// blocks, and a transfer begins when its prompt ends (engines that send layer by layer hide some of it).
///
/// Events go by time; at equal times transfers before arrivals before the ends of steps, the prefill side before the
/// decode side. Throws InputError when the time leaves the clock, Cancelled when `progress` is.
DisaggregatedRun run_disaggregated(workload::RequestSource& source, const DisaggregatedOptions& options,
                                   StepTimer& prefill_timer, StepTimer& decode_timer, Recorder& recorder,
                                   Progress* progress = nullptr);

}  // namespace socle::serve
