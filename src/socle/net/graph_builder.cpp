#include "socle/net/graph_builder.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/utf8.hpp"

namespace socle::net {
namespace {

constexpr std::uint64_t kDistancesMax = 400'000'000;  // Graph keeps two bytes for each node and endpoint
constexpr std::uint64_t kSwitchesMax = 60'000;        // and counts hops in 16 bits
constexpr std::uint64_t kCablesMax = 5'000'000;
constexpr std::size_t kFaultsMax = 20;  // of one kind

}  // namespace

std::uint32_t GraphBuilder::node(std::string_view name, int line) {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({.name = std::string(name), .line = line});
  by_name_.emplace(std::string(name), id);
  return id;
}

bool GraphBuilder::set_kind(std::uint32_t node, NodeKind kind, int line) {
  Node& own = nodes_[node];
  if (own.kind == NodeKind::kUnknown)
    own.kind_line = line;
  else if (own.kind != kind)
    return false;
  own.kind = kind;
  return true;
}

void GraphBuilder::connect(std::uint32_t a, std::uint32_t b, BytesPerSecond bandwidth, Seconds latency,
                           std::uint32_t count) {
  SOCLE_CHECK(count > 0, "a row is a cable or more");
  bundles_.push_back({a, b, count, bandwidth, latency});
  for (const std::uint32_t end : {a, b}) nodes_[end].cables += std::min(count, 0xffffffffu - nodes_[end].cables);
}

std::uint32_t GraphBuilder::settle_kinds() {
  std::uint32_t endpoints = 0;
  for (Node& node : nodes_) {
    if (node.kind != NodeKind::kUnknown) continue;
    node.kind = node.cables == 1 ? NodeKind::kEndpoint : NodeKind::kSwitch;
    endpoints += node.kind == NodeKind::kEndpoint;
  }
  return endpoints;
}

std::vector<GraphBuilder::Fault> GraphBuilder::faults() const {
  std::vector<Fault> faults;
  std::vector<std::uint32_t> endpoints;
  for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
    if (nodes_[n].kind == NodeKind::kEndpoint) endpoints.push_back(n);
  }
  if (endpoints.empty())
    faults.push_back({0, "no node is an endpoint; endpoints have one cable, or are declared to be endpoints"});
  if (endpoints.size() == 1)
    faults.push_back(
        {0, fmt::format("\"{}\" is the only endpoint; traffic needs two", printable(nodes_[endpoints.front()].name))});
  const std::uint64_t switches = nodes_.size() - endpoints.size();
  const std::uint64_t cables =
      std::accumulate(bundles_.begin(), bundles_.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const Bundle& bundle) { return sum + bundle.count; });
  if (endpoints.size() * nodes_.size() > kDistancesMax) {
    faults.push_back({0, fmt::format("{} endpoints x {} nodes is more than the {} distances that are kept of a graph; "
                                     "use a topology of the catalogue, or model a part",
                                     endpoints.size(), nodes_.size(), kDistancesMax)});
  }
  if (switches > kSwitchesMax)
    faults.push_back({0, fmt::format("{} switches are more than the {} that a graph may have; model a part", switches,
                                     kSwitchesMax)});
  if (cables > kCablesMax)
    faults.push_back(
        {0,
         fmt::format(
             "{} cables are more than the {} that a graph may have; join parallel cables into one of their bandwidth",
             cables, kCablesMax)});
  for (const std::uint32_t n : endpoints) {
    if (nodes_[n].cables == 0 && faults.size() < kFaultsMax)
      faults.push_back({nodes_[n].line,
                        fmt::format("endpoint \"{}\" has no cable; add one, or remove it", printable(nodes_[n].name))});
  }
  if (!faults.empty() || nodes_.empty()) return faults;
  return faults_of_reach(endpoints);
}

