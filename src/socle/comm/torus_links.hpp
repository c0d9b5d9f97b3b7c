#pragma once

#include <array>

#include "socle/catalog/torus_slice.hpp"
#include "socle/comm/collectives.hpp"

namespace socle::comm {

/// How a group lies along one side of a slice.
struct SideSpan {
  int members = 1;
  int stride = 1;     ///< chips from one member to the next; as many groups share each link of the side
  bool ring = false;  ///< the members go once round a side that closes
};
using GroupSpans = std::array<SideSpan, 3>;

/// How a group of `ranks` members, `stride` chips apart, lies in a slice whose chips are numbered side by side. Which
/// side comes first is chosen for each group, as device meshes are laid out by JAX: so that groups fill whole sides,
/// then for the most links. A group that fills no box lies along one line.
GroupSpans group_spans(const LocalGroup& group, const catalog::TorusSlice& slice);

/// Links of a torus (Cloud TPU's ICI). With n_i members, s_i chips apart, along side i, n = n_1 n_2 n_3, and B one
/// link:
///
///   capacity            C = sum over sides of (2 on a ring, 1 on a line) B / s_i
///   all-gather, reduce-scatter   t = (n - 1) / n V / (f C) + hops; all-reduce twice as much
///   all-to-all                   t = max over sides of load_i V s_i / (f B) + hops,
///                                load_i = floor(n_i^2 / 4) / n_i, halved on a ring, whose links both ways share it
///   hops                = sum over sides of (n_i / 2 on a ring, n_i - 1 on a line) s_i x hop
///
/// V is the buffer as nccl-tests counts it. All groups of an axis exchange at once; docs/design/communication.md.
class TorusLinks final : public ScaleUp {
 public:
  /// `link`: one link of the several a chip has, per direction, datasheet. Requires: link > 0.
  TorusLinks(const catalog::TorusSlice& slice, BytesPerSecond link) : slice_(slice), link_(link) {}
  Seconds collective_time(graph::Collective collective, const LocalGroup& group, Bytes buffer) const override;
  Seconds send_time(Bytes message, int distance) const override;

  static constexpr double kFraction = 0.85;  ///< of the datasheet link, that large buffers reach: f above
  static constexpr Seconds kHop{1e-6};       ///< from chip to chip
  static constexpr Seconds kStart{5e-6};     ///< of any transfer, software included

 private:
  catalog::TorusSlice slice_;
  BytesPerSecond link_;
};

}  // namespace socle::comm
