#include "socle/api/fabric_simulate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/api/fabric_setup.hpp"
#include "socle/api/flow_training.hpp"
#include "socle/api/placement.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/comm/traffic_file.hpp"
#include "socle/comm/traffic_patterns.hpp"
#include "socle/net/ecmp.hpp"
#include "socle/report/fabric_report.hpp"
#include "socle/report/fabric_svg.hpp"

namespace socle::api {
namespace {

constexpr std::size_t kHottest = 8, kExamples = 4;
constexpr std::uint64_t kMessagesMax = 20'000'000;

InputError bad(const Scenario& scenario, const std::string& key, std::string message) {
  return InputError(Problem{scenario.source, 0, 0, key, std::move(message)});
}

/// What is exchanged, by whom. Groups hold pointers to the plan.
struct Exchange {
  comm::RoundPlan plan;
  std::vector<comm::PlacedPlan> groups;
  std::optional<comm::OperationRequest> operation;   ///< collectives
  Bytes buffer{};
  double bus_factor = 1;
  std::string text;
};

/// The first algorithm that can carry the operation, or the one that was named.
comm::RoundPlan plan_of(const Scenario& scenario, const comm::OperationRequest& request) {
  const std::string& name = scenario.network.traffic.algorithm;
  std::string able;
  for (const comm::RoundAlgorithm& entry : comm::round_algorithms()) {
    if (!name.empty() && name != entry.name) continue;
    if (auto plan = entry.plan(request)) return *std::move(plan);
  }
  for (const comm::RoundAlgorithm& entry : comm::round_algorithms()) {
    if (entry.plan(request)) able += (able.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw bad(scenario, "traffic.algorithm", fmt::format("{} cannot carry {} over {} ranks in rows of {}; use {}", name, comm::operation_names()[static_cast<std::size_t>(request.operation)],
                                                       request.ranks, request.inner, able));
}

/// Endpoints in the order of ranks: packed unless [fabric] says otherwise; the first job of several.
std::vector<std::uint32_t> rank_order(const Scenario& scenario, const FabricSetup& setup) {
  const std::uint32_t hosts = setup.spec.endpoints / setup.spec.rails;
  const std::string& kind = scenario.network.placement.kind;
  if (kind == "compare") throw bad(scenario, "fabric.placement", "placement = compare is for socle train; write packed, interleaved or scattered");
  const std::uint32_t jobs = scenario.network.placement.jobs.value_or(1);
  return endpoints_of(place_jobs(scenario, kind, hosts, hosts / jobs, static_cast<std::uint32_t>(setup.routing.seed)), setup.spec.rails).front();
}

void place_groups(const Scenario& scenario, const std::vector<std::uint32_t>& order, std::uint32_t ranks, std::uint32_t stride, Exchange& exchange) {
  const std::uint64_t block = static_cast<std::uint64_t>(ranks) * stride;
  if (block > order.size()) throw bad(scenario, "traffic.ranks", fmt::format("ranks = {} with stride = {} reach over {} endpoints, there are {}; use smaller ones", ranks, stride, block, order.size()));
  if (order.size() % block != 0) {
    throw bad(scenario, "traffic.ranks", fmt::format("{} endpoints are no whole number of groups of {} ranks with stride {}; choose ranks * stride that divides {}", order.size(), ranks, stride, order.size()));
  }
  for (std::uint64_t first = 0; first + block <= order.size(); first += block) {
    for (std::uint32_t offset = 0; offset < stride; ++offset) {
      comm::PlacedPlan group{&exchange.plan, {}};
      for (std::uint32_t i = 0; i < ranks; ++i) group.members.push_back(order[first + offset + static_cast<std::uint64_t>(i) * stride]);
      exchange.groups.push_back(std::move(group));
    }
  }
}

void make_collective(const Scenario& scenario, const FabricSetup& setup, comm::Operation operation, Bytes buffer, Exchange& exchange) {
  const TrafficScenario& traffic = scenario.network.traffic;
  const std::vector<std::uint32_t> order = rank_order(scenario, setup);
  const auto all = static_cast<std::uint32_t>(order.size());
  const std::uint32_t ranks = traffic.ranks.value_or(all / traffic.stride.value_or(1)), stride = traffic.stride.value_or(1);
  if (ranks < 2) throw bad(scenario, "traffic.ranks", fmt::format("a group of {} exchanges nothing; use smaller strides", ranks));
  const std::uint32_t inner = traffic.inner.value_or(setup.spec.torus[0] > 1 ? setup.spec.torus[0] : setup.spec.rails);
  exchange.operation = comm::OperationRequest{.operation = operation, .ranks = ranks, .buffer = buffer, .inner = inner, .chunks = traffic.chunks.value_or(16)};
  const bool direct = operation == comm::Operation::kAllToAll && (traffic.algorithm.empty() || traffic.algorithm == "direct" || traffic.algorithm == "pairwise");
  if (direct && static_cast<std::uint64_t>(all) * ranks > kMessagesMax) {
    throw bad(scenario, "traffic.ranks", fmt::format("an all-to-all of {} groups of {} is {} messages; simulate at most {}", all / ranks, ranks, static_cast<std::uint64_t>(all) * ranks, kMessagesMax));
  }
  exchange.plan = plan_of(scenario, *exchange.operation);
  exchange.buffer = buffer;
  exchange.bus_factor = comm::bus_factor(operation, ranks);
  place_groups(scenario, order, ranks, stride, exchange);
  std::uint64_t steps = 0;
  for (const comm::Round& round : exchange.plan.rounds) steps += round.repeat;
  exchange.text = fmt::format("{} of {} over {} ranks, {} ({} step{}){}", comm::operation_names()[static_cast<std::size_t>(operation)], format_bytes(buffer), ranks, exchange.plan.algorithm, steps, steps == 1 ? "" : "s",
                              exchange.groups.size() > 1 ? fmt::format(", {} groups at once, members {} apart", exchange.groups.size(), stride) : "");
}

void make_pattern(const Scenario& scenario, const FabricSetup& setup, const FileReader& read_file, Exchange& exchange) {
  const TrafficScenario& traffic = scenario.network.traffic;
  const std::vector<std::uint32_t> order = rank_order(scenario, setup);
  const auto members = static_cast<std::uint32_t>(order.size());
  const Bytes bytes = traffic.bytes.value_or(Bytes{1e9});
  if (traffic.kind == "permutation") {
    exchange.plan = comm::random_permutation(members, bytes, static_cast<std::uint32_t>(setup.routing.seed));
    exchange.text = fmt::format("random permutation (seed {}), {} from each of {} endpoints", setup.routing.seed, format_bytes(bytes), members);
  } else if (traffic.kind == "shift") {
    const std::uint32_t step = traffic.shift.value_or(members / 2);
    if (step % members == 0) throw bad(scenario, "traffic.shift", fmt::format("shift = {} sends every endpoint's bytes to itself; use 1 to {}", step, members - 1));
    exchange.plan = comm::shift(members, step, bytes);
    exchange.text = fmt::format("shift by {}, {} from each of {} endpoints", step, format_bytes(bytes), members);
  } else if (traffic.kind == "incast") {
    const std::uint32_t senders = traffic.shift.value_or(members - 1);
    if (senders >= members) throw bad(scenario, "traffic.shift", fmt::format("incast of {} senders needs {} endpoints, there are {}; use at most {}", senders, senders + 1, members, members - 1));
    exchange.plan = comm::incast(senders, bytes);
    exchange.text = fmt::format("incast, {} from each of {} senders to endpoint 0", format_bytes(bytes), senders);
  } else {
    if (traffic.file.empty()) throw bad(scenario, "traffic.file", "a traffic matrix comes from a file; write file = \"traffic.csv\" in [traffic] or --traffic-file FILE.csv");
    const auto named = [&](std::string_view name) -> std::optional<std::uint32_t> {
      for (std::uint32_t i = 0; i < members; ++i) {
        if (setup.topology->node_name(i) == name) return i;
      }
      return std::nullopt;
    };
    exchange.plan.rounds.push_back({.transfers = comm::parse_traffic_csv(read_file(traffic.file), traffic.file, members, named)});
    exchange.text = fmt::format("{} messages of {}", exchange.plan.rounds[0].transfers.size(), traffic.file);
  }
  exchange.groups.push_back({&exchange.plan, order});
}

void make_exchange(const Scenario& scenario, const FabricSetup& setup, const FileReader& read_file, std::optional<Bytes> size, Exchange& exchange) {
  const TrafficScenario& traffic = scenario.network.traffic;
  const auto& names = comm::operation_names();
  const std::string kind = traffic.kind.empty() ? names.front() : traffic.kind;
  const auto found = std::find_if(names.begin(), names.end(), [&](const char* name) { return kind == name; });
  if (found == names.end()) make_pattern(scenario, setup, read_file, exchange);
  else make_collective(scenario, setup, static_cast<comm::Operation>(found - names.begin()), size.value_or(traffic.bytes.value_or(Bytes{1e9})), exchange);
}

net::Router make_router(const Scenario& scenario, const FabricSetup& setup, std::uint64_t seed) {
  net::RoutingOptions routing = setup.routing;
  routing.seed = seed;
  net::Router router(*setup.topology, routing);
  if (!scenario.network.fabric.fail_at) {
    for (const net::LinkId link : setup.failed) router.set_failed(link, true);
  }
  return router;
}

comm::SimulationOptions options_of(const Scenario& scenario, const FabricSetup& setup, bool keep) {
  const FabricScenario& fabric = scenario.network.fabric;
  comm::SimulationOptions options{.software_latency = setup.software_latency, .every_flow = scenario.network.traffic.every_flow, .keep_transfers = keep,
                                  .reaction = scenario.network.traffic.reaction.value_or(0.0)};
  if (fabric.fail_at && !setup.failed.empty()) {
    options.failures.push_back({*fabric.fail_at, setup.failed});
    options.reroute_after = fabric.reroute_after.value_or(Seconds{1.0});
  }
  return options;
}

/// What hashing costs at a leaf of a fat tree when all its endpoints send upwards, on average.
std::optional<std::string> collisions(const FabricSetup& setup) {
  if (setup.routing.routing != net::Routing::kHashed || setup.parts.cables.size() < 2 || setup.parts.cables[1].between != "leaf-spine") return std::nullopt;
  const auto leaves = static_cast<double>(setup.parts.switches[0].count);
  const int links = static_cast<int>(static_cast<double>(setup.parts.cables[1].count) / leaves);
  const int flows = static_cast<int>(std::ceil(static_cast<double>(setup.spec.endpoints) / leaves)) * static_cast<int>(setup.routing.queue_pairs);
  if (links < 2 || links > 256 || flows > 512) return std::nullopt;
  const net::EcmpExpectation e = net::ecmp_expectation(links, flows);
  return fmt::format("ECMP: when all {} flows of a leaf go up {} uplinks, hashing leaves {} of them idle and puts {:.2f} flows on the busiest, on average (exact).", flows, links,
                     format_percent(1 - e.links_used), e.most_on_a_link);
}

/// The busiest links, and which messages cross them.
std::vector<report::HotLink> hottest(net::Router router, const report::FabricReport& report) {
  std::vector<net::LinkId> order;
  for (net::LinkId link = 0; link < report.utilisation.size(); ++link) {
    if (report.utilisation[link] > 0) order.push_back(link);
  }
  const std::size_t shown = std::min(kHottest, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](net::LinkId a, net::LinkId b) { return std::make_pair(-report.utilisation[a], a) < std::make_pair(-report.utilisation[b], b); });
  std::vector<report::HotLink> hot;
  std::vector<int> place(report.utilisation.size(), -1);
  for (std::size_t i = 0; i < shown; ++i) {
    place[order[i]] = static_cast<int>(i);
    hot.push_back({order[i], report.utilisation[order[i]], report.result.link_bytes[order[i]], 0, {}});
  }
  if (router.options().routing == net::Routing::kSpray) return hot;
  net::FlowPaths paths;
  for (std::size_t t = 0; t < report.result.transfers.size(); ++t) {
    paths = {};
    router.append(report.result.transfers[t].from, report.result.transfers[t].to, report.result.transfers[t].bytes.value(), paths);
    for (const net::LinkId link : paths.links) {
      if (place[link] < 0) continue;
      report::HotLink& at = hot[static_cast<std::size_t>(place[link])];
      ++at.flows;
      if (at.examples.size() < kExamples) at.examples.push_back(t);
    }
  }
  return hot;
}

void sweep_seeds(const Scenario& scenario, const FabricSetup& setup, const Exchange& exchange, unsigned threads, report::FabricReport& report) {
  const std::uint32_t count = scenario.network.traffic.seeds.value_or(0);
  report.seeds.resize(count);
  parallel_for(count, threads, [&](std::size_t i) {
    const std::uint64_t seed = setup.routing.seed + i;
    net::Router router = make_router(scenario, setup, seed);
    report.seeds[i] = {static_cast<std::uint32_t>(seed), comm::simulate_rounds(router, exchange.groups, options_of(scenario, setup, false)).time};
  });
}

void sweep_sizes(const Scenario& scenario, const FabricSetup& setup, const FileReader& read_file, unsigned threads, report::FabricReport& report) {
  const std::vector<std::string>& sizes = scenario.network.traffic.sizes;
  report.sizes.resize(sizes.size());
  parallel_for(sizes.size(), threads, [&](std::size_t i) {
    const Bytes bytes = *parse_unit_text<Bytes>(sizes[i]).value;
    Exchange exchange;
    make_exchange(scenario, setup, read_file, bytes, exchange);
    net::Router router = make_router(scenario, setup, setup.routing.seed);
    const Seconds time = comm::simulate_rounds(router, exchange.groups, options_of(scenario, setup, false)).time;
    report.sizes[i] = {bytes, time, bytes / time, bytes / time * exchange.bus_factor};
  });
}

std::string chart_of(const Scenario& scenario, const report::FabricReport& report, const comm::OperationRequest& operation, const char* algorithm) {
  if (report.sizes.empty()) throw bad(scenario, "traffic.sizes", "a chart needs several sizes; write sizes = [\"1 MB\", \"1 GB\"] in [traffic] or --sizes \"1 MB, 1 GB\"");
  report::BandwidthCurve curve{.name = algorithm, .points = {}};
  for (const report::SizePoint& point : report.sizes) curve.points.push_back({point.bytes, point.bus_bandwidth});
  return report::bandwidth_svg({&curve, 1}, fmt::format("{} over {} ranks, {}", comm::operation_names()[static_cast<std::size_t>(operation.operation)], operation.ranks, report.routing));
}

}  // namespace

FabricAnswer simulate_fabric(const catalog::Catalog& catalog, const FabricRequest& request) {
  const Scenario scenario = read_scenario(request.scenario_text, request.scenario_name, request.flags);
  if (scenario.network.traffic.kind == "step") return simulate_step(catalog, scenario, request);
  const FabricSetup setup = set_up_fabric(catalog, scenario, request.read_file);
  Exchange exchange;
  make_exchange(scenario, setup, request.read_file, std::nullopt, exchange);
  if (!scenario.network.traffic.sizes.empty() && !exchange.operation) throw bad(scenario, "traffic.sizes", "sizes go with a collective; leave them out for permutation, shift, incast and matrix");

  net::Router router = make_router(scenario, setup, setup.routing.seed);
  report::FabricReport report{.fabric = setup.description, .traffic = exchange.text, .routing = routing_text(setup.routing, scenario.network.fabric.static_rail),
                              .topology = setup.topology.get(), .result = comm::simulate_rounds(router, exchange.groups, options_of(scenario, setup, true)),
                              .buffer = exchange.buffer, .bus_factor = exchange.bus_factor, .ideal = {}, .utilisation = {}, .hottest = {}, .sizes = {}, .seeds = {}, .assumptions = setup.assumptions};
  if (!setup.failed.empty()) report.routing += fmt::format("; {} cables failed{}", setup.failed.size(), scenario.network.fabric.fail_at ? " at " + format_seconds(*scenario.network.fabric.fail_at) : "");
  if (exchange.operation) {
    const Seconds latency = static_cast<double>(setup.parts.hops_max) * setup.spec.hop_latency + setup.software_latency;
    report.ideal = comm::alpha_beta_time(exchange.plan, exchange.operation->ranks, setup.spec.link * setup.efficiency, latency);
  }
  report.utilisation = report::utilisation_of(*setup.topology, report.result);
  report.hottest = hottest(make_router(scenario, setup, setup.routing.seed), report);
  sweep_seeds(scenario, setup, exchange, request.threads, report);
  sweep_sizes(scenario, setup, request.read_file, request.threads, report);
  if (report.result.method != comm::Method::kEveryFlow || !scenario.network.traffic.reaction) {
    report.assumptions.push_back("Flows share links max-min fairly; packets, buffers and congestion control are not simulated.");
  } else {
    report.assumptions.push_back(fmt::format("Rates answer departures within {} of the time passed.", format_percent(*scenario.network.traffic.reaction)));
  }
  if (const auto sentence = collisions(setup)) report.assumptions.push_back(*sentence);
  std::vector<report::InputText> inputs;
  if (!request.scenario_name.empty()) inputs.push_back({request.scenario_name, request.scenario_text});
  FabricAnswer answer{.complete = report.result.stalled == 0, .text = request.json ? report::fabric_json(report, inputs).dump() + "\n" : report::fabric_text(report), .flows = {}, .links = {}, .trace = {}, .picture = {}, .chart = {}};
  if (request.flows) answer.flows = report::flows_csv(report);
  if (request.links) answer.links = report::links_csv(report);
  if (request.trace) answer.trace = report::flows_trace(report);
  if (request.picture) answer.picture = report::topology_svg(*setup.topology, report.utilisation, setup.spec.topology + ": " + exchange.text);
  if (request.chart) answer.chart = chart_of(scenario, report, exchange.operation.value_or(comm::OperationRequest{}), exchange.plan.algorithm);
  return answer;
}

}  // namespace socle::api
