#include "socle/api/fabric_design_api.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "socle/api/fabric_network.hpp"
#include "socle/api/fabric_parts.hpp"
#include "socle/api/one_currency.hpp"
#include "socle/api/train_setup.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/fabric_design_report.hpp"
#include "socle/report/layout_text.hpp"
#include "socle/search/layout_search.hpp"

namespace socle::api {
namespace {

constexpr int kNicsPerHost = 8;           // where nothing says it (assumption)
constexpr int kRailsMost = 16;            // NICs that one host numbers; a rack of more is taken tray by tray
constexpr std::uint64_t kEndpointsMax = 4'000'000;
constexpr BytesPerSecond kLinkLeast{0.125e9}, kLinkMost{12.5e12};   // 1 Gb/s to 100 Tb/s

/// Hosts and NICs of a question, wherever they are stated.
struct Hosts {
  int hosts = 0, nics = 0, scale_up_domain = 1;
  BytesPerSecond link{};
  std::string name;
};

InputError bad(const Scenario& scenario, const char* key, std::string message) { return InputError(Problem{scenario.source, 0, 0, key, std::move(message)}); }

Hosts hosts_of_cluster(const catalog::Catalog& catalog, const Scenario& scenario) {
  const ScenarioCluster& cluster = *scenario.cluster;
  Hosts hosts;
  if (cluster.node.empty()) {
    const int chips = cluster.chips.value_or(cluster.nodes.value_or(1) * kNicsPerHost);
    hosts = {.hosts = (chips + kNicsPerHost - 1) / kNicsPerHost, .nics = cluster.overrides.nics.value_or(kNicsPerHost), .scale_up_domain = kNicsPerHost,
             .link = cluster.overrides.nic.value_or(BytesPerSecond{}), .name = cluster.chip.text};
  } else {
    const catalog::Node node = catalog.node(cluster.node.text);
    hosts = {.hosts = cluster.nodes.value_or((cluster.chips.value_or(node.chips) + node.chips - 1) / node.chips), .nics = cluster.overrides.nics.value_or(node.nics.value_or(0)),
             .scale_up_domain = node.scale_up_domain.value_or(node.chips), .link = cluster.overrides.nic.value_or(node.nic_bandwidth.value_or(BytesPerSecond{})), .name = node.name};
  }
  hosts.scale_up_domain = cluster.overrides.scale_up_domain.value_or(hosts.scale_up_domain);
  return hosts;
}

Hosts hosts_of(const catalog::Catalog& catalog, const Scenario& scenario) {
  const FabricDesignKeys& keys = scenario.fabric_design;
  Hosts hosts;
  if (scenario.cluster) {
    hosts = hosts_of_cluster(catalog, scenario);
  } else {
    if (!keys.hosts) throw bad(scenario, "fabric.hosts", "nothing says how many hosts are to be connected; write [cluster] with node and nodes, hosts = N in [fabric], or give --hosts N");
    hosts = {.hosts = *keys.hosts, .nics = kNicsPerHost, .scale_up_domain = 0, .link = {}, .name = "host"};
  }
  if (keys.nics) hosts.nics = *keys.nics;
  if (keys.link) hosts.link = *keys.link;
  if (hosts.nics < 1) throw bad(scenario, "fabric.nics", fmt::format("the catalogue does not know the NICs of {}; write nics = 8 and link = \"400 Gb/s\" in [fabric]", hosts.name));
  if (!(hosts.link > BytesPerSecond{})) throw bad(scenario, "fabric.link", "the speed of a NIC is not stated; write link = \"400 Gb/s\" in [fabric], or give --link \"400 Gb/s\"");
  if (hosts.link < kLinkLeast || hosts.link > kLinkMost) {
    throw bad(scenario, "fabric.link", fmt::format("a NIC of {} is out of range; write a rate from {} to {}", format_bits_per_second(hosts.link), format_bits_per_second(kLinkLeast), format_bits_per_second(kLinkMost)));
  }
  if (!scenario.cluster) hosts.scale_up_domain = keys.scale_up_domain.value_or(hosts.nics);
  if (static_cast<std::uint64_t>(hosts.hosts) * static_cast<std::uint64_t>(hosts.nics) > kEndpointsMax) {
    throw bad(scenario, "fabric.hosts", fmt::format("{} hosts of {} NICs exceed the {} endpoints that are sized; write fewer", hosts.hosts, hosts.nics, kEndpointsMax));
  }
  return hosts;
}

search::FabricQuestion question_of(const Scenario& scenario, const Hosts& hosts, const FabricParts& parts, std::vector<std::string>& assumptions) {
  const FabricDesignKeys& keys = scenario.fabric_design;
  int rails = keys.rails.value_or(hosts.nics);
  if (!keys.rails && rails > kRailsMost) {
    for (rails = kNicsPerHost; hosts.nics % rails != 0;) --rails;
    assumptions.push_back(fmt::format("{} has {} NICs: rails are counted in groups of {} (rails = N in [fabric]), and such a group is what \"host\" means below.", hosts.name, hosts.nics, rails));
  }
  const std::int64_t endpoints = static_cast<std::int64_t>(hosts.hosts) * hosts.nics;
  if (endpoints % rails != 0) throw bad(scenario, "fabric.rails", fmt::format("rails = {} does not divide {} NICs; write a number that does, such as the NICs of a host", rails, endpoints));
  search::FabricQuestion question{.hosts = static_cast<std::uint32_t>(endpoints / rails), .rails = static_cast<std::uint32_t>(rails), .radix = parts.radix, .link = hosts.link,
                                  .hop_latency = parts.hop_latency, .scale_up_domain = static_cast<std::uint32_t>(hosts.scale_up_domain), .topologies = keys.topologies,
                                  .prices = parts.prices};
  if (!keys.oversubscriptions.empty()) question.oversubscriptions = keys.oversubscriptions;
  if (!keys.planes.empty()) question.planes.assign(keys.planes.begin(), keys.planes.end());
  if (!keys.tiers.empty()) question.tiers.assign(keys.tiers.begin(), keys.tiers.end());
  if (parts.one_endpoint_price) question.rail_cable = cost::CableReach::kRack;
  if (keys.rail_cable) question.rail_cable = static_cast<cost::CableReach>(*keys.rail_cable);
  if (keys.host_cable) question.host_cable = static_cast<cost::CableReach>(*keys.host_cable);
  assumptions.push_back(fmt::format("Cables: host to a leaf of one rail or plane: {}; host to any other switch: {}; switch to switch inside a group or torus: row; any other: hall. "
                                    "Racks end at 3 m, rows at 30 m.",
                                    cost::reach_name(question.rail_cable), cost::reach_name(question.host_cable)));
  return question;
}

TrainSetup job_of(const catalog::Catalog& catalog, Scenario scenario, const Hosts& hosts, const std::optional<std::string>& config) {
  if (!scenario.cluster) throw bad(scenario, "cluster", "a model is named, but not the chips that train it; write node = \"...\" and nodes = N in [cluster], or leave [model] out");
  scenario.cluster->overrides.oversubscription = 1.0;  // every candidate brings its own
  if (!scenario.cluster->overrides.nic_per_chip) {
    scenario.cluster->overrides.nic = hosts.link;
    scenario.cluster->overrides.nics = hosts.nics;
  }
  return set_up_training(catalog, scenario, config);
}

/// Direct networks need detours under load (Valiant, UGAL), and only minimal routes are simulated.
bool needs_detours(const std::string& topology) { return topology.starts_with("dragonfly") || topology == "slim-fly"; }

/// The layout's step when its messages run through the fabric itself, nodes side by side.
void judge_on_fabric(const TrainSetup& setup, const workload::Layout& layout, search::FabricCandidate& candidate) {
  if (static_cast<int>(candidate.spec.endpoints) != setup.cluster.chips || needs_detours(candidate.spec.topology)) return;
  const auto step = train::estimate_step(setup.model, setup.job, layout, flow_machine_on(candidate.spec, setup.machine), train::Fidelity::kReplay);
  if (step) candidate.packed_step = step->step_time;
}

void predict_steps(const TrainSetup& setup, unsigned threads, std::vector<search::FabricCandidate>& candidates) {
  // Fabrics of one bisection and length give the same layouts.
  struct Found {
    std::optional<search::RankedLayout> best;
    std::string why;
  };
  std::map<std::pair<double, int>, Found> known;
  search::SearchOptions options{.keep = 1, .threads = threads};
  if (setup.memory_headroom) options.memory_headroom = *setup.memory_headroom;
  std::vector<std::pair<search::FabricCandidate*, const Found*>> judged;
  for (search::FabricCandidate& candidate : candidates) {
    if (!candidate.infeasible.empty()) continue;
    const bool torus = candidate.spec.topology == "torus";
    const std::pair<double, int> key{torus ? -candidate.parts.bisection : candidate.parts.bisection, candidate.parts.hops_max};
    auto found = known.find(key);
    if (found == known.end()) {
      const auto result = search::search_layouts(setup.model, setup.job, setup.layout, machine_on(candidate.spec, setup.machine), setup.cluster.chips, options);
      Found answer;
      if (result) answer.best = result->best.front();
      else answer.why = result.why().detail + "; " + result.why().remedy;
      found = known.emplace(key, std::move(answer)).first;
    }
    if (!found->second.best) {
      candidate.layout = found->second.why;
      continue;
    }
    candidate.step = found->second.best->step.step_time;
    candidate.layout = report::layout_text(found->second.best->layout);
    judged.emplace_back(&candidate, &found->second);
  }
  parallel_for(judged.size(), threads, [&](std::size_t i) { judge_on_fabric(setup, judged[i].second->best->layout, *judged[i].first); });
}

// What a topology takes for granted, told once when it is among the candidates.
void note_topologies(const std::vector<search::FabricCandidate>& candidates, std::vector<std::string>& assumptions) {
  const auto has = [&](const char* topology) {
    return std::any_of(candidates.begin(), candidates.end(), [&](const auto& c) { return c.infeasible.empty() && c.spec.topology == topology; });
  };
  if (has("rail-only")) assumptions.push_back("Rail-only: traffic to another rail goes through the hosts' scale-up links first; bisect counts traffic that stays on its rail.");
  if (has("multi-plane")) assumptions.push_back("Multi-plane: NICs and switches are taken to split each port into as many as there are planes, and cables of a plane cost and draw in proportion to their speed.");
  if (has("dragonfly") || has("dragonfly+") || has("slim-fly")) {
    assumptions.push_back("Dragonfly, dragonfly+, Slim Fly: they need detours under load, which are not simulated, so there is no packed step.");
  }
  if (has("torus")) assumptions.push_back("Torus: routers are parts of the accelerators, so their price and power are not known here.");
}

Scenario read(const FabricDesignRequest& request) {
  ScenarioFlags job, fabric;
  const auto own = fabric_design_flags();
  for (const auto& [name, value] : request.flags) {
    const bool is_own = std::any_of(own.begin(), own.end(), [&name = name](const ScenarioFlag& flag) { return flag.name == name; });
    (is_own ? fabric : job)[name] = value;
  }
  Scenario scenario = read_scenario(request.scenario_text, request.scenario_name, job);
  if (scenario.cluster && scenario.fabric_design.hosts) throw bad(scenario, "fabric.hosts", "hosts in [fabric] and [cluster] both say how many hosts there are; write one of them");
  Problems problems;
  apply_fabric_design_flags(fabric, scenario.fabric_design, problems);
  problems.throw_if_any();
  if (scenario.cluster && scenario.fabric_design.hosts) {
    scenario.cluster->nodes = scenario.fabric_design.hosts;
    scenario.cluster->chips.reset();
  }
  if (!scenario.cluster && !scenario.candidates.empty()) throw bad(scenario, "cluster", "socle fabric design connects one cluster; name it in [cluster] instead of [[candidate]]");
  return scenario;
}

std::vector<report::InputText> inputs_of(const FabricDesignRequest& request, const std::string& flags, const Scenario& scenario, const std::optional<std::string>& config) {
  std::vector<report::InputText> inputs;
  if (!request.scenario_name.empty()) inputs.push_back({request.scenario_name, request.scenario_text});
  if (!flags.empty()) inputs.push_back({"flags", flags});
  if (config) inputs.push_back({scenario.model.config.text, *config});
  return inputs;
}

}  // namespace

FabricDesignAnswer design_fabric(const catalog::Catalog& catalog, const FabricDesignRequest& request) {
  const Scenario scenario = read(request);
  const Hosts hosts = hosts_of(catalog, scenario);
  FabricParts parts = fabric_parts(catalog, scenario, hosts.link);
  report::FabricDesignReport result{.title = {}, .job = {}, .question = {}, .candidates = {}, .assumptions = {}, .doubts = {}};
  result.question = question_of(scenario, hosts, parts, result.assumptions);
  result.assumptions.insert(result.assumptions.end(), parts.assumptions.begin(), parts.assumptions.end());
  result.doubts = report::price_doubts(parts.prices);
  result.title = fmt::format("{} x {} with {} NICs of {} ({} endpoints, scale-up domains of {}), switches of {} ports at that speed", hosts.hosts, hosts.name, hosts.nics,
                             format_bits_per_second(hosts.link), result.question.endpoints(), hosts.scale_up_domain, parts.radix);
  result.candidates = search::fabric_candidates(result.question);
  search::measure_failures(result.question, result.candidates, request.threads);
  note_topologies(result.candidates, result.assumptions);
  std::optional<std::string> config;
  if (!scenario.model.config.empty()) config = request.read_file(scenario.model.config.text);
  if (!scenario.model.name.empty() || config) {
    const TrainSetup setup = job_of(catalog, scenario, hosts, config);
    result.job = fmt::format("{}, {}, sequence {}, global batch {}, on {}", setup.model.name, setup.precision, setup.job.sequence_length, setup.job.global_batch, setup.cluster.name);
    result.assumptions.insert(result.assumptions.end(), setup.assumptions.begin(), setup.assumptions.end());
    result.doubts.insert(result.doubts.end(), setup.doubts.begin(), setup.doubts.end());
    result.assumptions.push_back("Step times take all traffic between nodes to cross the narrowest tier at once, with the best layout for each fabric.");
    result.assumptions.push_back("Step times in seconds. step: all traffic between nodes crosses the narrowest tier at once, as when a job is scattered. packed: the same layout with nodes side by side, its messages through the flow simulation, sprayed over all minimal ways.");
    predict_steps(setup, request.threads, result.candidates);
  }
  std::optional<Money> capex = scenario.limits.capex;
  search::judge_fabrics({.capex = capex, .power = scenario.limits.power}, result.candidates);
  const bool feasible = std::any_of(result.candidates.begin(), result.candidates.end(), [](const auto& c) { return c.infeasible.empty() && c.broken.empty(); });
  std::string flags;
  for (const auto& [name, value] : request.flags) flags += name + " " + value + "\n";
  return {feasible, request.json ? report::fabric_design_json(result, inputs_of(request, flags, scenario, config)).dump() + "\n" : report::fabric_design_text(result)};
}

}  // namespace socle::api
