#include "socle/setup/simulate_setup.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/comm/traffic_file.hpp"
#include "socle/comm/traffic_patterns.hpp"
#include "socle/setup/placement.hpp"
#include "socle/setup/refusal.hpp"

namespace socle::setup {
namespace {

constexpr std::uint64_t kMessagesMax = 20'000'000;                        // textbook: many are solved together
constexpr std::uint64_t kAcrossMax = 10'000'000, kInsideMax = 2'000'000;  // of a library: 1,024 hosts take 8.4 M
constexpr Bytes kBytesDefault{1e9};

using scenario::Scenario;

const char* name_of(comm::Operation operation) { return comm::operation_names()[static_cast<std::size_t>(operation)]; }

/// The first algorithm that can carry the operation, or the one that was named; empty when none can.
std::optional<comm::RoundPlan> plan_of(const std::string& algorithm, const comm::OperationRequest& request) {
  for (const comm::RoundAlgorithm& entry : comm::round_algorithms()) {
    if (!algorithm.empty() && algorithm != entry.name) continue;
    if (auto plan = entry.plan(request)) return plan;
  }
  return std::nullopt;
}

[[noreturn]] void refuse_algorithm(const Scenario& scenario, const comm::OperationRequest& request) {
  std::string able;
  for (const comm::RoundAlgorithm& entry : comm::round_algorithms()) {
    if (entry.plan(request)) able += (able.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw refusal(scenario, "traffic.algorithm",
                fmt::format("{} cannot carry {} over {} ranks in rows of {}; use {}", scenario.traffic.algorithm,
                            name_of(request.operation), request.ranks, request.inner, able));
}

/// Endpoints in the order of ranks: packed unless [fabric] says otherwise; the first job of several.
std::vector<std::uint32_t> rank_order(const Scenario& scenario, const FabricSetup& fabric) {
  const std::uint32_t hosts = fabric.spec.endpoints / fabric.spec.rails;
  const std::string& kind = scenario.fabric.placement;
  if (kind == "compare")
    throw refusal(scenario, "fabric.placement",
                  "placement = compare is for socle train; write packed, interleaved or scattered");
  const std::uint32_t jobs = scenario.fabric.jobs.value_or(1);
  return endpoints_of(place_jobs(scenario, kind, hosts, hosts / jobs, static_cast<std::uint32_t>(fabric.routing.seed)),
                      fabric.spec.rails)
      .front();
}

void check_groups(const Scenario& scenario, std::uint64_t endpoints, std::uint32_t ranks, std::uint32_t stride) {
  const std::uint64_t block = static_cast<std::uint64_t>(ranks) * stride;
  if (block > endpoints) {
    throw refusal(scenario, "traffic.ranks",
                  fmt::format("ranks = {} with stride = {} reach over {} endpoints, there are {}; use smaller ones",
                              ranks, stride, block, endpoints));
  }
  if (endpoints % block != 0) {
    throw refusal(scenario, "traffic.ranks",
                  fmt::format("{} endpoints are no whole number of groups of {} ranks with stride {}; choose ranks * "
                              "stride that divides {}",
                              endpoints, ranks, stride, endpoints));
  }
}

std::vector<std::vector<std::uint32_t>> members_of(const CollectiveGroups& groups) {
  const std::uint64_t block = static_cast<std::uint64_t>(groups.ranks) * groups.stride;
  std::vector<std::vector<std::uint32_t>> members;
  for (std::uint64_t first = 0; first + block <= groups.order.size(); first += block) {
    for (std::uint32_t offset = 0; offset < groups.stride; ++offset) {
      members.emplace_back();
      for (std::uint32_t i = 0; i < groups.ranks; ++i)
        members.back().push_back(groups.order[first + offset + static_cast<std::uint64_t>(i) * groups.stride]);
    }
  }
  return members;
}

std::string at_once(const CollectiveGroups& groups, std::size_t count) {
  return count > 1 ? fmt::format(", {} groups at once, members {} apart", count, groups.stride) : "";
}

Exchange collective(const CollectiveGroups& groups, comm::OperationRequest request, comm::RoundPlan plan) {
  Exchange exchange{.plan = std::move(plan),
                    .library = {},
                    .groups = members_of(groups),
                    .operation = request,
                    .buffer = request.buffer,
                    .bus_factor = comm::bus_factor(request.operation, request.ranks),
                    .text = {}};
  std::uint64_t steps = 0;
  for (const comm::Round& round : exchange.plan.rounds) steps += round.repeat;
  exchange.text = fmt::format("{} of {} over {} ranks, {} ({} step{}){}", name_of(request.operation),
                              format_bytes(request.buffer), request.ranks, exchange.plan.algorithm, steps,
                              steps == 1 ? "" : "s", at_once(groups, exchange.groups.size()));
  return exchange;
}

std::string library_text(const LibrarySetup& library, const LibraryRun& run) {
  if (run.protocol.empty()) return fmt::format("{} inside one scale-up domain", library.library.name);
  return fmt::format("{}: {}, {} channel{}, protocol {}", library.library.name, run.algorithm, run.channels,
                     run.channels == 1 ? "" : "s", run.protocol);
}

Exchange library_call(const LibrarySetup& library, const CollectiveGroups& groups,
                      std::vector<std::vector<std::uint32_t>> members, comm::OperationRequest request) {
  LibraryRun run = library_run(library, request);
  Exchange exchange{.plan = std::move(run.across),
                    .library = {},
                    .groups = std::move(members),
                    .operation = request,
                    .buffer = request.buffer,
                    .bus_factor = comm::bus_factor(request.operation, request.ranks),
                    .text = {}};
  exchange.text = fmt::format("{} of {} over {} ranks, {}{}", name_of(request.operation), format_bytes(request.buffer),
                              request.ranks, library_text(library, run), at_once(groups, exchange.groups.size()));
  exchange.library = std::move(run);
  return exchange;
}

std::string groups_text(std::size_t groups) {
  return groups == 1 ? "one group" : fmt::format("{} groups at once", groups);
}

/// Refuses what would take long or much memory, before the messages are made.
void check_messages(const Scenario& scenario, const LibrarySetup& library, std::size_t groups,
                    const comm::OperationRequest& request) {
  const comm::MessageCount count = library_messages(library, request);
  const auto refuse = [&](std::uint64_t messages, std::uint64_t most, const char* where) {
    if (messages * groups <= most) return;
    comm::OperationRequest small = request;  // names the textbook's algorithm without a plan of that size
    small.ranks = 2, small.inner = 1;
    const auto plan = plan_of({}, small);
    const bool helps = plan && request.operation != comm::Operation::kAllToAll;
    const std::string textbook = helps ? fmt::format(", or --algorithm {}", plan->algorithm) : "";
    throw refusal(scenario, "traffic.ranks",
                  fmt::format("{} of {}, of {} ranks in {} scale-up domains, takes {} messages {} domains; simulate at "
                              "most {}: write fewer ranks (--ranks) or hosts{}",
                              name_of(request.operation), groups_text(groups), request.ranks, library.group.domains,
                              messages * groups, where, most, textbook));
  };
  refuse(count.across, kAcrossMax, "between");
  refuse(count.inside, kInsideMax, "inside");
}

void set_up_collective(const catalog::Catalog& catalog, const Scenario& scenario, comm::Operation operation,
                       SimulateSetup& setup) {
  const scenario::TrafficSection& traffic = scenario.traffic;
  CollectiveGroups& groups = setup.groups;
  groups.order = rank_order(scenario, setup.fabric);
  const auto all = static_cast<std::uint32_t>(groups.order.size());
  groups.stride = traffic.stride.value_or(1);
  groups.ranks = traffic.ranks.value_or(all / groups.stride);
  groups.algorithm = traffic.algorithm;
  if (groups.ranks < 2)
    throw refusal(scenario, "traffic.ranks",
                  fmt::format("a group of {} exchanges nothing; use smaller strides", groups.ranks));
  check_groups(scenario, groups.order.size(), groups.ranks, groups.stride);  // before a plan of that size is made
  const net::FabricSpec& spec = setup.fabric.spec;
  const std::uint32_t inner = traffic.inner.value_or(spec.torus[0] > 1 ? spec.torus[0] : spec.rails);
  const comm::OperationRequest request{.operation = operation,
                                       .ranks = groups.ranks,
                                       .buffer = traffic.bytes.value_or(kBytesDefault),
                                       .inner = inner,
                                       .chunks = traffic.chunks.value_or(16)};
  const bool direct = operation == comm::Operation::kAllToAll && !setup.fabric.streams &&
                      (traffic.algorithm.empty() || traffic.algorithm == "direct" || traffic.algorithm == "pairwise");
  const std::uint64_t messages =
      static_cast<std::uint64_t>(all) * groups.ranks * scenario.fabric.queue_pairs.value_or(1);
  if (direct && messages > kMessagesMax) {
    throw refusal(
        scenario, "traffic.ranks",
        fmt::format("an all-to-all of {} of {} ranks is {} messages over all queue pairs; simulate at most {}: write "
                    "fewer ranks (--ranks), hosts or queue pairs",
                    groups_text(all / groups.ranks), groups.ranks, messages, kMessagesMax));
  }
  if (setup.fabric.streams) {
    auto members = members_of(groups);
    setup.library = set_up_library(catalog, scenario, setup.fabric, members, setup.fabric.assumptions);
    check_messages(scenario, *setup.library, members.size(), request);
    setup.exchange = library_call(*setup.library, groups, std::move(members), request);
    return;
  }
  if (traffic.channels)
    throw refusal(scenario, "traffic.channels",
                  "channels are those of a library; write algorithm = \"library\", or leave them out");
  auto plan = plan_of(groups.algorithm, request);
  if (!plan) refuse_algorithm(scenario, request);
  setup.exchange = collective(groups, request, *std::move(plan));
}

void set_up_matrix(const Scenario& scenario, const FabricSetup& fabric, const FileReader& read_file,
                   std::uint32_t members, Exchange& exchange) {
  const std::string& file = scenario.traffic.file.text;
  if (file.empty())
    throw refusal(
        scenario, "traffic.file",
        "a traffic matrix comes from a file; write file = \"traffic.csv\" in [traffic] or --traffic-file FILE.csv");
  const auto named = [&](std::string_view name) -> std::optional<std::uint32_t> {
    for (std::uint32_t i = 0; i < members; ++i) {
      if (fabric.topology->node_name(i) == name) return i;
    }
    return std::nullopt;
  };
  exchange.plan.rounds.push_back({.transfers = comm::parse_traffic_csv(read_file(file), file, members, named)});
  exchange.text = fmt::format("{} messages of {}", exchange.plan.rounds[0].transfers.size(), file);
}

void set_up_pattern(const Scenario& scenario, const FileReader& read_file, SimulateSetup& setup) {
  const scenario::TrafficSection& traffic = scenario.traffic;
  Exchange& exchange = setup.exchange;
  const std::vector<std::uint32_t> order = rank_order(scenario, setup.fabric);
  const auto members = static_cast<std::uint32_t>(order.size());
  const Bytes bytes = traffic.bytes.value_or(kBytesDefault);
  if (traffic.kind == "permutation") {
    const std::uint64_t seed = setup.fabric.routing.seed;
    exchange.plan = comm::random_permutation(members, bytes, static_cast<std::uint32_t>(seed));
    exchange.text =
        fmt::format("random permutation (seed {}), {} from each of {} endpoints", seed, format_bytes(bytes), members);
  } else if (traffic.kind == "shift") {
    const std::uint32_t step = traffic.shift.value_or(members / 2);
    if (step % members == 0)
      throw refusal(scenario, "traffic.shift",
                    fmt::format("shift = {} sends every endpoint's bytes to itself; use 1 to {}", step, members - 1));
    exchange.plan = comm::shift(members, step, bytes);
    exchange.text = fmt::format("shift by {}, {} from each of {} endpoints", step, format_bytes(bytes), members);
  } else if (traffic.kind == "incast") {
    const std::uint32_t senders = traffic.shift.value_or(members - 1);
    if (senders >= members) {
      throw refusal(scenario, "traffic.shift",
                    fmt::format("incast of {} senders needs {} endpoints, there are {}; use at most {}", senders,
                                senders + 1, members, members - 1));
    }
    exchange.plan = comm::incast(senders, bytes);
    exchange.text = fmt::format("incast, {} from each of {} senders to endpoint 0", format_bytes(bytes), senders);
  } else {
    set_up_matrix(scenario, setup.fabric, read_file, members, exchange);
  }
  exchange.groups.push_back(order);
}

}  // namespace

SimulateSetup set_up_simulate(const catalog::Catalog& catalog, const Scenario& scenario, const FileReader& read_file) {
  const scenario::TrafficSection& traffic = scenario.traffic;
  const scenario::FabricSection& fabric = scenario.fabric;
  const FabricUse use = runs_library(scenario) ? FabricUse::kLibrary : FabricUse::kMessages;
  SimulateSetup setup{.fabric = set_up_fabric(catalog, scenario, read_file, use),
                      .routing = {},
                      .exchange = {},
                      .groups = {},
                      .library = {},
                      .sizes = {},
                      .seeds = traffic.seeds.value_or(0),
                      .fail_at = fabric.fail_at,
                      .reroute_after = fabric.reroute_after.value_or(Seconds{1.0}),
                      .every_flow = traffic.every_flow.value_or(false),
                      .reaction = traffic.reaction};
  setup.routing = routing_text(setup.fabric.routing, fabric.routing == kStaticRail);
  if (!setup.fabric.failed.empty()) {
    setup.routing += fmt::format("; {} cables failed{}", setup.fabric.failed.size(),
                                 fabric.fail_at ? " at " + format_seconds(*fabric.fail_at) : "");
  }
  const auto& names = comm::operation_names();
  const std::string kind = traffic.kind.empty() ? names.front() : traffic.kind;
  const auto found = std::find_if(names.begin(), names.end(), [&](const char* name) { return kind == name; });
  if (found == names.end())
    set_up_pattern(scenario, read_file, setup);
  else
    set_up_collective(catalog, scenario, static_cast<comm::Operation>(found - names.begin()), setup);
  if (!traffic.sizes.empty() && !setup.exchange.operation) {
    throw refusal(scenario, "traffic.sizes",
                  "sizes go with a collective; leave them out for permutation, shift, incast and matrix");
  }
  for (const std::string& size : traffic.sizes) setup.sizes.push_back(*parse_unit_text<Bytes>(size).value);
  for (const Bytes size : setup.sizes) {
    if (!setup.library) break;
    comm::OperationRequest request = *setup.exchange.operation;
    request.buffer = size;
    check_messages(scenario, *setup.library, setup.exchange.groups.size(), request);
  }
  return setup;
}

Exchange exchange_of_size(const SimulateSetup& setup, Bytes buffer) {
  comm::OperationRequest request = *setup.exchange.operation;
  request.buffer = buffer;
  if (setup.library) return library_call(*setup.library, setup.groups, setup.exchange.groups, request);
  auto plan = plan_of(setup.groups.algorithm, request);
  SOCLE_CHECK(plan.has_value(), "what carries one size carries another");
  return collective(setup.groups, request, *std::move(plan));
}

}  // namespace socle::setup
