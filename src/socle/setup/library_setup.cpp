#include "socle/setup/library_setup.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/kernel/collective_time.hpp"
#include "socle/machine/curve_scale_up.hpp"
#include "socle/machine/link_curves.hpp"
#include "socle/setup/refusal.hpp"

namespace socle::setup {
namespace {

using comm::Operation;
using Members = std::vector<std::uint32_t>;

constexpr const char* kUsualLibrary = "nccl";
constexpr const char* kUsualChip = "h100-sxm";  // of hosts whose chips are not stated (assumption)

bool is_collective(const std::string& kind) {
  const auto& names = comm::operation_names();
  return kind.empty() || std::any_of(names.begin(), names.end(), [&](const char* name) { return kind == name; });
}

/// Members by domain, domains in the order in which the group meets them.
std::vector<Members> by_domain(const Members& members, std::uint32_t domain) {
  std::vector<Members> domains;
  std::map<std::uint32_t, std::size_t> place;
  for (const std::uint32_t endpoint : members) {
    const auto [known, added] = place.try_emplace(endpoint / domain, domains.size());
    if (added) domains.emplace_back();
    domains[known->second].push_back(endpoint);
  }
  return domains;
}

[[noreturn]] void refuse_uneven(const scenario::Scenario& scenario, std::size_t most, std::size_t least) {
  throw refusal(scenario, "traffic.ranks",
                fmt::format("a group has {} members in one scale-up domain and {} in another, and a library's channels "
                            "would differ; choose ranks that fill domains evenly, or a textbook algorithm such as ring",
                            most, least));
}

/// Puts a group's members domain by domain.
comm::Footprint arrange_group(const scenario::Scenario& scenario, std::uint32_t domain, Members& group) {
  const std::vector<Members> domains = by_domain(group, domain);
  const auto [least, most] = std::minmax_element(
      domains.begin(), domains.end(), [](const Members& a, const Members& b) { return a.size() < b.size(); });
  if (least->size() != most->size()) refuse_uneven(scenario, most->size(), least->size());
  std::size_t at = 0;
  for (const Members& part : domains) {
    for (const std::uint32_t endpoint : part) group[at++] = endpoint;
  }
  const int ranks = static_cast<int>(group.size()), per_domain = static_cast<int>(least->size());
  return {.ranks = ranks, .per_domain = per_domain, .domains = ranks / per_domain};
}

/// Every group domain by domain, all of one shape.
comm::Footprint arrange(const scenario::Scenario& scenario, std::uint32_t domain, std::vector<Members>& groups) {
  std::vector<comm::Footprint> shapes;
  for (Members& group : groups) shapes.push_back(arrange_group(scenario, domain, group));
  for (const comm::Footprint& shape : shapes) {
    const int first = shapes.front().per_domain, other = shape.per_domain;
    if (other != first)
      refuse_uneven(scenario, static_cast<std::size_t>(std::max(first, other)),
                    static_cast<std::size_t>(std::min(first, other)));
  }
  return shapes.front();
}

catalog::CollectiveLibrary library_of(const catalog::Catalog& catalog, const catalog::Chip& chip,
                                      std::vector<std::string>& assumptions) {
  auto library = catalog::library_of_vendor(catalog, chip.vendor);
  if (!library) {
    library = catalog::load_collective_library(catalog, kUsualLibrary);
    assumptions.push_back(fmt::format("{}: its library is not in the catalogue; it is taken to run what {} runs.",
                                      chip.name, library->name));
  } else if (!library->figures_of.empty()) {
    assumptions.push_back(fmt::format("{}: its start, hops and share of NICs were not measured; those of {} are taken.",
                                      library->name, library->figures_of));
  }
  return *std::move(library);
}

/// The chip's measured links, in proportion to those of the fabric.
std::unique_ptr<const comm::ScaleUp> inside_of(const catalog::Catalog& catalog, const catalog::Chip& chip,
                                               BytesPerSecond link, bool& measured) {
  const machine::LinkCurves known = machine::link_curves(catalog, chip);
  const BytesPerSecond own = machine::scale_up_link(chip);
  std::vector<kernel::CollectiveCurve> curves;
  for (const kernel::CollectiveCurve& curve : known.curves)
    curves.push_back(kernel::with_links(kernel::extended(curve), link > BytesPerSecond{} ? own / link : 1.0));
  measured = !curves.empty();
  return std::make_unique<machine::CurveScaleUp>(std::move(curves), link > BytesPerSecond{} ? link : own);
}

comm::LibraryCall call_of(const LibrarySetup& setup, const comm::OperationRequest& request) {
  const comm::LibraryNetwork network(*setup.scale_up, setup.links, setup.library);
  const Bytes buffer = comm::library_buffer(request.operation, static_cast<int>(request.ranks), request.buffer);
  return network.choose(comm::library_collective(request.operation), setup.group, buffer,
                        static_cast<int>(setup.channels));
}

/// Channels act on rings and trees across domains alone.
void check_channels(const scenario::Scenario& scenario, const LibrarySetup& setup, std::uint32_t nics) {
  const auto given = scenario.traffic.channels;
  if (!given) return;
  const auto refuse = [&](const std::string& message) { throw refusal(scenario, "traffic.channels", message); };
  if (*given > nics) {
    refuse(
        fmt::format("channels = {}, but a group has {} NICs in a scale-up domain; write at most that, and "
                    "queue_pairs = N in [fabric] for several connections on each",
                    *given, nics));
  }
  if (setup.group.domains == 1) {
    refuse(
        fmt::format("channels = {} would not act: the group stands in one scale-up domain and no NIC carries its "
                    "bytes; leave them out, or use more hosts",
                    *given));
  }
  if (*given > 1 && scenario.traffic.kind == "send-receive") {
    refuse(
        fmt::format("channels = {} would not act: a send-receive takes one NIC, on the rail of its receiver; leave "
                    "them out",
                    *given));
  }
}

/// What a user states on top of the library's own hops, which hold 1 us for each of the network's.
Seconds added_hop(const scenario::FabricSection& given, int hops, std::vector<std::string>& assumptions) {
  Seconds added{};
  const Seconds usual = net::FabricSpec{}.hop_latency;
  if (given.hop_latency && *given.hop_latency < usual)
    assumptions.push_back(fmt::format("A hop latency below {} does not act: the library's steps were measured whole.",
                                      format_seconds(usual)));
  else if (given.hop_latency)
    added += static_cast<double>(hops) * (*given.hop_latency - usual);
  return added + given.software_latency.value_or(Seconds{});
}

/// A send-receive takes the rail of its receiver.
std::uint32_t channels_of(const LibrarySetup& setup, const comm::LibraryCall& call,
                          const comm::OperationRequest& request) {
  if (call.protocol == nullptr) return 0;
  return request.operation == Operation::kSendReceive ? 1 : setup.channels;
}

}  // namespace

bool runs_library(const scenario::Scenario& scenario) {
  if (!is_collective(scenario.traffic.kind)) return false;
  if (!scenario.traffic.algorithm.empty()) return scenario.traffic.algorithm == kLibrary;
  const scenario::FabricSection& fabric = scenario.fabric;
  if (fabric.topology == "torus" || (scenario.cluster && scenario.cluster->topology == "torus")) return false;
  if (!fabric.file.empty()) return fabric.nics.value_or(1) > 1;
  const bool cluster = scenario.cluster && !scenario.cluster->node.empty();
  return cluster || fabric.nics.value_or(8) > 1;
}

LibrarySetup set_up_library(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                            const FabricSetup& fabric, std::vector<Members>& groups,
                            std::vector<std::string>& assumptions) {
  LibrarySetup setup;
  const catalog::Chip chip = fabric.chip ? *fabric.chip : catalog.chip(kUsualChip);
  if (!fabric.chip)
    assumptions.push_back(fmt::format("Chips are not stated: hosts are joined inside as those of {}.", chip.name));
  const std::uint32_t domain = std::max(1u, fabric.graph ? fabric.spec.rails : fabric.spec.scale_up_domain);
  setup.group = arrange(scenario, domain, groups);
  setup.group.stride = setup.group.per_domain > 1 ? static_cast<int>(scenario.traffic.stride.value_or(1)) : 1;
  const auto nics = static_cast<std::uint32_t>(setup.group.per_domain);
  setup.channels = scenario.traffic.channels.value_or(nics);
  check_channels(scenario, setup, nics);
  setup.library = library_of(catalog, chip, assumptions);
  setup.library.nic_fraction = fabric.efficiency;
  setup.scale_up =
      inside_of(catalog, chip, fabric.graph ? BytesPerSecond{} : fabric.spec.scale_up, setup.chip_measured);
  setup.links = {.nic_per_chip = fabric.nominal_link,
                 .domain = static_cast<int>(domain),
                 .adds_in_switch = machine::adds_in_switch(chip),
                 .scale_up = fabric.graph || !(fabric.spec.scale_up > BytesPerSecond{}) ? machine::scale_up_link(chip)
                                                                                        : fabric.spec.scale_up};
  setup.added_hop = added_hop(scenario.fabric, static_cast<int>(fabric.parts.hops_max), assumptions);
  return setup;
}

comm::MessageCount library_messages(const LibrarySetup& setup, const comm::OperationRequest& request) {
  return comm::message_count(call_of(setup, request),
                             {.operation = request.operation, .group = setup.group, .channels = setup.channels});
}

LibraryRun library_run(const LibrarySetup& setup, const comm::OperationRequest& request) {
  const comm::LibraryCall call = call_of(setup, request);
  comm::ChannelMessages messages =
      comm::channel_messages(call, {.operation = request.operation, .group = setup.group, .channels = setup.channels});
  LibraryRun run{.algorithm = call.plan.algorithm(),
                 .protocol = call.protocol ? call.protocol->name : "",
                 .channels = channels_of(setup, call, request),
                 .across = std::move(messages.across),
                 .inside = std::move(messages.inside),
                 .latency = call.latency + call.steps * setup.added_hop,
                 .outside = call.outside,
                 .inside_time = call.inside,
                 .overlap_exponent = setup.library.overlap_exponent};
  const catalog::CollectiveRange range = catalog::range_of(
      setup.chip_measured ? setup.library.range_calibrated : setup.library.range_datasheet, request.buffer);
  run.low = range.low;
  run.high = range.high;
  return run;
}

}  // namespace socle::setup
