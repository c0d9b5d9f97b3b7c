#include "socle/answer/fabric/simulate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/parallel_for.hpp"
#include "socle/net/ecmp.hpp"

namespace socle::answer {
namespace {

constexpr std::size_t kHottest = 8, kExamples = 4;

using setup::Exchange;
using setup::SimulateSetup;

std::vector<comm::PlacedPlan> placed(const Exchange& exchange) {
  std::vector<comm::PlacedPlan> groups;
  for (const auto& members : exchange.groups) groups.push_back({&exchange.plan, members});
  return groups;
}

net::Router make_router(const SimulateSetup& setup, std::uint64_t seed) {
  net::RoutingOptions routing = setup.fabric.routing;
  routing.seed = seed;
  net::Router router(*setup.fabric.topology, routing);
  if (setup.fail_at) return router;
  for (const net::LinkId link : setup.fabric.failed) router.set_failed(link, true);
  return router;
}

comm::SimulationOptions options_of(const SimulateSetup& setup, const Progress& progress) {
  comm::SimulationOptions options{.software_latency = setup.fabric.software_latency,
                                  .every_flow = setup.every_flow,
                                  .reaction = setup.reaction.value_or(0.0),
                                  .looked_at = &progress};
  if (setup.fail_at && !setup.fabric.failed.empty()) {
    options.failures.push_back({*setup.fail_at, setup.fabric.failed});
    options.reroute_after = setup.reroute_after;
  }
  return options;
}

/// Links of the domains carry what a library sends inside; its time there comes from measured links.
void add_inside(const SimulateSetup& setup, net::Router& router, comm::SimulationResult& result) {
  std::vector<comm::PlacedPlan> groups;
  for (const auto& members : setup.exchange.groups) groups.push_back({&setup.exchange.library->inside, members});
  comm::SimulationResult inside = comm::simulate_rounds(
      router, groups, {.software_latency = setup.fabric.software_latency, .keep_transfers = true});
  for (std::size_t link = 0; link < result.link_bytes.size(); ++link)
    result.link_bytes[link] += inside.link_bytes[link];
  for (comm::TransferRecord& transfer : inside.transfers) {
    transfer.round = 1;
    result.transfers.push_back(transfer);
  }
  result.flows += inside.flows;
}

/// The one run that is told in full.
comm::SimulationResult run(const SimulateSetup& setup, Progress& progress) {
  net::Router router = make_router(setup, setup.fabric.routing.seed);
  comm::SimulationOptions options = options_of(setup, progress);
  options.keep_transfers = true;
  options.told = &progress;
  comm::SimulationResult result = comm::simulate_rounds(router, placed(setup.exchange), options);
  if (!setup.exchange.library) return result;
  if (setup.exchange.plan.rounds.empty()) result.method = comm::Method::kUnshared;
  result.time = setup.exchange.library->time(result.time);
  if (!setup.fabric.graph) add_inside(setup, router, result);
  return result;
}

Seconds time_of(const SimulateSetup& setup, const Exchange& exchange, std::uint64_t seed, const Progress& progress) {
  net::Router router = make_router(setup, seed);
  const Seconds messages = comm::simulate_rounds(router, placed(exchange), options_of(setup, progress)).time;
  return exchange.library ? exchange.library->time(messages) : messages;
}

/// What hashing costs at a leaf of a fat tree when all its endpoints send upwards, on average.
std::optional<std::string> collisions(const setup::FabricSetup& fabric) {
  const net::FabricParts& parts = fabric.parts;
  if (fabric.routing.routing != net::Routing::kHashed || parts.cables.size() < 2 ||
      parts.cables[1].between != "leaf-spine")
    return std::nullopt;
  const auto leaves = static_cast<double>(parts.switches[0].count);
  const int links = static_cast<int>(static_cast<double>(parts.cables[1].count) / leaves);
  const int flows = static_cast<int>(std::ceil(static_cast<double>(fabric.spec.endpoints) / leaves)) *
                    static_cast<int>(fabric.routing.queue_pairs);
  if (links < 2 || links > 256 || flows > 512) return std::nullopt;
  const net::EcmpExpectation e = net::ecmp_expectation(links, flows);
  return fmt::format(
      "ECMP: when all {} flows of a leaf go up {} uplinks, hashing leaves {} of them idle and puts {:.2f} flows on the "
      "busiest, on average (exact).",
      flows, links, format_percent(1 - e.links_used), e.most_on_a_link);
}

std::vector<double> utilisation_of(const net::Topology& topology, const comm::SimulationResult& result) {
  std::vector<double> shares(topology.links().size(), 0.0);
  for (std::size_t link = 0; link < shares.size() && result.time > Seconds{}; ++link) {
    shares[link] = result.link_bytes[link] / (topology.links()[link].bandwidth.value() * result.time.value());
  }
  return shares;
}

/// The busiest links, and which messages cross them.
std::vector<HotLink> hottest(net::Router router, const SimulateResult& run) {
  std::vector<net::LinkId> order;
  for (net::LinkId link = 0; link < run.utilisation.size(); ++link) {
    if (run.utilisation[link] > 0) order.push_back(link);
  }
  const std::size_t shown = std::min(kHottest, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](net::LinkId a, net::LinkId b) {
                      return std::make_pair(-run.utilisation[a], a) < std::make_pair(-run.utilisation[b], b);
                    });
  std::vector<HotLink> hot;
  std::vector<int> place(run.utilisation.size(), -1);
  for (std::size_t i = 0; i < shown; ++i) {
    place[order[i]] = static_cast<int>(i);
    hot.push_back({order[i], run.utilisation[order[i]], run.result.link_bytes[order[i]], 0, {}});
  }
  if (router.options().routing == net::Routing::kSpray) return hot;
  net::FlowPaths paths;
  for (std::size_t t = 0; t < run.result.transfers.size(); ++t) {
    paths = {};
    router.append(run.result.transfers[t].from, run.result.transfers[t].to, run.result.transfers[t].bytes.value(),
                  paths);
    for (const net::LinkId link : paths.links) {
      if (place[link] < 0) continue;
      HotLink& at = hot[static_cast<std::size_t>(place[link])];
      ++at.flows;
      if (at.examples.size() < kExamples) at.examples.push_back(t);
    }
  }
  return hot;
}

void sweep_seeds(const SimulateSetup& setup, unsigned threads, Progress& progress, SimulateResult& result) {
  if (setup.seeds == 0) return;
  result.seeds.resize(setup.seeds);
  progress.begin("simulating seeds", setup.seeds);
  parallel_for(
      setup.seeds, threads,
      [&](std::size_t i) {
        const std::uint64_t seed = setup.fabric.routing.seed + i;
        result.seeds[i] = {static_cast<std::uint32_t>(seed), time_of(setup, setup.exchange, seed, progress)};
      },
      &progress);
}

void sweep_sizes(const SimulateSetup& setup, unsigned threads, Progress& progress, SimulateResult& result) {
  if (setup.sizes.empty()) return;
  result.sizes.resize(setup.sizes.size());
  progress.begin("simulating sizes", setup.sizes.size());
  parallel_for(
      setup.sizes.size(), threads,
      [&](std::size_t i) {
        const Bytes bytes = setup.sizes[i];
        const Exchange exchange = setup::exchange_of_size(setup, bytes);
        const Seconds time = time_of(setup, exchange, setup.fabric.routing.seed, progress);
        result.sizes[i] = {bytes, time, bytes / time, bytes / time * exchange.bus_factor};
      },
      &progress);
}

/// The range is that of measurements, in which nothing collided and nothing failed.
LibraryFigures library_figures(const SimulateSetup& setup) {
  const setup::LibraryRun& run = *setup.exchange.library;
  const Seconds time = run.time(run.outside);
  return {.name = setup.library->library.name,
          .algorithm = run.algorithm,
          .protocol = run.protocol,
          .channels = static_cast<int>(run.channels),
          .latency = run.latency,
          .outside = run.outside,
          .inside = run.inside_time,
          .low = time * run.low,
          .high = time * run.high};
}

void note_method(const SimulateSetup& setup, SimulateResult& result) {
  if (result.result.method != comm::Method::kEveryFlow || !setup.reaction) {
    result.assumptions.push_back(
        "Flows share links max-min fairly; packets, buffers and congestion control are not simulated.");
  } else {
    result.assumptions.push_back(
        fmt::format("Rates answer departures within {} of the time passed.", format_percent(*setup.reaction)));
  }
  if (const auto sentence = collisions(setup.fabric)) result.assumptions.push_back(*sentence);
}

}  // namespace

