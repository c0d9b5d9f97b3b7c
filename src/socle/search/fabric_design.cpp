#include "socle/search/fabric_design.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "socle/base/parallel_for.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::search {
namespace {

using net::FabricSpec;

struct Variant {
  std::string name;
  FabricSpec spec;
};

std::string ratio(double oversubscription) { return fmt::format("{}:1", format_number(oversubscription)); }

/// Every number of tiers or planes with every oversubscription.
struct Counted {
  const char* what;
  const std::vector<std::uint32_t>& counts;
  std::uint32_t FabricSpec::*member;
};

void add_counted(const FabricQuestion& question, const FabricSpec& base, const Counted& of,
                 std::vector<Variant>& variants) {
  for (const std::uint32_t count : of.counts) {
    for (const double share : question.oversubscriptions) {
      FabricSpec spec = base;
      spec.*of.member = count;
      spec.oversubscription = share;
      variants.push_back({fmt::format("{}-{} {} {}", count, of.what, base.topology, ratio(share)), spec});
    }
  }
}

/// The flattest box of `routers`: two sides as equal as divisors allow.
std::array<std::uint32_t, 3> rectangle(std::uint32_t routers) {
  std::uint32_t side = 1;
  for (std::uint32_t x = 1; static_cast<std::uint64_t>(x) * x <= routers; ++x) {
    if (routers % x == 0) side = x;
  }
  return {routers / side, side, 1};
}

std::vector<Variant> variants_of(const FabricQuestion& question, const std::string& topology) {
  FabricSpec base{.topology = topology,
                  .endpoints = question.endpoints(),
                  .rails = question.rails,
                  .radix = question.radix,
                  .link = question.link,
                  .hop_latency = question.hop_latency,
                  .scale_up_domain = question.scale_up_domain};
  std::vector<Variant> variants;
  if (topology == "fat-tree" || topology == "rail-optimized" || topology == "rail-only") {
    add_counted(question, base, {"tier", question.tiers, &FabricSpec::tiers}, variants);
  } else if (topology == "multi-plane") {
    add_counted(question, base, {"plane", question.planes, &FabricSpec::planes}, variants);
  } else if (topology == "torus") {
    base.radix = 8;
    variants.push_back({"3-D torus", base});
    base.torus = rectangle(base.endpoints);
    variants.push_back({"2-D torus", base});
  } else {
    variants.push_back({topology, base});
  }
  return variants;
}

bool same_fabric(const FabricCandidate& a, const FabricCandidate& b) {
  const bool fit = a.infeasible.empty() && b.infeasible.empty() && a.spec.topology == b.spec.topology &&
                   a.spec.planes == b.spec.planes;
  if (!fit || a.parts.switch_count() != b.parts.switch_count() || a.parts.cables.size() != b.parts.cables.size())
    return false;
  return a.parts.inter_switch_cables() == b.parts.inter_switch_cables() && a.parts.hops_max == b.parts.hops_max;
}

bool rail_leaves(const FabricSpec& spec) {
  return spec.rails > 1 &&
         (spec.topology == "rail-optimized" || spec.topology == "rail-only" || spec.topology == "multi-plane");
}

void fill_in(const FabricQuestion& question, const SwitchBox& box, FabricCandidate& candidate) {
  cost::FabricPrices prices = question.prices;
  candidate.box = prices.switch_box = box.part;
  candidate.bill = cost::fabric_cost(fabric_order(question, candidate.spec, candidate.parts), prices);
  candidate.latency = candidate.spec.hop_latency * static_cast<double>(candidate.parts.hops_max);
  for (const net::SwitchCount& kind : candidate.parts.switches) {
    candidate.free_ports +=
        kind.count * static_cast<std::uint64_t>(kind.ports > kind.ports_used ? kind.ports - kind.ports_used : 0);
  }
}

/// The variant built of one box.
FabricCandidate built_of(const FabricQuestion& question, const net::TopologyEntry& entry, const Variant& variant,
                         const SwitchBox& box) {
  FabricCandidate candidate{.name = variant.name,
                            .spec = variant.spec,
                            .infeasible = {},
                            .parts = {},
                            .box = {},
                            .bill = {},
                            .blasts = {},
                            .blast_unknown = {},
                            .survives = {},
                            .step = {},
                            .packed_step = {},
                            .layout = {},
                            .broken = {}};
  // A router of a torus is part of its accelerator, so the switch's radix is no limit.
  if (variant.spec.topology != "torus") candidate.spec.radix = box.radix;
  candidate.spec.hop_latency = box.hop_latency;
  const auto parts = entry.size(candidate.spec);
  if (parts) {
    candidate.parts = *parts;
    fill_in(question, box, candidate);
  } else {
    candidate.infeasible = parts.why().detail + "; " + parts.why().remedy;
  }
  return candidate;
}

/// Smaller is better: what can be built, then what has a price and a power, then what costs and draws less.
auto preference(const FabricCandidate& c) {
  const bool built = c.infeasible.empty();
  return std::tuple(!built, built && !c.bill.price, built && !c.bill.power,
                    c.bill.price ? c.bill.price->amount : c.bill.price_of_known, c.bill.power_of_known.value());
}

FabricCandidate cheapest(const FabricQuestion& question, const net::TopologyEntry& entry, const Variant& variant,
                         const std::vector<SwitchBox>& boxes) {
  std::optional<FabricCandidate> best;
  for (const SwitchBox& box : boxes) {
    FabricCandidate candidate = built_of(question, entry, variant, box);
    // Of boxes that are all too small, the largest says what is missing.
    const bool larger = best && !best->infeasible.empty() && candidate.spec.radix > best->spec.radix;
    if (!best || preference(candidate) < preference(*best) || (!candidate.infeasible.empty() && larger))
      best = std::move(candidate);
  }
  return *std::move(best);
}

/// An optic takes its cable with it: the worst of the cables that are optical.
void add_optic(const FabricQuestion& question, FabricCandidate& candidate) {
  const cost::CableReach first = rail_leaves(candidate.spec) ? question.rail_cable : question.host_cable;
  net::Blast optic{.element = "optic"};
  for (const net::Blast& blast : candidate.blasts) {
    const bool endpoint = blast.element.starts_with("cable endpoint-");
    const bool copper = endpoint && (first == cost::CableReach::kRack || candidate.spec.topology == "torus");
    if (!blast.element.starts_with("cable ") || copper) continue;
    const bool worse =
        std::tie(blast.endpoints_cut, blast.bandwidth_lost) >= std::tie(optic.endpoints_cut, optic.bandwidth_lost);
    const std::uint64_t count = optic.count + 2 * blast.count;
    if (worse) optic = blast;
    optic.element = "optic";
    optic.count = count;
  }
  if (optic.count == 0) return;
  const auto after = std::find_if(candidate.blasts.begin(), candidate.blasts.end(), [](const net::Blast& b) {
    return b.element != "NIC" && !b.element.starts_with("cable ");
  });
  candidate.blasts.insert(after, optic);
}

/// A sum of which only a part may be known.
struct PartlyKnown {
  double known = 0, missing = 0;  ///< amount of the known parts; count of the others
  std::string what;               ///< the others
  /// Certainly no more than the other's.
  bool no_more(const PartlyKnown& other) const {
    return known <= other.known && (missing == 0 || (what == other.what && missing <= other.missing));
  }
  bool operator==(const PartlyKnown&) const = default;
};

/// Figures that a front is taken over; smaller is better.
struct Figures {
  bool known = false;
  PartlyKnown money{}, power{};
  double step = 0, loss = 0;
  bool no_worse(const Figures& other) const {
    return money.no_more(other.money) && power.no_more(other.power) && step <= other.step && loss <= other.loss;
  }
  bool operator==(const Figures&) const = default;
};

Figures figures_of(const FabricCandidate& candidate, bool with_steps) {
  const bool known =
      candidate.infeasible.empty() && candidate.broken.empty() && candidate.survives && (!with_steps || candidate.step);
  if (!known) return {};
  const cost::FabricBill& bill = candidate.bill;
  return {.known = true,
          .money = {bill.price_of_known, bill.unpriced, bill.unpriced_part},
          .power = {bill.power_of_known.value(), bill.unpowered, bill.unpowered_part},
          .step = with_steps ? candidate.step->value() : 0.0,
          .loss = 1.0 - *candidate.survives};
}

}  // namespace

