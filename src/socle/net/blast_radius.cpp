#include "socle/net/blast_radius.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "socle/net/half_flow.hpp"
#include "socle/net/topologies/fat_tree_plan.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::net {
namespace {

/// What fails together.
struct Element {
  std::string kind;
  bool single_part = true;
  std::uint64_t count = 0;
  std::vector<LinkId> links;            ///< one direction each
  std::vector<std::uint32_t> switches;  ///< nodes
};

/// Endpoints of the connected part that each node is in.
std::vector<std::uint32_t> reached(const Router& router) {
  const Topology& topology = router.topology();
  std::vector<std::uint32_t> parent(topology.nodes());
  std::iota(parent.begin(), parent.end(), 0u);
  const auto root = [&](std::uint32_t node) {
    while (parent[node] != node) node = parent[node] = parent[parent[node]];
    return node;
  };
  for (LinkId id = 0; id < topology.links().size(); id += 2) {
    if (!router.failed(id)) parent[root(topology.links()[id].from)] = root(topology.links()[id].to);
  }
  std::vector<std::uint32_t> held(topology.nodes(), 0), by_endpoint(topology.endpoints());
  for (std::uint32_t e = 0; e < topology.endpoints(); ++e) ++held[root(e)];
  for (std::uint32_t e = 0; e < topology.endpoints(); ++e) by_endpoint[e] = held[root(e)];
  return by_endpoint;
}

/// First, middle and last; of fabrics above kBlastThoroughMax the last alone, which is the least regular one.
std::vector<std::uint64_t> picks_of(const Topology& topology, std::uint64_t count) {
  if (topology.links().size() / 2 > kBlastThoroughMax) return {count - 1};
  std::vector<std::uint64_t> picks{0, count / 2, count - 1};
  picks.erase(std::unique(picks.begin(), picks.end()), picks.end());
  return picks;
}

/// Tier of every node; endpoints are tier 0, the first tier of switches 1.
std::vector<std::uint8_t> tiers_of(const Topology& topology) {
  std::vector<std::uint8_t> tier(topology.nodes(), 0);
  for (std::size_t t = 0; t < topology.tiers().size(); ++t) {
    const auto first = tier.begin() + topology.tiers()[t].first;
    std::fill(first, first + topology.tiers()[t].count, static_cast<std::uint8_t>(t + 1));
  }
  return tier;
}

void add_parts(const Topology& topology, std::vector<Element>& elements) {
  for (const std::uint64_t e : picks_of(topology, topology.endpoints())) {
    Element nic{.kind = "NIC", .count = topology.endpoints(), .links = {}, .switches = {}};
    for (LinkId id = 0; id < topology.links().size(); id += 2) {
      if (topology.links()[id].from == e || topology.links()[id].to == e) nic.links.push_back(id);
    }
    elements.push_back(nic);
  }
  const std::vector<std::uint8_t> tier = tiers_of(topology);
  std::map<std::pair<int, int>, std::vector<LinkId>> cables;  // in the order of tiers
  for (LinkId id = 0; id < topology.links().size(); id += 2)
    cables[{tier[topology.links()[id].from], tier[topology.links()[id].to]}].push_back(id);
  const auto name = [&](int t) { return t == 0 ? std::string("endpoint") : topology.tiers()[t - 1].name; };
  for (const auto& [ends, ids] : cables) {
    for (const std::uint64_t i : picks_of(topology, ids.size())) {
      elements.push_back({.kind = fmt::format("cable {}-{}", name(ends.first), name(ends.second)),
                          .count = ids.size(),
                          .links = {ids[i]},
                          .switches = {}});
    }
  }
  for (const Tier& tier : topology.tiers()) {
    for (const std::uint64_t i : picks_of(topology, tier.count)) {
      elements.push_back({.kind = tier.name,
                          .count = tier.count,
                          .links = {},
                          .switches = {tier.first + static_cast<std::uint32_t>(i)}});
    }
  }
}

void add_switches(const Tier& tier, std::uint32_t first, std::uint32_t count, Element& element) {
  for (std::uint32_t i = first; i < std::min(first + count, tier.count); ++i)
    element.switches.push_back(tier.first + i);
}

// Numbers of switches follow from the plans in topologies/: planes and pods hold consecutive switches of each tier.
void add_regions(const FabricSpec& spec, const Topology& topology, std::vector<Element>& elements) {
  const auto& tiers = topology.tiers();
  if (spec.scale_up_domain > spec.rails) {
    Element domain{.kind = "scale-up domain",
                   .single_part = false,
                   .count = (spec.endpoints + spec.scale_up_domain - 1) / spec.scale_up_domain,
                   .links = {},
                   .switches = {}};
    for (LinkId id = 0; id < topology.links().size(); id += 2) {
      if (topology.links()[id].from < spec.scale_up_domain) domain.links.push_back(id);
    }
    elements.push_back(domain);
  }
  const auto region = [&](const char* kind, std::uint64_t count, std::vector<std::uint32_t> sizes) {
    Element element{.kind = kind, .single_part = false, .count = count, .links = {}, .switches = {}};
    for (std::size_t t = 0; t < sizes.size(); ++t) add_switches(tiers[t], 0, sizes[t], element);
    elements.push_back(element);
  };
  if (spec.topology == "multi-plane" || spec.topology == "rail-only") {
    const std::uint32_t planes = spec.topology == "rail-only" ? spec.rails : spec.planes;
    std::vector<std::uint32_t> sizes;
    for (const Tier& tier : tiers) sizes.push_back(tier.count / planes);
    region(spec.topology == "rail-only" ? "rail" : "plane", planes, sizes);
  } else if (spec.topology == "fat-tree" || spec.topology == "rail-optimized") {
    const auto plan = plan_fat_tree(spec, spec.topology == "rail-optimized");
    if (plan->tiers == 3) region("pod", plan->pods, {plan->leaves_per_pod, plan->spines});
  } else if (spec.topology == "dragonfly") {
    const std::uint32_t routers = spec.group_routers ? spec.group_routers : 2 * ((spec.radix + 1) / 4);
    region("group", tiers[0].count / routers, {routers});
  } else if (spec.topology == "dragonfly+") {
    region("group", tiers[0].count / (spec.radix / 2), {spec.radix / 2, spec.radix / 2});
  }
}

void count_cut(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after,
               const std::vector<bool>& lost_port, std::uint32_t rails, Blast& blast) {
  for (std::uint32_t first = 0; first < before.size(); first += rails) {
    std::uint32_t cut = 0;
    bool hurt = false;
    for (std::uint32_t e = first; e < std::min<std::size_t>(first + rails, before.size()); ++e) {
      if (2 * after[e] < before[e]) ++cut;
      hurt = hurt || lost_port[e] || 2 * after[e] < before[e];
    }
    blast.endpoints_cut += cut;
    blast.hosts_cut += cut == rails ? 1 : 0;
    blast.hosts_hurt += hurt ? 1 : 0;
  }
}

bool worse(const Blast& a, const Blast& b) {
  return std::tie(a.hosts_cut, a.endpoints_cut, a.bandwidth_lost) >
         std::tie(b.hosts_cut, b.endpoints_cut, b.bandwidth_lost);
}

}  // namespace