SimulateResult simulate_fabric(setup::SimulateSetup setup, const SimulateOptions& options, Progress& progress) {
  const setup::FabricSetup& fabric = setup.fabric;
  const Exchange& exchange = setup.exchange;
  SimulateResult result{.fabric = fabric.description,
                        .traffic = exchange.text,
                        .routing = setup.routing,
                        .topology_name = fabric.spec.topology,
                        .algorithm = exchange.library          ? exchange.library->algorithm
                                     : exchange.plan.algorithm ? exchange.plan.algorithm
                                                               : "",
                        .library = {},
                        .operation = exchange.operation,
                        .topology = {},
                        .result = run(setup, progress),
                        .buffer = exchange.buffer,
                        .bus_factor = exchange.bus_factor,
                        .ideal = {},
                        .utilisation = {},
                        .hottest = {},
                        .sizes = {},
                        .seeds = {},
                        .assumptions = fabric.assumptions};
  if (exchange.library) {
    result.library = library_figures(setup);
    result.ideal = exchange.library->time(exchange.library->outside);
  } else if (exchange.operation) {
    const Seconds latency =
        static_cast<double>(fabric.parts.hops_max) * fabric.spec.hop_latency + fabric.software_latency;
    result.ideal =
        comm::alpha_beta_time(exchange.plan, exchange.operation->ranks, fabric.spec.link * fabric.efficiency, latency);
  }
  result.utilisation = utilisation_of(*fabric.topology, result.result);
  result.hottest = hottest(make_router(setup, fabric.routing.seed), result);
  sweep_seeds(setup, options.threads, progress, result);
  sweep_sizes(setup, options.threads, progress, result);
  note_method(setup, result);
  result.topology = std::move(setup.fabric.topology);
  return result;
}

}  // namespace socle::answer