cost::FabricOrder fabric_order(const FabricQuestion& question, const FabricSpec& spec, const net::FabricParts& parts) {
  cost::FabricOrder order{.endpoints = parts.endpoints,
                          .switches = parts.switch_count(),
                          .switches_priced = spec.topology != "torus",
                          .cables = {}};
  const double share = spec.topology == "multi-plane" ? 1.0 / spec.planes : 1.0;
  for (std::size_t i = 0; i < parts.cables.size(); ++i) {
    const net::CableCount& cable = parts.cables[i];
    if (i == 0 && spec.topology == "torus") continue;  // inside the accelerator
    const cost::CableReach reach = i == 0              ? (rail_leaves(spec) ? question.rail_cable : question.host_cable)
                                   : cable.leaves_rack ? cost::CableReach::kHall
                                                       : cost::CableReach::kRow;
    order.cables.push_back({reach, cable.count, share});
  }
  return order;
}

std::vector<FabricCandidate> fabric_candidates(const FabricQuestion& question) {
  std::vector<SwitchBox> boxes = question.boxes;
  if (boxes.empty()) boxes.push_back({question.prices.switch_box, question.radix, question.hop_latency});
  std::vector<FabricCandidate> candidates;
  for (const net::TopologyEntry& entry : net::topologies()) {
    if (!question.topologies.empty() &&
        std::find(question.topologies.begin(), question.topologies.end(), entry.name) == question.topologies.end())
      continue;
    for (const Variant& variant : variants_of(question, entry.name)) {
      FabricCandidate candidate = cheapest(question, entry, variant, boxes);
      const bool known = std::any_of(candidates.begin(), candidates.end(),
                                     [&](const FabricCandidate& other) { return same_fabric(other, candidate); });
      if (!known) candidates.push_back(std::move(candidate));
    }
  }
  return candidates;
}