Feasible<std::vector<Blast>> blast_radius(const FabricSpec& spec) {
  const TopologyEntry* entry = find_topology(spec.topology);
  const auto parts = entry->size(spec);
  if (!parts->cannot_build.empty()) return Infeasible{"graph", parts->cannot_build, "ask for a size that can be built"};
  std::uint64_t cables = 0;
  for (const CableCount& kind : parts->cables) cables += kind.count;
  if (cables > kBlastCablesMax) {
    return Infeasible{"size",
                      fmt::format("{} cables; failures are measured on fabrics of at most {}", cables, kBlastCablesMax),
                      "ask for a smaller fabric of the same plan"};
  }
  const auto topology = entry->build(spec);
  const std::uint32_t split = spec.endpoints / spec.rails / 2 * spec.rails;
  std::vector<Element> elements;
  add_parts(*topology, elements);
  add_regions(spec, *topology, elements);
  Router router(*topology, {});
  const BytesPerSecond whole = half_flow(router, split);
  const std::vector<std::uint32_t> before = reached(router);
  std::vector<Blast> blasts;
  for (const Element& element : elements) {
    for (const LinkId link : element.links) router.set_failed(link, true);
    for (const std::uint32_t node : element.switches) router.set_switch_failed(node, true);
    std::vector<bool> lost_port(spec.endpoints, false);
    std::vector<LinkId> failed;
    for (LinkId id = 0; id < topology->links().size(); id += 2) {
      if (!router.failed(id)) continue;
      failed.push_back(id);
      if (topology->links()[id].from < spec.endpoints) lost_port[topology->links()[id].from] = true;
    }
    Blast blast{.element = element.kind, .single_part = element.single_part, .count = element.count};
    count_cut(before, reached(router), lost_port, spec.rails, blast);
    blast.bandwidth_lost = std::max(0.0, 1.0 - half_flow(router, split) / whole);
    for (const LinkId id : failed) router.set_failed(id, false);
    if (blasts.empty() || blasts.back().element != blast.element)
      blasts.push_back(blast);
    else if (worse(blast, blasts.back()))
      blasts.back() = blast;
  }
  return blasts;
}

double survivability(const std::vector<Blast>& blasts, std::uint64_t hosts) {
  double least = 1.0;
  for (const Blast& blast : blasts) {
    if (blast.single_part)
      least = std::min(least, (1.0 - static_cast<double>(blast.hosts_cut) / static_cast<double>(hosts)) *
                                  (1.0 - blast.bandwidth_lost));
  }
  return least;
}

}  // namespace socle::net
