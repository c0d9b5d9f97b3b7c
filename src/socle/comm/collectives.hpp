#pragma once

#include <array>
#include <span>
#include <vector>

#include "socle/base/check.hpp"
#include "socle/base/quantity.hpp"
#include "socle/graph/op.hpp"

namespace socle::comm {

/// Where a group's ranks stand: how many share one scale-up domain, and over how many domains they spread.
/// Requires: ranks = per_domain * domains.
struct Footprint {
  int ranks = 1;
  int per_domain = 1;
  int domains = 1;
  int stride = 1;  ///< chips from one member to the next
};

/// Footprint of a group of `ranks` whose neighbours stand `stride` chips apart, in domains of `domain` chips that are
/// filled in order. A domain that the group does not divide evenly counts the members that are sure to share it.
Footprint footprint(int ranks, int stride, int domain);

/// Members of a group that share one scale-up domain.
struct LocalGroup {
  int ranks = 1;
  int stride = 1;  ///< chips from one member to the next
};

/// The scale-out side as one rank sees it.
struct ScaleOut {
  BytesPerSecond bandwidth_per_chip{};  ///< achieved, per direction
  Seconds latency{5e-6};                ///< one message between nodes, software included
  int domain = 8;                       ///< chips of one scale-up domain
};

/// Time of collectives inside one scale-up domain: measured where the chip was, otherwise a model of its links. Every
/// group of an axis communicates at once.
class ScaleUp {
 public:
  virtual ~ScaleUp() = default;
  /// `buffer` as nccl-tests counts it. Requires: group.ranks >= 1.
  virtual Seconds collective_time(graph::Collective collective, const LocalGroup& group, Bytes buffer) const = 0;
  /// One message to a chip of the domain, `distance` chips away.
  virtual Seconds send_time(Bytes message, int distance) const = 0;
};

/// Who sends to whom in a scale-out phase, among members of equal local rank unless said otherwise.
enum class Pattern {
  kRing,      ///< to the next domain
  kTwoTrees,  ///< along two complementary binary trees over the domains, both ways at once
  kAllPairs,  ///< every member to every member of other domains
  kNext,      ///< every member to the next one, which the last of a domain has in another
};

/// How the members of one domain exchange in a scale-up phase.
enum class LocalPattern {
  kChain,   ///< from member to member, another order on each channel
  kSwitch,  ///< up to the switches, which reduce or multicast, and down
  kMesh,    ///< every member with every other
};

/// One phase of a transfer plan. Closed form and flow simulation read the same phases.
struct Phase {
  bool scale_out = false;
  graph::Collective collective = graph::Collective::kAllReduce;  ///< scale-up phases only
  int ranks = 1;                                                 ///< scale-up phases: members of one domain
  Bytes buffer{};                                                ///< scale-up phases: nccl-tests size inside the domain
  LocalPattern local = LocalPattern::kMesh;                      ///< scale-up phases
  Bytes sent_per_chip{};             ///< scale-out phases: leaves each chip's share of the NICs
  double steps = 0;                  ///< scale-out phases: messages one after another
  Pattern pattern = Pattern::kRing;  ///< scale-out phases
  Bytes message{};                   ///< scale-out phases: one message of the pattern
};

/// What an algorithm sends. Pipelined phases overlap, so the slowest counts. Holds its phases in place: plans are made
/// millions of times in a search.
class TransferPlan {
 public:
  TransferPlan(const char* algorithm, bool pipelined) : algorithm_(algorithm), pipelined_(pipelined) {}
  void add(const Phase& phase) {
    SOCLE_CHECK(count_ < kMost, "a plan has few phases");
    phases_[count_++] = phase;
  }
  const char* algorithm() const { return algorithm_; }
  bool pipelined() const { return pipelined_; }
  std::span<const Phase> phases() const { return {phases_.data(), count_}; }

 private:
  static constexpr std::size_t kMost = 4;
  const char* algorithm_;
  bool pipelined_;
  std::array<Phase, kMost> phases_{};
  std::size_t count_ = 0;
};

/// Plans of every algorithm that can carry this collective on this footprint; at least one when domains > 1.
std::vector<TransferPlan> transfer_plans(graph::Collective collective, const Footprint& group, Bytes buffer);

/// What carries communications; closed forms here, a flow simulation behind the same face.
class Network {
 public:
  virtual ~Network() = default;
  /// Time of one collective of a group, alone on its links. `buffer` as nccl-tests counts it.
  virtual Seconds collective_time(graph::Collective collective, const Footprint& group, Bytes buffer) const = 0;
  /// Time of one message to a chip `distance` ranks away.
  virtual Seconds send_time(Bytes message, int distance) const = 0;
};

/// Closed forms: the fastest algorithm's plan, each phase alpha-beta.
class ClosedFormNetwork final : public Network {
 public:
  /// Requires: `scale_up` outlives this object.
  ClosedFormNetwork(const ScaleUp& scale_up, const ScaleOut& scale_out) : scale_up_(scale_up), scale_out_(scale_out) {}
  Seconds collective_time(graph::Collective collective, const Footprint& group, Bytes buffer) const override;
  Seconds send_time(Bytes message, int distance) const override;

 private:
  Seconds plan_time(const TransferPlan& plan, const Footprint& group) const;
  const ScaleUp& scale_up_;
  ScaleOut scale_out_;
};

}  // namespace socle::comm
