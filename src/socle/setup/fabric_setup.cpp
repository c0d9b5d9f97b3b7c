#include "socle/setup/fabric_setup.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"
#include "socle/catalog/cluster.hpp"
#include "socle/machine/machine.hpp"
#include "socle/net/graph_file.hpp"
#include "socle/net/scale_up_domains.hpp"
#include "socle/net/topologies/graph.hpp"
#include "socle/net/topologies/topologies.hpp"
#include "socle/setup/refusal.hpp"
#include "socle/setup/transport_setup.hpp"

namespace socle::setup {
namespace {

constexpr std::uint64_t kEndpointsMax = 4'000'000;

/// A cluster's domain is told in chips, a simulation's in NICs.
void count_domain_in_nics(const scenario::Scenario& scenario, std::uint32_t chips, std::uint32_t nics,
                          net::FabricSpec& spec) {
  if (spec.scale_up_domain < 2) return;
  const std::uint64_t members = static_cast<std::uint64_t>(spec.scale_up_domain) * nics;
  if (members % chips != 0) {
    throw refusal(scenario, "fabric.scale_up_domain",
                  fmt::format("a scale-up domain of {} chips, {} a host, holds no whole number of NICs at {} a host; "
                              "write scale_up_domain = N, in NICs, or other nics",
                              spec.scale_up_domain, chips, nics));
  }
  spec.scale_up_domain = static_cast<std::uint32_t>(members / chips);
}

/// What the cluster of a scenario says about its network.
void take_cluster(const catalog::Catalog& catalog, const scenario::Scenario& scenario, FabricSetup& setup,
                  std::uint32_t& hosts, std::uint32_t& nics) {
  if (!scenario.cluster || scenario.cluster->node.empty()) return;
  const scenario::ClusterSection& cluster = *scenario.cluster;
  const int chips_per_node = catalog.node(cluster.node.text).chips;
  const int nodes =
      cluster.nodes ? *cluster.nodes : std::max(1, cluster.chips.value_or(chips_per_node) / chips_per_node);
  const catalog::Cluster made = catalog::make_cluster(catalog, cluster.node.text, nodes, cluster.overrides);
  hosts = static_cast<std::uint32_t>(nodes);
  nics = static_cast<std::uint32_t>(chips_per_node);
  if (made.nic_bandwidth_per_chip > BytesPerSecond{}) setup.spec.link = made.nic_bandwidth_per_chip;
  setup.spec.scale_up_domain = static_cast<std::uint32_t>(std::max(1, made.scale_up_domain));
  setup.spec.scale_up = made.scale_up_bandwidth;
  setup.spec.oversubscription = cluster.overrides.oversubscription;
  if (cluster.topology == scenario::kLeafSpine)
    setup.spec.topology = "fat-tree", setup.spec.tiers = 2;
  else if (!cluster.topology.empty())
    setup.spec.topology = cluster.topology;
  setup.chip = made.chip;
  const std::uint32_t used = scenario.fabric.nics.value_or(nics);
  const std::string speed = format_bits_per_second(setup.spec.link);
  setup.assumptions.push_back(
      used == nics
          ? fmt::format("Hosts are the {} nodes of {}, one NIC of {} for each of {} chips.", nodes, made.hardware.name,
                        speed, chips_per_node)
          : fmt::format("Hosts are the {} nodes of {}, with {} NIC{} of {} each for its {} chips, as nics says; "
                        "members are NICs.",
                        nodes, made.hardware.name, used, used == 1 ? "" : "s", speed, chips_per_node));
  if (used != nics && !scenario.fabric.scale_up_domain) count_domain_in_nics(scenario, nics, used, setup.spec);
}

/// What a simulation can carry.
void check_ranges(const scenario::Scenario& scenario) {
  constexpr BytesPerSecond kSlowest{125e3}, kFastest{125e15};  // 1 Mb/s and 1,000,000 Tb/s
  const scenario::FabricSection& given = scenario.fabric;
  const auto rate = [&](const char* key, const std::optional<BytesPerSecond>& value) {
    if (value && !(*value >= kSlowest && *value <= kFastest))
      throw refusal(scenario, key,
                    fmt::format("a rate of {} is out of range; write one from {} to {}", format_bits_per_second(*value),
                                format_bits_per_second(kSlowest), format_bits_per_second(kFastest)));
  };
  rate("fabric.link", given.link);
  rate("fabric.scale_up", given.scale_up);
}

/// The value of a list with one; several are for a design to choose among.
template <typename T>
std::optional<T> one_of(const std::vector<T>& list) {
  return list.size() == 1 ? std::optional<T>(list.front()) : std::nullopt;
}

/// Static rails route along a rail as d-mod-k does.
net::Routing routing_of(const std::string& name) {
  if (name.empty() || name == kStaticRail) return net::Routing::kDeterministic;
  return static_cast<net::Routing>(std::find(routing_names().begin(), routing_names().end(), name) -
                                   routing_names().begin());
}

/// Says what lists of several values are not used for.
void note_lists(const scenario::FabricSection& given, std::vector<std::string>& assumptions) {
  const auto note = [&](const char* key, std::size_t values) {
    if (values > 1)
      assumptions.push_back(fmt::format(
          "{} in [fabric] lists {} values: they are for socle fabric design, and the default is taken here.", key,
          values));
  };
  note("tiers", given.tiers.size());
  note("oversubscription", given.oversubscriptions.size());
  note("planes", given.planes.size());
}

void apply(const scenario::FabricSection& given, net::FabricSpec& spec) {
  const auto take = [](const auto& from, auto& to) {
    if (from) to = *from;
  };
  if (!given.topology.empty()) spec.topology = given.topology;
  take(given.radix, spec.radix), take(one_of(given.tiers), spec.tiers), take(given.groups, spec.groups),
      take(given.group_routers, spec.group_routers);
  take(given.router_endpoints, spec.router_endpoints), take(given.field, spec.field), take(given.link, spec.link);
  take(given.hop_latency, spec.hop_latency), take(one_of(given.oversubscriptions), spec.oversubscription);
  take(given.scale_up_domain, spec.scale_up_domain), take(given.scale_up, spec.scale_up),
      take(given.rail_forwarding, spec.rail_forwarding);
  spec.planes = one_of(given.planes).value_or(spec.topology == "multi-plane" ? 2 : 1);
  for (std::size_t i = 0; i < given.torus.size(); ++i) spec.torus[i] = given.torus[i];
}

/// The domain's links, where there are such; rails without a spine need them to reach other rails.
void settle_scale_up(const scenario::Scenario& scenario, const scenario::FabricSection& given, FabricSetup& setup) {
  net::FabricSpec& spec = setup.spec;
  if (spec.topology == "torus" && !given.scale_up_domain)
    spec.scale_up_domain = 1;  // its links are the scale-up fabric
  const bool forwards = spec.topology == "rail-only" || given.routing == kStaticRail;
  const bool joined = forwards || (setup.streams && !given.scale_up_domain);
  if (joined && spec.scale_up_domain < 2 && spec.rails > 1) {
    spec.scale_up_domain = spec.rails;
    setup.assumptions.push_back(
        fmt::format("Rails are joined inside hosts: {} NICs share a scale-up fabric.", spec.rails));
  }
  if (forwards && !given.rail_forwarding) spec.rail_forwarding = true;
  if (spec.scale_up_domain < 2) return;
  if (spec.scale_up_domain % spec.rails != 0) {
    throw refusal(scenario, "fabric.scale_up_domain",
                  fmt::format("scale_up_domain = {} does not hold whole hosts of {} NICs; use a multiple of {}",
                              spec.scale_up_domain, spec.rails, spec.rails));
  }
  if (!(spec.scale_up > BytesPerSecond{})) {
    spec.scale_up = BytesPerSecond{450e9};
    setup.assumptions.push_back("The scale-up fabric gives each endpoint 450 GB/s (NVLink 4; scale_up changes it).");
  }
}

std::string shape_text(const net::FabricSpec& spec, const net::FabricParts& parts) {
  std::string text = fmt::format("{} of {} endpoints ({} hosts of {}), {} a NIC, {} a hop;", spec.topology,
                                 parts.endpoints, parts.endpoints / spec.rails, spec.rails,
                                 format_bits_per_second(spec.link), format_seconds(spec.hop_latency));
  for (const net::SwitchCount& kind : parts.switches)
    text += fmt::format(" {} {} of {} ports,", kind.count, kind.tier, kind.ports);
  text.back() = ';';
  text += fmt::format(" {} cables between switches", parts.inter_switch_cables());
  if (spec.scale_up_domain > 1)
    text += fmt::format("; scale-up domains of {} at {}", spec.scale_up_domain, format_bytes_per_second(spec.scale_up));
  return text;
}

void build_listed(const catalog::Catalog& catalog, const scenario::Scenario& scenario, FabricSetup& setup) {
  const scenario::FabricSection& given = scenario.fabric;
  std::uint32_t hosts = 0, nics = 8;
  take_cluster(catalog, scenario, setup, hosts, nics);
  hosts = given.hosts.value_or(hosts * scenario.fabric.jobs.value_or(1));
  nics = given.nics.value_or(nics);
  if (hosts == 0)
    throw refusal(scenario, "fabric.hosts",
                  "how many hosts is not said; write hosts = N in [fabric], --hosts N, or a [cluster]");
  const std::uint64_t endpoints = static_cast<std::uint64_t>(hosts) * nics;
  if (endpoints < 2 || endpoints > kEndpointsMax)
    throw refusal(
        scenario, "fabric.hosts",
        fmt::format("{} hosts of {} NICs are {} endpoints; simulate 2 to {}", hosts, nics, endpoints, kEndpointsMax));
  setup.spec.endpoints = static_cast<std::uint32_t>(endpoints);
  setup.spec.rails = nics;
  apply(given, setup.spec);
  note_lists(given, setup.assumptions);
  settle_scale_up(scenario, given, setup);
  const net::TopologyEntry* entry = net::find_topology(setup.spec.topology);
  const auto parts = entry->size(setup.spec);
  if (!parts)
    throw refusal(scenario, "fabric.topology",
                  fmt::format("no such {}: {}; {}", setup.spec.topology, parts.why().detail, parts.why().remedy));
  if (!parts->cannot_build.empty())
    throw refusal(scenario, "fabric.field", fmt::format("{}; use a power of a prime", parts->cannot_build));
  setup.parts = *parts;
  setup.description = shape_text(setup.spec, setup.parts);
}

/// Which nodes were taken as what, where nothing said so.
void note_guesses(const net::GraphSpec& graph, const std::string& file, std::vector<std::string>& assumptions) {
  if (graph.guessed_endpoints == 0) return;
  constexpr std::size_t kShown = 8;
  const auto names = [&](std::size_t first, std::size_t end) {
    std::string text;
    for (std::size_t n = first; n < std::min(end, first + kShown); ++n)
      text += (text.empty() ? "" : ", ") + printable(graph.nodes[n]);
    return text + (end - first > kShown ? ", ..." : "");
  };
  assumptions.push_back(fmt::format(
      "WARNING: {} does not say what its nodes are. Nodes of one cable are taken as endpoints ({}), all others as "
      "switches ({}); say it by columns from_kind and to_kind, or by endpoints = [\"h*\"] in [fabric].",
      file, names(0, graph.endpoints), names(graph.endpoints, graph.nodes.size())));
}

void build_own(const scenario::Scenario& scenario, const FileReader& read_file, FabricSetup& setup) {
  const std::string& file = scenario.fabric.file.text;
  const std::string text = read_file(file);
  const std::vector<std::string>& endpoints = scenario.fabric.endpoints;
  const bool csv = file.ends_with(".csv");
  if (!csv && !endpoints.empty())
    throw refusal(scenario, "fabric.endpoints",
                  "endpoints in [fabric] are for cables in a CSV; a TOML file has endpoints of its own");
  net::GraphSpec graph = !csv                ? net::parse_graph_toml(text, file)
                         : endpoints.empty() ? net::parse_graph_csv(text, file)
                                             : net::parse_graph_csv_by_names(text, file, endpoints);
  note_guesses(graph, file, setup.assumptions);
  setup.nominal_link = graph.cables.front().bandwidth;
  for (net::GraphSpec::Cable& cable : graph.cables) {
    cable.bandwidth = cable.bandwidth * setup.efficiency;
    if (setup.streams) cable.latency = Seconds{};
  }
  setup.spec.endpoints = graph.endpoints;
  setup.spec.rails = scenario.fabric.nics.value_or(1);
  setup.spec.link = graph.cables.front().bandwidth;
  setup.description = fmt::format("{}: {} endpoints, {} switches, {} cables", file, graph.endpoints,
                                  graph.nodes.size() - graph.endpoints, graph.cables.size());
  setup.graph = std::move(graph);
}

/// Cables of "cable 17", "endpoint 5" or "leaf 3" (any tier's name).
std::vector<net::LinkId> cables_of(const scenario::Scenario& scenario, const net::Topology& topology,
                                   const std::string& element) {
  const std::size_t space = element.rfind(' ');
  std::uint64_t index = 0;
  const std::string kind = element.substr(0, space);
  const char* end = element.data() + element.size();
  const bool numbered =
      space != std::string::npos && std::from_chars(element.data() + space + 1, end, index).ptr == end;
  const std::uint64_t cables = topology.links().size() / 2;
  if (numbered && kind == "cable" && index < cables) return {static_cast<net::LinkId>(2 * index)};
  std::uint64_t node = topology.nodes();
  if (numbered && kind == "endpoint" && index < topology.endpoints()) node = index;
  for (const net::Tier& tier : topology.tiers()) {
    if (numbered && kind == tier.name && index < tier.count) node = tier.first + index;
  }
  std::vector<net::LinkId> found;
  for (net::LinkId link = 0; link < topology.links().size(); link += 2) {
    if (topology.links()[link].from == node || topology.links()[link].to == node) found.push_back(link);
  }
  if (!found.empty()) return found;
  std::string known =
      fmt::format("cable 0 to cable {}, endpoint 0 to endpoint {}", cables - 1, topology.endpoints() - 1);
  for (const net::Tier& tier : topology.tiers())
    known += fmt::format(", {} 0 to {} {}", tier.name, tier.name, tier.count - 1);
  throw refusal(scenario, "fabric.failed",
                fmt::format("\"{}\" is no part of this network; there are {}", element, known));
}

}  // namespace

const std::vector<std::string>& routing_names() {
  static const std::vector<std::string> names = {"deterministic", "hashed", "adaptive", "spray", kStaticRail};
  return names;
}

std::string routing_text(const net::RoutingOptions& routing, bool static_rail) {
  const std::string pairs = routing.queue_pairs > 1 ? fmt::format(", {} queue pairs", routing.queue_pairs) : "";
  switch (routing.routing) {
    case net::Routing::kDeterministic:
      return (static_rail ? "static rails, d-mod-k along them" : "deterministic (d-mod-k)") + pairs;
    case net::Routing::kHashed:
      return fmt::format("hashed ECMP, seed {}{}", routing.seed, pairs);
    case net::Routing::kAdaptive:
      return fmt::format("adaptive (least loaded when a flow starts), seed {}{}", routing.seed, pairs);
    case net::Routing::kSpray:
      break;
  }
  return "packet spray over all minimal ways";
}

std::unique_ptr<const net::Topology> build_topology(const FabricSetup& setup) {
  if (setup.graph) return std::make_unique<net::Graph>(net::GraphSpec(*setup.graph));
  net::FabricSpec reached = setup.spec;
  reached.link = setup.spec.link * setup.efficiency;
  if (setup.streams) reached.hop_latency = reached.scale_up_latency = Seconds{};
  return net::build_fabric(reached);
}

FabricSetup set_up_fabric(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                          const FileReader& read_file, FabricUse use) {
  const scenario::FabricSection& given = scenario.fabric;
  FabricSetup setup;
  setup.streams = use == FabricUse::kLibrary;
  const bool cluster = scenario.cluster && !scenario.cluster->node.empty() && given.file.empty();
  if (!given.endpoints.empty() && given.file.empty())
    throw refusal(scenario, "fabric.endpoints",
                  "endpoints names nodes of a network of your own; write file = \"cables.csv\" too, or leave it out");
  check_ranges(scenario);
  const NicShare nics = nic_share(catalog, scenario, cluster, setup.streams);
  setup.efficiency = nics.share;
  if (!nics.sentence.empty()) setup.assumptions.push_back(nics.sentence);
  if (given.file.empty()) {
    build_listed(catalog, scenario, setup);
    setup.nominal_link = setup.spec.link;
  } else {
    build_own(scenario, read_file, setup);
  }
  setup.topology = build_topology(setup);
  const Seconds links = 6.0 * setup.spec.hop_latency;
  if (!setup.streams) {
    setup.software_latency = given.software_latency.value_or(
        cluster && machine::kNicLatency > links ? machine::kNicLatency - links : Seconds{});
  }
  setup.routing = {.routing = routing_of(given.routing),
                   .seed = given.seed.value_or(1),
                   .queue_pairs = given.queue_pairs.value_or(
                       setup.spec.topology == "multi-plane" && given.file.empty() ? setup.spec.planes : 1)};
  for (const std::string& element : given.failed) {
    for (const net::LinkId link : cables_of(scenario, *setup.topology, element)) setup.failed.push_back(link);
  }
  return setup;
}

}  // namespace socle::setup
