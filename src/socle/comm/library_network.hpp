#pragma once

#include <optional>

#include "socle/catalog/collective_library.hpp"
#include "socle/comm/collectives.hpp"
#include "socle/comm/round_plan.hpp"

namespace socle::comm {

/// The hardware that a library finds.
struct LibraryLinks {
  BytesPerSecond nic_per_chip{};  ///< nominal, per direction
  int domain = 8;                 ///< chips of one scale-up domain
  bool adds_in_switch = false;    ///< the scale-up switches reduce (NVLink SHARP and the like)
  BytesPerSecond scale_up{};      ///< nominal, of one chip: what a protocol's frames share inside; 0 = not told
};

/// What a library runs for one call, and the parts of its time. Closed form and flow simulation both read it: the
/// simulation sends what `plan` says, and puts its own time in the place of `outside`.
struct LibraryCall {
  TransferPlan plan;
  const catalog::LibraryProtocol* protocol = nullptr;  ///< null inside one domain
  double steps = 0;                                    ///< messages across domains, one after another
  Seconds latency{};                                   ///< start and hops
  Seconds outside{};                                   ///< bytes over the NICs
  Seconds inside{};                                    ///< bytes inside a domain, under way at the same time
};

/// What a library runs for an operation. A broadcast and a reduction pass the whole buffer over every link, like an
/// all-gather whose n - 1 shares are as large.
graph::Collective library_collective(Operation operation);
/// The buffer of that collective. Requires: ranks > 1.
Bytes library_buffer(Operation operation, int ranks, Bytes buffer);

/// Two pipelined parts of a call: (a^p + b^p)^(1/p), and its latency before them.
Seconds call_time(Seconds latency, Seconds outside, Seconds inside, double overlap_exponent);

/// Collectives as a library such as NCCL runs them: it has ring and tree all-reduces, ring all-gather and
/// reduce-scatter, pairwise all-to-all, each in several protocols, and takes the fastest. With m members in each of d
/// domains, n = m d, and the plan's bytes and steps across domains (docs/design/communication.md):
///
///   t = t_in(1 byte) + steps x hop + further ring members x local hop + (T_out^p + T_in^p)^(1/p)
///   T_out = bytes per chip / (nic_fraction x protocol bandwidth x NIC)
///   T_in = t_in(buffer) - t_in(1 byte), and no less than a ring's bytes inside / (protocol bandwidth x scale-up link)
///
/// Alone on its links, like every `Network` of closed forms. Immutable; any number of threads may ask.
class LibraryNetwork final : public Network {
 public:
  /// Requires: `scale_up` and `library` outlive this object.
  LibraryNetwork(const ScaleUp& scale_up, const LibraryLinks& links, const catalog::CollectiveLibrary& library)
      : scale_up_(scale_up), links_(links), library_(library) {}

  Seconds collective_time(graph::Collective collective, const Footprint& group, Bytes buffer) const override;
  Seconds send_time(Bytes message, int distance) const override;

  /// What it runs: the fastest of its algorithms and protocols. `nics` of a domain's members carry the rings or trees
  /// (0 = all of them). Inside one domain the plan has one phase. Requires: more than one rank, a positive buffer, not
  /// kRing.
  LibraryCall choose(graph::Collective collective, const Footprint& group, Bytes buffer, int nics = 0) const;

 private:
  struct Candidate;
  LibraryCall parts_of(const Candidate& candidate, const Footprint& group, double nic_share) const;
  const ScaleUp& scale_up_;
  LibraryLinks links_;
  const catalog::CollectiveLibrary& library_;
};

}  // namespace socle::comm
