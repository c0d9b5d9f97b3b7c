#pragma once

#include "socle/catalog/collective_library.hpp"
#include "socle/comm/collectives.hpp"

namespace socle::comm {

/// The hardware that a library finds.
struct LibraryLinks {
  BytesPerSecond nic_per_chip{};  ///< nominal, per direction
  int domain = 8;                 ///< chips of one scale-up domain
  bool adds_in_switch = false;    ///< the scale-up switches reduce (NVLink SHARP and the like)
};

/// Collectives as a library such as NCCL runs them: it has ring and tree all-reduces, ring all-gather and
/// reduce-scatter, pairwise all-to-all, each in several protocols, and takes the fastest. With m members in each of d
/// domains, n = m d, and the plan's bytes and steps across domains (docs/design/communication.md):
///
///   t = t_in(1 byte) + steps x hop + further ring members x local hop + (T_out^p + T_in^p)^(1/p)
///   T_out = bytes per chip / (nic_fraction x protocol bandwidth x NIC),   T_in = t_in(buffer) - t_in(1 byte)
///
/// Alone on its links, like every `Network` of closed forms. Immutable; any number of threads may ask.
class LibraryNetwork final : public Network {
 public:
  /// Requires: `scale_up` and `library` outlive this object.
  LibraryNetwork(const ScaleUp& scale_up, const LibraryLinks& links, const catalog::CollectiveLibrary& library)
      : scale_up_(scale_up), links_(links), library_(library) {}

  Seconds collective_time(graph::Collective collective, const Footprint& group, Bytes buffer) const override;
  Seconds send_time(Bytes message, int distance) const override;

 private:
  Seconds plan_time(const TransferPlan& plan, const Footprint& group, const catalog::LibraryProtocol& protocol,
                    bool tree) const;
  const ScaleUp& scale_up_;
  LibraryLinks links_;
  const catalog::CollectiveLibrary& library_;
};

}  // namespace socle::comm
