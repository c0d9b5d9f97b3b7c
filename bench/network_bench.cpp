// Flows on fat trees of 400 Gb/s links. Every timed part builds its fabric, routes and simulates, on one thread.
#include <benchmark/benchmark.h>

#include "network_workloads.hpp"
#include "socle/comm/round_simulation.hpp"
#include "socle/comm/traffic_file.hpp"
#include "socle/net/scale_up_domains.hpp"

namespace socle::bench {
namespace {

using comm::Operation;
using comm::RoundPlan;
using comm::SimulationOptions;
using comm::SimulationResult;
using net::FabricSpec;
using net::Routing;

struct Hop {
  double microseconds = 1;
};

/// Non-blocking tree of three tiers: k^3 / 4 hosts.
FabricSpec cube_tree(std::uint32_t radix, Hop hop) {
  return {.topology = "fat-tree",
          .endpoints = radix * radix * radix / 4,
          .radix = radix,
          .hop_latency = Seconds{hop.microseconds * 1e-6},
          .tiers = 3};
}

RoundPlan permutation_plan(std::uint32_t hosts) {
  RoundPlan plan{.algorithm = "permutation"};
  plan.rounds.emplace_back();
  const std::vector<std::uint32_t> to = permutation(hosts);
  for (std::uint32_t from = 0; from < hosts; ++from)
    plan.rounds.back().transfers.push_back({from, to[from], Bytes{kPermutationBytes}});
  return plan;
}

RoundPlan all_to_all_plan(std::uint32_t hosts, double jitter) {
  RoundPlan plan = *comm::find_round_algorithm("direct")->plan(
      {.operation = Operation::kAllToAll, .ranks = hosts, .buffer = Bytes{kPairBytes * hosts}});
  const RandomStream random(7, 2);
  std::uint64_t message = 0;
  for (comm::Round& round : plan.rounds) {
    for (comm::Transfer& transfer : round.transfers)
      transfer.bytes = Bytes{kPairBytes * (1 + jitter * (2 * random.uniform(message++, 0) - 1))};
  }
  return plan;
}

RoundPlan ring_plan(std::uint32_t hosts) {
  return *comm::find_round_algorithm("ring")->plan(
      {.operation = Operation::kAllReduce, .ranks = hosts, .buffer = Bytes{kRingBytes}});
}

template <typename MakePlan>
void simulate(benchmark::State& state, const FabricSpec& spec, Routing routing, const SimulationOptions& options,
              MakePlan make_plan) {
  SimulationResult result;
  reset_memory_peak();
  const RoundPlan plan = make_plan(spec.endpoints);  // the question; building the fabric, routing and solving are timed
  for (auto _ : state) {
    const auto topology = net::build_fabric(spec);
    net::Router router(*topology, {.routing = routing, .seed = 1});
    comm::PlacedPlan placed{&plan, std::vector<std::uint32_t>(spec.endpoints)};
    std::iota(placed.members.begin(), placed.members.end(), 0u);
    result = comm::simulate_rounds(router, {&placed, 1}, options);
    benchmark::ClobberMemory();
  }
  state.counters["simulated_ms"] = result.time.value() * 1e3;
  state.counters["flows"] = static_cast<double>(result.flows);
  state.counters["solves"] = static_cast<double>(result.counts.solves);
  state.counters["opened"] = static_cast<double>(result.counts.opened);
  state.counters["peak_mb"] = memory_peak_mb();
  state.SetLabel(comm::method_name(result.method));
}

void network_permutation(benchmark::State& state, std::uint32_t radix, Routing routing, Hop hop) {
  simulate(state, cube_tree(radix, hop), routing, {}, permutation_plan);
}

void network_all_to_all(benchmark::State& state, std::uint32_t radix, Routing routing, Hop hop) {
  simulate(state, cube_tree(radix, hop), routing, {}, [](std::uint32_t hosts) { return all_to_all_plan(hosts, 0); });
}

// Sizes from 0.5 to 1.5 MB: every message ends at a moment of its own.
void network_jittered_all_to_all(benchmark::State& state, std::uint32_t radix, Routing routing, double reaction) {
  simulate(state, cube_tree(radix, {}), routing, {.reaction = reaction},
           [](std::uint32_t hosts) { return all_to_all_plan(hosts, 0.5); });
}

void network_ring(benchmark::State& state, std::uint32_t radix, bool every_flow, Hop hop) {
  simulate(state, cube_tree(radix, hop), Routing::kDeterministic, {.every_flow = every_flow}, ring_plan);
}

FabricSpec hundred_thousand() { return {.topology = "fat-tree", .endpoints = 100'000, .radix = 128, .tiers = 3}; }

void network_100k_ring(benchmark::State& state) {
  simulate(state, hundred_thousand(), Routing::kDeterministic, {}, ring_plan);
}
void network_100k_permutation(benchmark::State& state, Routing routing) {
  simulate(state, hundred_thousand(), routing, {}, permutation_plan);
}

// A million rows of text into messages.
void network_traffic_file(benchmark::State& state) {
  const RandomStream random(3, 3);
  std::string text = "from,to,bytes\n";
  for (std::uint32_t row = 0; row < 1'000'000; ++row) {
    const std::uint64_t from = random.below(1024, row, 0), other = random.below(1023, row, 1);
    text += std::to_string(from) + "," + std::to_string(other + (other >= from ? 1 : 0)) + ",64 MB\n";
  }
  reset_memory_peak();
  for (auto _ : state) benchmark::DoNotOptimize(comm::parse_traffic_csv(text, "traffic.csv", 1024, {}));
  state.counters["peak_mb"] = memory_peak_mb();
}

constexpr Hop kHop{1}, kNoHop{0};

BENCHMARK_CAPTURE(network_permutation, 1024_d_mod_k, 16, Routing::kDeterministic, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_permutation, 1024_hashed, 16, Routing::kHashed, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_permutation, 65536_d_mod_k, 64, Routing::kDeterministic, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_permutation, 65536_hashed, 64, Routing::kHashed, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_all_to_all, 128_d_mod_k, 8, Routing::kDeterministic, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_all_to_all, 1024_d_mod_k, 16, Routing::kDeterministic, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_all_to_all, 128_hashed, 8, Routing::kHashed, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_jittered_all_to_all, 16_d_mod_k_exact, 4, Routing::kDeterministic, 0.0)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_jittered_all_to_all, 54_d_mod_k_exact, 6, Routing::kDeterministic, 0.0)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(network_jittered_all_to_all, 54_hashed_exact, 6, Routing::kHashed, 0.0)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(network_jittered_all_to_all, 128_hashed_reaction_1_percent, 8, Routing::kHashed, 0.01)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_ring, 1024_every_flow, 16, true, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_ring, 1024_by_phase, 16, false, kHop)->Unit(benchmark::kMillisecond);
BENCHMARK(network_100k_ring)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_100k_permutation, d_mod_k, Routing::kDeterministic)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_100k_permutation, spray, Routing::kSpray)->Unit(benchmark::kMillisecond);
BENCHMARK(network_traffic_file)->Unit(benchmark::kMillisecond);

// Links without latency: what SimGrid shares fairly too (compare_simgrid.sh).
BENCHMARK_CAPTURE(network_permutation, 128_no_latency, 8, Routing::kDeterministic, kNoHop)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_permutation, 1024_no_latency, 16, Routing::kDeterministic, kNoHop)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_all_to_all, 128_no_latency, 8, Routing::kDeterministic, kNoHop)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_all_to_all, 1024_no_latency, 16, Routing::kDeterministic, kNoHop)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_ring, 128_no_latency, 8, true, kNoHop)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network_ring, 1024_no_latency, 16, true, kNoHop)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace socle::bench
