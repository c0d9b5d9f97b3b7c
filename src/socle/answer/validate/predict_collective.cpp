#include "socle/answer/validate/predict_collective.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "socle/base/check.hpp"
#include "socle/catalog/transport.hpp"
#include "socle/comm/expert_exchange.hpp"
#include "socle/comm/library_network.hpp"
#include "socle/kernel/collective_time.hpp"
#include "socle/machine/curve_scale_up.hpp"
#include "socle/machine/machine_builder.hpp"

namespace socle::answer {
namespace {

using kernel::Basis;
using kernel::CollectiveCurve;

/// Routing of a grouped mixture of experts: a token's experts lie on at most this many nodes (DeepSeek-V3).
constexpr int kGroupedNodes = 4;

bool is_expert(CollectiveKind kind) {
  return kind == CollectiveKind::kExpertExchange || kind == CollectiveKind::kExpertLowLatency;
}

// What the closed form of a library calls it; experts exchange by all-to-all.
comm::Operation operation_of(CollectiveKind kind) {
  switch (kind) {
    case CollectiveKind::kAllReduce:
      return comm::Operation::kAllReduce;
    case CollectiveKind::kAllGather:
      return comm::Operation::kAllGather;
    case CollectiveKind::kReduceScatter:
      return comm::Operation::kReduceScatter;
    case CollectiveKind::kBroadcast:
      return comm::Operation::kBroadcast;
    case CollectiveKind::kReduce:
      return comm::Operation::kReduce;
    case CollectiveKind::kSendReceive:
      return comm::Operation::kSendReceive;
    case CollectiveKind::kAllToAll:
    case CollectiveKind::kExpertExchange:
    case CollectiveKind::kExpertLowLatency:
      break;
  }
  return comm::Operation::kAllToAll;
}

// Which measured collective answers, and for which buffer.
kernel::CollectiveQuery measured_as(CollectiveKind kind, int ranks, Bytes buffer) {
  const comm::Operation operation = operation_of(kind);
  return machine::measured_query(comm::library_collective(operation), ranks,
                                 comm::library_buffer(operation, ranks, buffer));
}

bool measured_itself(CollectiveKind kind) { return kind <= CollectiveKind::kAllToAll; }

// Hosts of one rack may share its domain (GB200): the fewest domains that hold the ranks, as full as each other.
int members_of_domain(const CollectiveCase& c, const catalog::Chip& chip) {
  const int of_node = c.ranks / c.nodes, domain = chip.scale_up_domain.value_or(1);
  if (domain <= of_node || c.ranks <= domain) return of_node;
  const int domains = (c.ranks + domain - 1) / domain;
  return c.ranks % domains == 0 && c.ranks / domains % of_node == 0 ? c.ranks / domains : of_node;
}

BytesPerSecond nic_of(const CollectiveCase& c, const catalog::Chip& chip) {
  return c.nic_per_chip.value_or(machine::usual_nic(chip));
}

std::vector<CollectiveCurve> without(const std::vector<CollectiveCurve>& curves, const kernel::CollectiveQuery& query,
                                     HeldOut held_out) {
  std::vector<CollectiveCurve> rest;
  if (held_out == HeldOut::kChip) return rest;
  for (CollectiveCurve curve : curves) {
    const bool same = curve.collective == query.collective && curve.ranks == query.ranks;
    if (same && held_out == HeldOut::kRanks) continue;
    if (same && held_out == HeldOut::kSize) {
      const double size = std::log2(query.buffer.value());
      for (std::size_t i = curve.log2_bytes.size(); i-- > 0;) {
        if (std::fabs(curve.log2_bytes[i] - size) >= 0.5 || curve.log2_bytes.size() == 1) continue;
        curve.log2_bytes.erase(curve.log2_bytes.begin() + static_cast<std::ptrdiff_t>(i));
        curve.log2_seconds.erase(curve.log2_seconds.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    rest.push_back(kernel::extended(std::move(curve)));
  }
  return rest;
}

}  // namespace

double collective_bus_factor(CollectiveKind kind, int ranks) {
  if (kind == CollectiveKind::kBroadcast || kind == CollectiveKind::kReduce || kind == CollectiveKind::kSendReceive ||
      is_expert(kind))
    return 1.0;
  return kernel::bus_factor(measured_as(kind, ranks, Bytes{1}).collective, ranks);
}

CollectivePredictor::CollectivePredictor(const catalog::Catalog& catalog)
    : catalog_(catalog), library_(catalog::load_collective_library(catalog, "nccl")) {}

const CollectivePredictor::Part& CollectivePredictor::part(const std::string& slug) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = parts_.find(slug);
  if (known != parts_.end()) return known->second;
  Part part{.chip = catalog_.chip(slug), .links = {}, .curves = {}, .library = {}};
  part.library = catalog::library_of_vendor(catalog_, part.chip.vendor).value_or(library_);
  part.links = machine::link_curves(catalog_, part.chip);
  for (const CollectiveCurve& curve : part.links.curves) part.curves.push_back(kernel::extended(curve));
  for (kernel::AcrossCurve& across : part.links.measured.across)
    across.curve = kernel::extended(std::move(across.curve));
  return parts_.emplace(slug, std::move(part)).first->second;
}

CollectivePrediction CollectivePredictor::finish(const CollectiveCase& c, Seconds time, Basis basis) const {
  CollectivePrediction p{
      .time = time, .bus_bandwidth = collective_bus_factor(c.kind, c.ranks) * c.buffer / time, .basis = basis};
  const auto& ranges = basis == Basis::kMeasured     ? library_.range_measured
                       : basis == Basis::kCalibrated ? library_.range_calibrated
                                                     : library_.range_datasheet;
  const catalog::CollectiveRange range = catalog::range_of(ranges, c.buffer);
  p.low = range.low;
  p.high = range.high;
  return p;
}

CollectivePrediction CollectivePredictor::inside(const CollectiveCase& c, const std::vector<CollectiveCurve>& curves,
                                                 const Part& part) const {
  const kernel::CollectiveQuery query = measured_as(c.kind, c.ranks, c.buffer);
  const kernel::CollectiveEstimate estimate =
      kernel::estimate_collective(curves, machine::scale_up_link(part.chip), query);
  const bool own = measured_itself(c.kind) && !part.links.borrowed;
  return finish(c, estimate.time, estimate.basis == Basis::kMeasured && !own ? Basis::kCalibrated : estimate.basis);
}

CollectivePrediction CollectivePredictor::across(const CollectiveCase& c, const Part& part) const {
  const kernel::CollectiveQuery query = measured_as(c.kind, c.ranks, c.buffer);
  for (const kernel::AcrossCurve& known : part.links.measured.across) {
    const bool same =
        known.curve.collective == query.collective && known.curve.ranks == c.ranks && known.nodes == c.nodes;
    if (same && measured_itself(c.kind)) return finish(c, kernel::curve_time(known.curve, c.buffer), Basis::kMeasured);
  }
  catalog::CollectiveLibrary library = part.library;
  if (part.links.measured.nic_fraction) {
    library.nic_fraction = *part.links.measured.nic_fraction;
  } else if (const auto transport = catalog::transport_in_text(catalog_, c.fabric_words)) {
    library.nic_fraction = transport->share;
  }
  const machine::CurveScaleUp links(part.curves, machine::scale_up_link(part.chip));
  const int members = members_of_domain(c, part.chip);
  const comm::LibraryNetwork network(links,
                                     {.nic_per_chip = nic_of(c, part.chip),
                                      .domain = members,
                                      .adds_in_switch = machine::adds_in_switch(part.chip),
                                      .scale_up = machine::scale_up_link(part.chip)},
                                     library);
  const comm::Operation operation = operation_of(c.kind);
  const Seconds time = network.collective_time(comm::library_collective(operation),
                                               {.ranks = c.ranks, .per_domain = members, .domains = c.ranks / members},
                                               comm::library_buffer(operation, c.ranks, c.buffer));
  return finish(c, time, part.curves.empty() ? Basis::kDatasheet : Basis::kCalibrated);
}

CollectivePrediction CollectivePredictor::experts(const CollectiveCase& c, const Part& part) const {
  const int members = c.ranks / c.nodes;
  comm::ExpertExchange exchange{
      .ranks = c.ranks, .domains = c.one_domain ? 1 : c.nodes, .nic_per_chip = nic_of(c, part.chip)};
  if (c.grouped_routing) exchange.nodes_per_token_max = kGroupedNodes;
  const int together = c.one_domain ? c.ranks : members;
  exchange.link = kernel::estimate_collective(part.curves, machine::scale_up_link(part.chip),
                                              {kernel::Collective::kAllToAll, std::max(2, together), c.buffer})
                      .bus_bandwidth;
  const Basis basis = part.curves.empty() ? Basis::kDatasheet : Basis::kCalibrated;
  if (c.kind == CollectiveKind::kExpertLowLatency)
    return finish(c, comm::expert_low_latency_time(exchange, c.buffer, library_), basis);
  return finish(c, c.buffer / comm::expert_bandwidth(exchange, library_), basis);
}

CollectivePrediction CollectivePredictor::predict(const CollectiveCase& c) const {
  SOCLE_CHECK(c.unsupported.empty() && c.ranks > 1 && c.buffer > Bytes{0}, "only supported cases are predicted");
  const Part& known = part(c.chip);
  if (is_expert(c.kind)) return experts(c, known);
  return c.one_domain ? inside(c, known.curves, known) : across(c, known);
}

std::optional<CollectivePrediction> CollectivePredictor::predict_without(const CollectiveCase& c,
                                                                         HeldOut held_out) const {
  if (!c.one_domain || !measured_itself(c.kind)) return std::nullopt;
  const Part& known = part(c.chip);
  if (known.links.borrowed) return std::nullopt;
  const kernel::CollectiveQuery query = measured_as(c.kind, c.ranks, c.buffer);
  const bool measured = std::any_of(
      known.links.curves.begin(), known.links.curves.end(),
      [&](const CollectiveCurve& curve) { return curve.collective == query.collective && curve.ranks == query.ranks; });
  if (!measured) return std::nullopt;
  return inside(c, without(known.links.curves, query, held_out), known);
}

}  // namespace socle::answer
