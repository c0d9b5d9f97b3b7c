#include "socle/net/fabric_shape.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

namespace socle::net {
namespace {

using Nodes = std::vector<std::uint32_t>;

constexpr std::size_t kRowsMax = 10;

std::vector<Nodes> neighbours(const Topology& topology) {
  std::vector<Nodes> beside(topology.nodes());
  for (const Link& link : topology.links()) beside[link.from].push_back(link.to);
  return beside;
}

bool inside(const Tier& tier, std::uint32_t node) { return node - tier.first < tier.count; }

/// Tiers of the fabric itself, without the switches of scale-up domains.
std::vector<Tier> fabric_tiers(const Topology& topology) {
  std::vector<Tier> tiers = topology.tiers();
  std::erase_if(tiers, [](const Tier& tier) { return tier.name == "domain"; });
  return tiers;
}

void find_homes(const Topology& topology, const std::vector<Nodes>& beside, FabricShape& shape) {
  shape.domain.assign(topology.nodes(), false);
  for (const Tier& tier : topology.tiers()) {
    for (std::uint32_t i = 0; tier.name == "domain" && i < tier.count; ++i) shape.domain[tier.first + i] = true;
  }
  shape.home.resize(topology.nodes());
  std::iota(shape.home.begin(), shape.home.end(), 0u);
  for (std::uint32_t n = 0; n < topology.endpoints(); ++n) {
    const auto found = std::find_if(beside[n].begin(), beside[n].end(), [&](std::uint32_t other) {
      return other >= topology.endpoints() && !shape.domain[other];
    });
    if (found != beside[n].end()) shape.home[n] = *found;
  }
  for (std::uint32_t n = topology.endpoints(); n < topology.nodes(); ++n) {
    if (shape.domain[n] && !beside[n].empty()) shape.home[n] = shape.home[beside[n].front()];
  }
}

/// The sides of a grid of rings, whose cables all lead one step on in one dimension.
std::optional<std::array<std::uint32_t, 3>> grid_of(const Topology& topology, const Tier& tier) {
  Nodes strides;
  std::size_t cables = 0;
  for (std::size_t i = 0; i < topology.links().size(); i += 2) {
    const Link& link = topology.links()[i];
    if (!inside(tier, link.from) || !inside(tier, link.to)) continue;
    ++cables;
    if (link.from == tier.first) strides.push_back(link.to - tier.first);
  }
  if (strides.size() < 2 || strides.size() > 3 || strides[0] != 1 || !std::is_sorted(strides.begin(), strides.end()))
    return std::nullopt;
  strides.push_back(tier.count);
  std::array<std::uint32_t, 3> sides{1, 1, 1};
  std::size_t expected = 0;
  for (std::size_t d = 0; d + 1 < strides.size(); ++d) {
    if (strides[d + 1] % strides[d] != 0 || strides[d + 1] == strides[d]) return std::nullopt;
    sides[d] = strides[d + 1] / strides[d];
    expected += sides[d] == 2 ? tier.count / 2 : tier.count;
  }
  if (cables != expected) return std::nullopt;
  for (std::size_t i = 0; i < topology.links().size(); i += 2) {
    const Link& link = topology.links()[i];
    if (!inside(tier, link.from) || !inside(tier, link.to)) continue;
    int differing = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      const std::uint32_t stride = d < strides.size() - 1 ? strides[d] : tier.count;
      const std::uint32_t a = (link.from - tier.first) / stride % sides[d],
                          b = (link.to - tier.first) / stride % sides[d];
      if (a == b) continue;
      ++differing;
      if ((a + 1) % sides[d] != b && (b + 1) % sides[d] != a) return std::nullopt;
    }
    if (differing != 1) return std::nullopt;
  }
  return sides;
}

/// Routers that follow each other and are joined each to each, in blocks of one size (dragonfly); 1 when there are
/// none.
std::uint32_t clique_size(const std::vector<Nodes>& beside, const Tier& tier) {
  const auto joined = [&](std::uint32_t a, std::uint32_t b) {
    return std::find(beside[a].begin(), beside[a].end(), b) != beside[a].end();
  };
  const auto joins_all = [&](std::uint32_t node, std::uint32_t first) {
    for (std::uint32_t other = first; other < node; ++other) {
      if (!joined(node, other)) return false;
    }
    return true;
  };
  std::uint32_t size = 1;
  while (size < tier.count && joins_all(tier.first + size, tier.first)) ++size;
  if (size < 3 || size == tier.count || tier.count % size != 0) return 1;
  for (std::uint32_t n = 0; n < tier.count; ++n) {
    if (!joins_all(tier.first + n, tier.first + n - n % size)) return 1;
  }
  return size;
}

/// Parts of the fabric that cables between different tiers join (dragonfly+).
std::vector<Nodes> joined_tiers(const std::vector<Nodes>& beside, const std::vector<Tier>& tiers) {
  const auto tier_of = [&](std::uint32_t node) {
    return std::find_if(tiers.begin(), tiers.end(), [&](const Tier& tier) { return inside(tier, node); });
  };
  std::vector<Nodes> groups;
  std::vector<bool> seen(beside.size(), false);
  for (const Tier& tier : tiers) {
    for (std::uint32_t start = tier.first; start < tier.first + tier.count; ++start) {
      if (seen[start]) continue;
      Nodes group{start};
      seen[start] = true;
      for (std::size_t i = 0; i < group.size(); ++i) {
        for (const std::uint32_t next : beside[group[i]]) {
          if (seen[next] || tier_of(next) == tiers.end() || tier_of(next) == tier_of(group[i])) continue;
          seen[next] = true;
          group.push_back(next);
        }
      }
      std::sort(group.begin(), group.end());
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

/// Hops from the nearest endpoint; switches that none reaches stand at 1.
std::vector<std::size_t> distances(const Topology& topology, const std::vector<Nodes>& beside) {
  std::vector<std::size_t> distance(topology.nodes(), 0);
  Nodes queue(topology.endpoints());
  std::iota(queue.begin(), queue.end(), 0u);
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const std::uint32_t next : beside[queue[i]]) {
      if (next < topology.endpoints() || distance[next] > 0) continue;
      distance[next] = distance[queue[i]] + 1;
      queue.push_back(next);
    }
  }
  for (std::uint32_t n = topology.endpoints(); n < topology.nodes(); ++n)
    distance[n] = std::max<std::size_t>(1, distance[n]);
  return distance;
}

/// Orders a row by the mean place of what stands below (Sugiyama, Tagawa and Toda 1981), so that fewer cables cross.
void order_by_below(const std::vector<Nodes>& beside, const Nodes& below, Nodes& row) {
  std::vector<double> place(beside.size(), -1.0), mean(beside.size(), 0.0);
  for (std::size_t i = 0; i < below.size(); ++i) place[below[i]] = static_cast<double>(i);
  for (const std::uint32_t node : row) {
    double sum = 0;
    int count = 0;
    for (const std::uint32_t other : beside[node]) {
      if (place[other] >= 0) sum += place[other], ++count;
    }
    mean[node] = count > 0 ? sum / count : static_cast<double>(below.size());
  }
  std::stable_sort(row.begin(), row.end(), [&](std::uint32_t a, std::uint32_t b) { return mean[a] < mean[b]; });
}

void rows_by_tier(const Topology& topology, FabricShape& shape) {
  Nodes endpoints(topology.endpoints());
  std::iota(endpoints.begin(), endpoints.end(), 0u);
  const auto add = [&](const Tier& tier) {
    Nodes row(tier.count);
    std::iota(row.begin(), row.end(), tier.first);
    shape.rows.push_back(std::move(row));
    shape.row_names.push_back(tier.name.c_str());
  };
  for (const Tier& tier : topology.tiers()) {
    if (tier.name == "domain") add(tier);
  }
  shape.endpoint_row = shape.rows.size();
  shape.rows.push_back(std::move(endpoints));
  shape.row_names.push_back("endpoint");
  for (const Tier& tier : topology.tiers()) {
    if (tier.name != "domain") add(tier);
  }
}

/// False when there would be too many rows to see.
bool rows_by_distance(const Topology& topology, const std::vector<Nodes>& beside, FabricShape& shape) {
  const std::vector<std::size_t> distance = distances(topology, beside);
  const std::size_t most = *std::max_element(distance.begin(), distance.end());
  if (most > kRowsMax) return false;
  shape.rows.assign(most + 1, {});
  for (std::uint32_t n = 0; n < topology.nodes(); ++n) shape.rows[distance[n]].push_back(n);
  shape.row_names.assign(most + 1, "");
  shape.row_names.front() = "endpoint";
  std::stable_sort(shape.rows[0].begin(), shape.rows[0].end(),
                   [&](std::uint32_t a, std::uint32_t b) { return shape.home[a] < shape.home[b]; });
  for (std::size_t r = 1; r <= most; ++r) order_by_below(beside, shape.rows[r - 1], shape.rows[r]);
  return true;
}

}  // namespace

FabricShape shape_of(const Topology& topology) {
  FabricShape shape;
  const std::vector<Nodes> beside = neighbours(topology);
  find_homes(topology, beside, shape);
  const std::vector<Tier> tiers = fabric_tiers(topology);
  std::vector<bool> within(tiers.size(), false);  // cables inside the tier
  for (std::size_t t = 0; t < tiers.size(); ++t) {
    within[t] = std::any_of(topology.links().begin(), topology.links().end(),
                            [&](const Link& link) { return inside(tiers[t], link.from) && inside(tiers[t], link.to); });
  }
  if (tiers.size() > 1 && within.back()) {
    shape.kind = FabricShape::Kind::kGroups;
    shape.groups = joined_tiers(beside, tiers);
    return shape;
  }
  if (tiers.size() != 1 || !within.front()) {
    rows_by_tier(topology, shape);
    return shape;
  }
  if (const auto sides = grid_of(topology, tiers.front())) {
    shape.kind = FabricShape::Kind::kGrid;
    shape.sides = *sides;
    return shape;
  }
  const std::uint32_t block = clique_size(beside, tiers.front());
  // "switch": a user's own network. Routers all of one kind have no tiers, also where some are without endpoints.
  const std::vector<std::size_t> distance = distances(topology, beside);
  const bool tiered = tiers.front().name == "switch" && *std::max_element(distance.begin(), distance.end()) > 1;
  if (block == 1 && tiered && rows_by_distance(topology, beside, shape)) return shape;
  shape.kind = FabricShape::Kind::kGroups;
  for (std::uint32_t n = 0; n < tiers.front().count; n += block) {
    shape.groups.emplace_back(block);
    std::iota(shape.groups.back().begin(), shape.groups.back().end(), tiers.front().first + n);
  }
  return shape;
}

}  // namespace socle::net
