#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "socle/net/clock.hpp"
#include "socle/net/topology.hpp"

namespace socle::net {

struct RoutingOptions {
  Routing routing = Routing::kDeterministic;
  std::uint64_t seed = 0;
  std::uint32_t queue_pairs = 1;  ///< connections that one transfer is split over; not when sprayed
};

/// Paths of flows, one after another: path i is links [begin[i], begin[i + 1]).
struct FlowPaths {
  std::vector<std::uint32_t> begin{0};
  std::vector<LinkId> links;
  std::vector<double> shares;  ///< empty while every link carries the whole flow

  std::size_t size() const { return begin.size() - 1; }
  std::span<const LinkId> links_of(std::size_t i) const { return {links.data() + begin[i], begin[i + 1] - begin[i]}; }
  std::span<const double> shares_of(std::size_t i) const {
    if (shares.empty()) return {};
    return {shares.data() + begin[i], begin[i + 1] - begin[i]};
  }
};

/// Finds the ways of transfers through a topology, around what has failed. Loads for adaptive routing are those of the
/// paths it gave so far.
class Router {
 public:
  /// Requires: `topology` outlives the router.
  Router(const Topology& topology, const RoutingOptions& options);

  const Topology& topology() const { return topology_; }
  const RoutingOptions& options() const { return options_; }
  /// Takes links out of service, or back into it; both directions of the cable.
  void set_failed(LinkId link, bool failed);
  /// All links of a switch.
  void set_switch_failed(std::uint32_t node, bool failed);
  bool failed(LinkId link) const { return failures_ > 0 && failed_[link]; }
  std::uint64_t failures() const { return failures_; }

  /// Flows that one transfer is split into.
  std::uint32_t flows_per_transfer() const;
  /// Appends one path for each of them; `bytes` weigh for adaptive routing. False when no way is left; then nothing is
  /// appended.
  bool append(std::uint32_t from, std::uint32_t to, double bytes, FlowPaths& paths);

  /// Bytes per second of every link, then of every trunk.
  std::vector<double> capacities() const;
  /// Sum of the latencies of a path's links. Of a sprayed transfer, one of its ways: minimal ways are equally long.
  Picoseconds latency(std::uint32_t from, std::uint32_t to, std::span<const LinkId> links) const;
  /// Adds what a flow of `bytes` puts on links; what crosses a trunk is spread over its links.
  void add_load(std::span<const LinkId> links, std::span<const double> shares, double bytes,
                std::vector<double>& by_link) const;

 private:
  Selector selector(std::uint64_t key, std::uint32_t pair, int attempt) const;
  bool append_single(std::uint32_t from, std::uint32_t to, std::uint32_t pair, double bytes, FlowPaths& paths);
  bool append_spread(std::uint32_t from, std::uint32_t to, FlowPaths& paths);
  bool alive(std::span<const LinkId> links) const;
  bool detour(std::uint32_t from, std::uint32_t to, Path& path) const;
  void push(std::span<const LinkId> links, FlowPaths& paths);

  const Topology& topology_;
  RoutingOptions options_;
  std::vector<Trunk> trunks_;
  std::vector<Picoseconds> link_latency_;
  std::vector<bool> failed_;
  std::vector<std::vector<LinkId>> cables_at_;  ///< of each node, once a switch failed
  std::uint64_t failures_ = 0;
  std::vector<double> loads_;  ///< bytes by link, adaptive routing only
  Path scratch_;
  SpreadPath spread_;
};

}  // namespace socle::net
