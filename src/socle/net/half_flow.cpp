#include "socle/net/half_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "socle/base/check.hpp"

namespace socle::net {
namespace {

/// Switches and two terminals; parallel links are one arc, and all endpoints of one side at one switch are one.
class FlowGraph {
 public:
  FlowGraph(std::uint32_t nodes, std::size_t arcs) : begin_(nodes + 1, 0), level_(nodes), next_(nodes) {
    pending_.reserve(2 * arcs);
  }

  void add(std::uint32_t from, std::uint32_t to, std::int64_t capacity) { pending_.push_back({from, to, capacity}); }

  std::int64_t max_flow(std::uint32_t source, std::uint32_t sink) {
    lay_out();
    std::int64_t flow = 0;
    while (find_levels(source, sink)) {
      for (std::size_t i = 0; i < next_.size(); ++i) next_[i] = begin_[i];
      while (const std::int64_t pushed = push_path(source, sink)) flow += pushed;
    }
    return flow;
  }

 private:
  struct Pending {
    std::uint32_t from, to;
    std::int64_t capacity;
  };
  struct Arc {
    std::uint32_t to, back;
    std::int64_t left;
  };

  // A stable counting pass: one by `to`, then one by `from`, put arcs in the order of both.
  void order_by(std::uint32_t Pending::*key) {
    place_.assign(begin_.size(), 0);
    for (const Pending& p : pending_) ++place_[p.*key + 1];
    for (std::size_t i = 1; i < place_.size(); ++i) place_[i] += place_[i - 1];
    ordered_.resize(pending_.size());
    for (const Pending& p : pending_) ordered_[place_[p.*key]++] = p;
    pending_.swap(ordered_);
  }

  // Each pair of joined nodes gets an arc either way, in the order of nodes.
  void lay_out() {
    const std::size_t given = pending_.size();
    for (std::size_t i = 0; i < given; ++i) pending_.push_back({pending_[i].to, pending_[i].from, 0});
    order_by(&Pending::to);
    order_by(&Pending::from);
    arcs_.reserve(pending_.size());
    for (const Pending& p : pending_) {
      if (!arcs_.empty() && last_from_ == p.from && arcs_.back().to == p.to) {
        arcs_.back().left += p.capacity;
        continue;
      }
      arcs_.push_back({p.to, 0, p.capacity});
      last_from_ = p.from;
      ++begin_[p.from + 1];
    }
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    for (std::uint32_t node = 0; node + 1 < begin_.size(); ++node) {
      for (std::uint32_t i = begin_[node]; i < begin_[node + 1]; ++i) {
        const auto first = arcs_.begin() + begin_[arcs_[i].to], last = arcs_.begin() + begin_[arcs_[i].to + 1];
        arcs_[i].back = static_cast<std::uint32_t>(
            std::lower_bound(first, last, node, [](const Arc& a, std::uint32_t n) { return a.to < n; }) -
            arcs_.begin());
      }
    }
  }

  bool find_levels(std::uint32_t source, std::uint32_t sink) {
    std::fill(level_.begin(), level_.end(), -1);
    queue_.assign(1, source);
    level_[source] = 0;
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      for (std::uint32_t a = begin_[queue_[i]]; a < begin_[queue_[i] + 1]; ++a) {
        if (arcs_[a].left == 0 || level_[arcs_[a].to] >= 0) continue;
        level_[arcs_[a].to] = level_[queue_[i]] + 1;
        queue_.push_back(arcs_[a].to);
      }
    }
    return level_[sink] >= 0;
  }

  // One path of the layered network, walked with a stack of its own: it may be as long as there are switches.
  std::int64_t push_path(std::uint32_t source, std::uint32_t sink) {
    path_.clear();
    std::uint32_t node = source;
    while (node != sink) {
      std::uint32_t& a = next_[node];
      while (a < begin_[node + 1] && (arcs_[a].left == 0 || level_[arcs_[a].to] != level_[node] + 1)) ++a;
      if (a < begin_[node + 1]) {
        path_.push_back(a);
        node = arcs_[a].to;
        continue;
      }
      if (path_.empty()) return 0;
      node = arcs_[arcs_[path_.back()].back].to;
      path_.pop_back();
      ++next_[node];
    }
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (const std::uint32_t a : path_) least = std::min(least, arcs_[a].left);
    for (const std::uint32_t a : path_) {
      arcs_[a].left -= least;
      arcs_[arcs_[a].back].left += least;
    }
    return least;
  }

  std::vector<Pending> pending_, ordered_;
  std::vector<std::uint32_t> place_;
  std::vector<std::uint32_t> begin_;  ///< first arc of each node
  std::vector<Arc> arcs_;
  std::uint32_t last_from_ = 0;
  std::vector<int> level_;
  std::vector<std::uint32_t> next_, queue_, path_;
};

}  // namespace

BytesPerSecond half_flow(const Router& router, std::uint32_t split) {
  const Topology& topology = router.topology();
  const std::uint32_t endpoints = topology.endpoints();
  SOCLE_CHECK(split > 0 && split < endpoints, "both halves hold endpoints");
  const auto links = topology.links();
  BytesPerSecond unit = links.front().bandwidth;
  for (const Link& link : links) unit = std::min(unit, link.bandwidth);
  const std::uint32_t switches = topology.nodes() - endpoints, source = switches, sink = switches + 1;
  FlowGraph graph(switches + 2, links.size() + 2 * static_cast<std::size_t>(switches));
  std::vector<std::int64_t> into(switches, 0), out_of(switches, 0);  // all endpoints of a side at one switch together
  for (LinkId id = 0; id < links.size(); ++id) {
    if (router.failed(id)) continue;
    const Link& link = links[id];
    const std::int64_t capacity = std::llround(link.bandwidth / unit);
    if (link.from < endpoints) {
      if (link.from < split) into[link.to - endpoints] += capacity;
    } else if (link.to < endpoints) {
      if (link.to >= split) out_of[link.from - endpoints] += capacity;
    } else {
      graph.add(link.from - endpoints, link.to - endpoints, capacity);
    }
  }
  for (std::uint32_t s = 0; s < switches; ++s) {
    if (into[s] > 0) graph.add(source, s, into[s]);
    if (out_of[s] > 0) graph.add(s, sink, out_of[s]);
  }
  return unit * static_cast<double>(graph.max_flow(source, sink));
}

}  // namespace socle::net
