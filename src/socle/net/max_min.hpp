#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "socle/net/level_tree.hpp"
#include "socle/net/selector.hpp"

namespace socle::net {

using FlowId = std::uint32_t;

/// Work done by a solver since it was made, for comparing algorithms.
struct MaxMinCounts {
  std::uint64_t solves = 0;
  std::uint64_t unshared = 0;  ///< rates set without solving: the flow was alone on its links
  std::uint64_t opened = 0;    ///< flows whose rate was solved for, summed over solves
  std::uint64_t levels = 0;    ///< bottlenecks found
  std::uint64_t repeats = 0;   ///< solves begun again with more flows
};

/// Weighted max-min fair rates of flows on links, kept up to date as flows come and go.
///
/// An allocation is max-min fair exactly when every flow is at its cap or has a bottleneck: a saturated link on which
/// no flow has a higher level (rate / weight). A change opens the flows it can touch: those that start, and those whose
/// bottleneck lost load. Open flows are filled progressively (Bertsekas and Gallager 1992, section 6.5) beside the
/// others' rates; a link that would stop an open flow below the level of a fixed one opens the fixed one, and a
/// bottleneck with room for its fixed flows opens those and repeats the fill. What stays fixed keeps its bottleneck, so
/// the result is the full solution, found in the touched part of the network only.
class MaxMin {
 public:
  static constexpr double kNoCap = std::numeric_limits<double>::infinity();

  /// Capacities in bytes per second, by link.
  explicit MaxMin(std::vector<double> capacities);

  /// Makes a flow known; it does not run yet. `shares` is empty (all 1) or as long as `links`: the part of the flow
  /// that each link carries. Requires: weight > 0, cap > 0; a link at most once.
  FlowId add(std::span<const LinkId> links, std::span<const double> shares = {}, double weight = 1.0,
             double cap = kNoCap);
  void reserve(std::size_t flows, std::size_t hops);
  /// Requires: the flow does not run.
  void start(FlowId flow);
  /// Requires: the flow runs. Its rate becomes zero.
  void stop(FlowId flow);
  void set_capacity(LinkId link, double capacity);
  /// Gives a flow another path. Requires: the flow does not run.
  void set_path(FlowId flow, std::span<const LinkId> links, std::span<const double> shares = {});

  /// Brings all rates up to date. Afterwards `changed()` holds the running flows whose rate is another one.
  void solve();
  const std::vector<FlowId>& changed() const { return changed_; }
  /// Bytes per second; 0 for flows that do not run, infinity for running ones without links and cap.
  double rate(FlowId flow) const { return flows_[flow].level * flows_[flow].weight; }
  bool runs(FlowId flow) const { return flows_[flow].runs; }

  std::span<const LinkId> links_of(FlowId flow) const {
    return {hop_link_.data() + flows_[flow].first, flows_[flow].hops};
  }
  double share(FlowId flow, std::size_t hop) const {
    return hop_share_.empty() ? 1.0 : hop_share_[flows_[flow].first + hop];
  }
  double capacity(LinkId link) const { return links_[link].capacity; }
  std::size_t flows() const { return flows_.size(); }
  const MaxMinCounts& counts() const { return counts_; }

 private:
  static constexpr LinkId kNone = 0xffffffffu;
  struct Flow {
    double level = 0, weight = 1, cap_level = kNoCap;
    std::uint32_t first = 0, hops = 0;
    LinkId bottleneck = kNone;
    bool runs = false, open = false, frozen = false, started = false;
  };
  struct Entry {
    FlowId flow;
    std::uint32_t hop;
  };
  struct LinkState {
    double capacity = 0;
    double residual = 0, load = 0;   ///< of the fill under way; load: sum of weight x share of its unfrozen flows
    std::uint64_t touched = 0;       ///< the fill that set residual and load
    std::uint32_t open = 0;          ///< open flows on it in that fill
    std::uint32_t unfrozen = 0;      ///< those of them without a rate yet
    std::uint32_t bottlenecked = 0;  ///< flows that have their bottleneck here
    std::uint32_t slot = 0;          ///< in touched_ and levels_
    bool stale = false;              ///< its level in levels_ is out of date
    std::vector<Entry> running;
  };

  double demand(const Flow& flow, std::uint32_t hop) const {
    return hop_share_.empty() ? flow.weight : flow.weight * hop_share_[hop];
  }
  /// At which the link would be full; never when all its open flows have their rates.
  static double fair_level(const LinkState& link) {
    if (link.unfrozen == 0) return LevelTree::kNever;
    return link.residual > 0 && link.load > 0 ? link.residual / link.load : 0.0;
  }
  void mark_stale(LinkState& link) {
    if (link.stale) return;
    link.stale = true;
    stale_.push_back(link.slot);
  }
  void refresh_levels();
  void sort_capped();
  void append_hops(Flow& flow, std::span<const LinkId> links, std::span<const double> shares);
  bool settle_unshared(FlowId id);
  void set_bottleneck(Flow& flow, LinkId link);
  void open_flow(FlowId id);
  void clear(LinkId link);
  void touch(LinkId link);
  void open_bottlenecked(LinkId link);
  bool open_unequal(LinkId link, double level);
  void fill();
  void freeze_capped(double level);
  void freeze_link(LinkId link, double level);
  void freeze_flow(FlowId id, double level, LinkId bottleneck);
  bool open_unsaturated();
  void open_all();

  std::vector<Flow> flows_;
  std::vector<LinkState> links_;
  std::vector<LinkId> hop_link_;
  std::vector<double> hop_share_;         ///< empty while all shares are 1
  std::vector<std::uint32_t> hop_place_;  ///< of each hop in its link's list
  std::vector<FlowId> started_, opened_, capped_, changed_;
  std::vector<double> old_level_;  ///< of opened_, in its order
  std::vector<LinkId> dirty_, touched_;
  LevelTree levels_;  ///< of touched_
  std::vector<std::uint32_t> stale_;
  std::uint64_t fill_ = 0;
  std::size_t running_ = 0;
  bool filling_ = false, begin_again_ = false;
  MaxMinCounts counts_;
};

}  // namespace socle::net