std::optional<PricedFabric> cheapest_fabric(const FabricQuestion& question) {
  std::optional<PricedFabric> cheapest;
  for (const FabricCandidate& candidate : fabric_candidates(question)) {
    const cost::FabricBill& bill = candidate.bill;
    if (!candidate.infeasible.empty() || !bill.price || candidate.spec.oversubscription > 1.0) continue;
    if (cheapest && bill.price->amount >= cheapest->bill.price->amount) continue;
    cheapest = PricedFabric{fmt::format("{} of {}", candidate.name, candidate.box.name), bill};
  }
  return cheapest;
}

void measure_failures(const FabricQuestion& question, std::vector<FabricCandidate>& candidates, unsigned threads,
                      Progress* progress) {
  if (progress) progress->begin("measuring failures of every fabric", candidates.size());
  parallel_for(
      candidates.size(), threads,
      [&](std::size_t i) {
        FabricCandidate& candidate = candidates[i];
        if (!candidate.infeasible.empty()) return;
        if (candidate.spec.endpoints < 2 * candidate.spec.rails) {
          candidate.blast_unknown = "a single host needs no fabric between hosts";
          return;
        }
        auto blasts = net::blast_radius(candidate.spec);
        if (!blasts) {
          candidate.blast_unknown = blasts.why().detail;
          return;
        }
        candidate.blasts = *blasts;
        add_optic(question, candidate);
        candidate.survives = net::survivability(candidate.blasts, candidate.spec.endpoints / candidate.spec.rails);
      },
      progress);
}

void judge_fabrics(const FabricLimits& limits, std::vector<FabricCandidate>& candidates) {
  bool with_steps = false;
  for (FabricCandidate& candidate : candidates) {
    const auto& bill = candidate.bill;
    with_steps = with_steps || candidate.step.has_value();
    if (limits.capex && bill.price && *bill.price / *limits.capex > 1.0) {
      candidate.broken.push_back(fmt::format("the network's price {} exceeds network_capex {} by {}",
                                             format_money(*bill.price), format_money(*limits.capex),
                                             format_percent(*bill.price / *limits.capex - 1.0)));
    }
    if (limits.power && bill.power && *bill.power > *limits.power) {
      candidate.broken.push_back(fmt::format("the network's power {} exceeds network_power {} by {}",
                                             format_watts(*bill.power), format_watts(*limits.power),
                                             format_percent(*bill.power / *limits.power - 1.0)));
    }
  }
  std::vector<Figures> figures;
  for (const FabricCandidate& candidate : candidates) figures.push_back(figures_of(candidate, with_steps));
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidates[i].on_front =
        figures[i].known && std::none_of(figures.begin(), figures.end(), [&](const Figures& other) {
          return other.known && other.no_worse(figures[i]) && !(other == figures[i]);
        });
  }
}

}  // namespace socle::search
