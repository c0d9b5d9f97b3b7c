#include "socle/setup/design_setup.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/setup/design_parts.hpp"
#include "socle/setup/refusal.hpp"

namespace socle::setup {
namespace {

constexpr int kNicsPerHost = 8;  // where nothing says it (assumption)
constexpr int kRailsMost = 16;   // NICs that one host numbers; a rack of more is taken tray by tray
constexpr std::uint64_t kEndpointsMax = 4'000'000;
constexpr BytesPerSecond kLinkLeast{0.125e9}, kLinkMost{12.5e12};  // 1 Gb/s to 100 Tb/s

DesignHosts hosts_of_cluster(const catalog::Catalog& catalog, const scenario::Scenario& scenario) {
  const scenario::ClusterSection& cluster = *scenario.cluster;
  DesignHosts hosts;
  if (cluster.node.empty()) {
    const int chips = cluster.chips.value_or(cluster.nodes.value_or(1) * kNicsPerHost);
    hosts = {.hosts = (chips + kNicsPerHost - 1) / kNicsPerHost,
             .nics = cluster.overrides.nics.value_or(kNicsPerHost),
             .scale_up_domain = kNicsPerHost,
             .link = cluster.overrides.nic.value_or(BytesPerSecond{}),
             .name = cluster.chip.text};
  } else {
    const catalog::Node node = catalog.node(cluster.node.text);
    hosts = {.hosts = cluster.nodes.value_or((cluster.chips.value_or(node.chips) + node.chips - 1) / node.chips),
             .nics = cluster.overrides.nics.value_or(node.nics.value_or(0)),
             .scale_up_domain = node.scale_up_domain.value_or(node.chips),
             .link = cluster.overrides.nic.value_or(node.nic_bandwidth.value_or(BytesPerSecond{})),
             .name = node.name};
  }
  hosts.scale_up_domain = cluster.overrides.scale_up_domain.value_or(hosts.scale_up_domain);
  return hosts;
}

DesignHosts hosts_of(const catalog::Catalog& catalog, const scenario::Scenario& scenario) {
  const scenario::FabricSection& keys = scenario.fabric;
  DesignHosts hosts;
  if (scenario.cluster) {
    hosts = hosts_of_cluster(catalog, scenario);
  } else {
    if (!keys.hosts)
      throw refusal(
          scenario, "fabric.hosts",
          "nothing says how many hosts are to be connected; write [cluster] with node and nodes, hosts = N in "
          "[fabric], or give --hosts N");
    hosts = {
        .hosts = static_cast<int>(*keys.hosts), .nics = kNicsPerHost, .scale_up_domain = 0, .link = {}, .name = "host"};
  }
  if (keys.nics) hosts.nics = static_cast<int>(*keys.nics);
  if (keys.link) hosts.link = *keys.link;
  if (hosts.nics < 1)
    throw refusal(
        scenario, "fabric.nics",
        fmt::format("the catalogue does not know the NICs of {}; write nics = 8 and link = \"400 Gb/s\" in [fabric]",
                    hosts.name));
  if (!(hosts.link > BytesPerSecond{}))
    throw refusal(
        scenario, "fabric.link",
        "the speed of a NIC is not stated; write link = \"400 Gb/s\" in [fabric], or give --link \"400 Gb/s\"");
  if (hosts.link < kLinkLeast || hosts.link > kLinkMost) {
    throw refusal(
        scenario, "fabric.link",
        fmt::format("a NIC of {} is out of range; write a rate from {} to {}", format_bits_per_second(hosts.link),
                    format_bits_per_second(kLinkLeast), format_bits_per_second(kLinkMost)));
  }
  if (!scenario.cluster)
    hosts.scale_up_domain = static_cast<int>(keys.scale_up_domain.value_or(static_cast<std::uint32_t>(hosts.nics)));
  if (static_cast<std::uint64_t>(hosts.hosts) * static_cast<std::uint64_t>(hosts.nics) > kEndpointsMax) {
    throw refusal(scenario, "fabric.hosts",
                  fmt::format("{} hosts of {} NICs exceed the {} endpoints that are sized; write fewer", hosts.hosts,
                              hosts.nics, kEndpointsMax));
  }
  return hosts;
}

cost::CableReach reach_of(const std::string& name) {
  std::size_t i = 0;
  while (cost::reach_name(static_cast<cost::CableReach>(i)) != name) ++i;
  SOCLE_CHECK(i < cost::kReaches, "a reach was checked when it was read");
  return static_cast<cost::CableReach>(i);
}

search::FabricQuestion question_of(const scenario::Scenario& scenario, const DesignHosts& hosts,
                                   const FabricParts& parts, std::vector<std::string>& assumptions) {
  const scenario::FabricSection& keys = scenario.fabric;
  int rails = static_cast<int>(keys.rails.value_or(static_cast<std::uint32_t>(hosts.nics)));
  if (!keys.rails && rails > kRailsMost) {
    for (rails = kNicsPerHost; hosts.nics % rails != 0;) --rails;
    assumptions.push_back(
        fmt::format("{} has {} NICs: rails are counted in groups of {} (rails = N in [fabric]), and such a group is "
                    "what \"host\" means below.",
                    hosts.name, hosts.nics, rails));
  }
  const std::int64_t endpoints = static_cast<std::int64_t>(hosts.hosts) * hosts.nics;
  if (endpoints % rails != 0)
    throw refusal(
        scenario, "fabric.rails",
        fmt::format("rails = {} does not divide {} NICs; write a number that does, such as the NICs of a host", rails,
                    endpoints));
  search::FabricQuestion question{.hosts = static_cast<std::uint32_t>(endpoints / rails),
                                  .rails = static_cast<std::uint32_t>(rails),
                                  .radix = parts.radix,
                                  .link = hosts.link,
                                  .hop_latency = parts.hop_latency,
                                  .scale_up_domain = static_cast<std::uint32_t>(hosts.scale_up_domain),
                                  .topologies = keys.topologies,
                                  .prices = parts.prices,
                                  .boxes = parts.boxes};
  if (!keys.oversubscriptions.empty()) question.oversubscriptions = keys.oversubscriptions;
  if (!keys.planes.empty()) question.planes.assign(keys.planes.begin(), keys.planes.end());
  if (!keys.tiers.empty()) question.tiers.assign(keys.tiers.begin(), keys.tiers.end());
  if (parts.one_endpoint_price) question.rail_cable = cost::CableReach::kRack;
  if (!keys.rail_cable.empty()) question.rail_cable = reach_of(keys.rail_cable);
  if (!keys.host_cable.empty()) question.host_cable = reach_of(keys.host_cable);
  assumptions.push_back(
      fmt::format("Cables: host to a leaf of one rail or plane: {}; host to any other switch: {}; switch to switch "
                  "inside a group or torus: row; any other: hall. "
                  "Racks end at 3 m, rows at 30 m.",
                  cost::reach_name(question.rail_cable), cost::reach_name(question.host_cable)));
  return question;
}

TrainSetup job_of(const catalog::Catalog& catalog, scenario::Scenario scenario, const DesignHosts& hosts,
                  const std::optional<std::string>& config) {
  if (!scenario.cluster)
    throw refusal(
        scenario, "cluster",
        "a model is named, but not the chips that train it; write node = \"...\" and nodes = N in [cluster], or "
        "leave [model] out");
  scenario.cluster->overrides.oversubscription = 1.0;  // every candidate brings its own
  if (!scenario.cluster->overrides.nic_per_chip) {
    scenario.cluster->overrides.nic = hosts.link;
    scenario.cluster->overrides.nics = hosts.nics;
  }
  TrainSetup setup = set_up_job(catalog, scenario, config);
  if (setup.probe && setup.probe->stacks.size() > 1) {
    const search::StackSpread& stacks = *setup.probe;
    const auto beside = [&](const search::StackStep& other) {
      return fmt::format("{} {:+.0f} %", other.name, 100.0 * (other.step / stacks.chosen().step - 1.0));
    };
    setup.assumptions.push_back(fmt::format(
        "The software stack is not stated: {} for every fabric, the middle of {} plausible stacks in a "
        "plain layout ({}, {}; stack = \"NAME\" in [cluster] takes another).",
        stacks.chosen().name, stacks.stacks.size(), beside(stacks.stacks.front()), beside(stacks.stacks.back())));
  }
  return setup;
}

// --hosts resizes a cluster; in a file the two say the same thing.
scenario::Scenario with_hosts(scenario::Scenario scenario) {
  if (scenario.cluster && scenario.fabric.hosts && scenario.fabric.hosts_at.line > 0)
    throw refusal(scenario, "fabric.hosts",
                  "hosts in [fabric] and [cluster] both say how many hosts there are; write one of them");
  if (!scenario.cluster && !scenario.candidates.empty())
    throw refusal(scenario, "cluster",
                  "socle fabric design connects one cluster; name it in [cluster] instead of [[candidate]]");
  if (scenario.cluster && scenario.fabric.hosts) {
    scenario.cluster->nodes = static_cast<int>(*scenario.fabric.hosts);
    scenario.cluster->chips.reset();
  }
  return scenario;
}

}  // namespace

DesignSetup set_up_design(const catalog::Catalog& catalog, const scenario::Scenario& asked,
                          const std::optional<std::string>& config) {
  const scenario::Scenario scenario = with_hosts(asked);
  DesignSetup setup;
  setup.hosts = hosts_of(catalog, scenario);
  const FabricParts parts = fabric_parts(catalog, scenario, setup.hosts.link);
  setup.question = question_of(scenario, setup.hosts, parts, setup.assumptions);
  setup.assumptions.insert(setup.assumptions.end(), parts.assumptions.begin(), parts.assumptions.end());
  const scenario::LimitsSection& limits = scenario.limits;
  setup.limits = {.capex = limits.network_capex, .power = limits.network_power};
  if ((limits.capex && !limits.network_capex) || (limits.power && !limits.network_power)) {
    setup.assumptions.push_back(
        "capex and power in [limits] are of the nodes and do not bind the network: network_capex and network_power "
        "do.");
  }
  if (!scenario.model.name.empty() || config) setup.job = job_of(catalog, scenario, setup.hosts, config);
  return setup;
}

std::optional<search::FabricQuestion> network_question(const catalog::Catalog& catalog, scenario::Scenario scenario,
                                                       const scenario::ClusterSection& cluster,
                                                       std::vector<std::string>& doubts) {
  scenario.model = {};
  scenario.cluster = cluster;
  if (!cluster.nodes && !cluster.chips) scenario.cluster->nodes = 2;
  try {
    return set_up_design(catalog, scenario, std::nullopt).question;
  } catch (const InputError& error) {
    doubts.push_back(fmt::format("The network has no price: {}.", error.problems().front().message));
    return std::nullopt;
  }
}

}  // namespace socle::setup
