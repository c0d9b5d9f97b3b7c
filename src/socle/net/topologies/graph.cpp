#include "socle/net/topologies/graph.hpp"

#include <deque>

namespace socle::net {
namespace {

constexpr std::uint16_t kFar = 0xffff;

}  // namespace

Graph::Graph(GraphSpec spec) : spec_(std::move(spec)) {
  set_endpoints(spec_.endpoints);
  if (spec_.nodes.size() > spec_.endpoints)
    add_tier("switch", static_cast<std::uint32_t>(spec_.nodes.size()) - spec_.endpoints);
  leaving_.resize(nodes());
  for (const GraphSpec::Cable& cable : spec_.cables) {
    const LinkId id = connect(cable.a, cable.b, cable.bandwidth, cable.latency);
    leaving_[cable.a].push_back(id);
    leaving_[cable.b].push_back(id + 1);
  }
  distance_.assign(static_cast<std::size_t>(endpoints()) * nodes(), kFar);
  for (std::uint32_t to = 0; to < endpoints(); ++to) measure(to);
}

void Graph::measure(std::uint32_t to) {
  std::uint16_t* distance = distance_.data() + static_cast<std::size_t>(to) * nodes();
  distance[to] = 0;
  std::deque<std::uint32_t> queue{to};
  while (!queue.empty()) {
    const std::uint32_t node = queue.front();
    queue.pop_front();
    if (node < endpoints() && node != to) continue;  // endpoints do not forward
    for (const LinkId link : leaving_[node]) {
      const std::uint32_t next = links()[link].to;
      if (distance[next] != kFar) continue;
      distance[next] = static_cast<std::uint16_t>(distance[node] + 1);
      queue.push_back(next);
    }
  }
}

bool Graph::reachable(std::uint32_t from, std::uint32_t to) const {
  return Topology::reachable(from, to) && distance(from, to) != kFar;
}

void Graph::route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const {
  std::vector<LinkId> next;
  for (std::uint32_t node = from; node != to;) {
    next.clear();
    for (const LinkId link : leaving_[node]) {
      if (distance(links()[link].to, to) + 1 == distance(node, to)) next.push_back(link);
    }
    const std::uint32_t choice =
        choose.pick(static_cast<std::uint32_t>(next.size()), to, [&](std::uint32_t i) { return next[i]; });
    path.push_back(next[choice]);
    node = links()[next[choice]].to;
  }
}

}  // namespace socle::net