/// By node: the part of the network that a switch belongs to, joined by switches alone; endpoints do not forward.
std::vector<std::uint32_t> GraphBuilder::switch_parts() const {
  std::vector<std::uint32_t> part(nodes_.size());
  std::iota(part.begin(), part.end(), 0u);
  const auto root = [&part](std::uint32_t node) {
    while (part[node] != node) node = part[node] = part[part[node]];
    return node;
  };
  for (const Bundle& bundle : bundles_) {
    if (nodes_[bundle.a].kind != NodeKind::kSwitch || nodes_[bundle.b].kind != NodeKind::kSwitch) continue;
    const std::uint32_t a = root(bundle.a), b = root(bundle.b);
    part[std::max(a, b)] = std::min(a, b);
  }
  for (std::uint32_t n = 0; n < part.size(); ++n) part[n] = root(n);
  return part;
}

std::vector<GraphBuilder::Fault> GraphBuilder::faults_of_reach(const std::vector<std::uint32_t>& endpoints) const {
  const std::vector<std::uint32_t> part = switch_parts();
  std::vector<std::set<std::uint32_t>> beside(
      nodes_.size());  // of an endpoint: its parts and direct neighbours; of a part: its endpoints
  for (const Bundle& bundle : bundles_) {
    for (const auto& [near, far] : {std::pair{bundle.a, bundle.b}, std::pair{bundle.b, bundle.a}}) {
      if (nodes_[near].kind != NodeKind::kEndpoint) continue;
      beside[near].insert(part[far]);
      if (nodes_[far].kind == NodeKind::kSwitch) beside[part[far]].insert(near);
    }
  }
  std::vector<Fault> faults;
  for (std::uint32_t n = 0; n < nodes_.size() && faults.size() < kFaultsMax; ++n) {
    if (nodes_[n].kind != NodeKind::kSwitch || part[n] != n || !beside[n].empty()) continue;
    faults.push_back(
        {nodes_[n].line, fmt::format("no endpoint reaches switch \"{}\"; cable it to the others, or remove it",
                                     printable(nodes_[n].name))});
  }
  const auto whole = [&](std::uint32_t n) { return beside[part[n]].size() == endpoints.size(); };
  const auto& first_parts = beside[endpoints.front()];
  const bool one_part = std::any_of(first_parts.begin(), first_parts.end(),
                                    [&](std::uint32_t p) { return nodes_[p].kind == NodeKind::kSwitch && whole(p); });
  for (std::size_t i = 0; !one_part && i < endpoints.size() && faults.size() < 2 * kFaultsMax; ++i) {
    std::vector<bool> reached(nodes_.size(), false);
    reached[endpoints[i]] = true;
    for (const std::uint32_t next : beside[endpoints[i]]) {
      reached[next] = true;
      if (nodes_[next].kind != NodeKind::kSwitch) continue;
      for (const std::uint32_t other : beside[next]) reached[other] = true;
    }
    const auto lost =
        std::find_if(endpoints.begin(), endpoints.end(), [&](std::uint32_t other) { return !reached[other]; });
    if (lost == endpoints.end() || *lost < endpoints[i]) continue;  // pairs are named once
    const auto count =
        std::count_if(endpoints.begin(), endpoints.end(), [&](std::uint32_t other) { return !reached[other]; });
    faults.push_back(
        {nodes_[*lost].line,
         fmt::format("endpoints \"{}\" and \"{}\" are not connected ({} of {} endpoints are out of reach of the first; "
                     "endpoints do not forward); add cables between switches",
                     printable(nodes_[endpoints[i]].name), printable(nodes_[*lost].name), count, endpoints.size())});
  }
  return faults;
}

GraphSpec GraphBuilder::build() const {
  GraphSpec spec;
  std::vector<std::uint32_t> number(nodes_.size());
  for (const NodeKind kind : {NodeKind::kEndpoint, NodeKind::kSwitch}) {
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
      if (nodes_[n].kind != kind) continue;
      number[n] = static_cast<std::uint32_t>(spec.nodes.size());
      spec.nodes.push_back(nodes_[n].name);
    }
    if (kind == NodeKind::kEndpoint) spec.endpoints = static_cast<std::uint32_t>(spec.nodes.size());
  }
  for (const Bundle& bundle : bundles_) {
    for (std::uint32_t i = 0; i < bundle.count; ++i)
      spec.cables.push_back({number[bundle.a], number[bundle.b], bundle.bandwidth, bundle.latency});
  }
  return spec;
}

}  // namespace socle::net
