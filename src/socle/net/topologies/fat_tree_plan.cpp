#include "socle/net/topologies/fat_tree_plan.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace socle::net {
namespace {

std::uint32_t ceil_div(std::uint64_t a, std::uint64_t b) { return static_cast<std::uint32_t>((a + b - 1) / b); }

/// Smallest divisor of `links` that is at least `least`; `links` itself when there is none smaller.
std::uint32_t even_share(std::uint32_t links, std::uint64_t least) {
  for (std::uint32_t d = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, least)); d < links; ++d) {
    if (links % d == 0) return d;
  }
  return links;
}

std::uint64_t capacity(const FatTreePlan& plan, std::uint32_t tiers) {
  if (tiers == 1) return plan.radix;
  const std::uint64_t pod = static_cast<std::uint64_t>(tiers == 2 ? plan.radix : plan.radix / 2) * plan.leaf_down;
  return tiers == 2 ? pod : pod * plan.radix;
}

std::uint32_t leaves_for(const FatTreePlan& plan) {
  if (!plan.by_rail) return ceil_div(plan.endpoints, plan.leaf_down);
  return ceil_div(plan.endpoints / plan.rails, plan.leaf_down) * plan.rails;
}

void add_pods(FatTreePlan& plan) {
  const std::uint32_t half = plan.radix / 2;
  plan.leaves_per_pod = std::min(plan.leaves, half);
  if (plan.by_rail && plan.leaves_per_pod >= plan.rails) plan.leaves_per_pod -= plan.leaves_per_pod % plan.rails;
  plan.pods = ceil_div(plan.leaves, plan.leaves_per_pod);
  plan.spines =
      even_share(plan.leaf_up, ceil_div(static_cast<std::uint64_t>(plan.leaves_per_pod) * plan.leaf_up, half));
  plan.spine_up = half;
  plan.cores_per_spine = even_share(half, ceil_div(static_cast<std::uint64_t>(plan.pods) * half, plan.radix));
}

void add_spines(FatTreePlan& plan) {
  if (plan.tiers == 3) return add_pods(plan);
  plan.leaves_per_pod = plan.leaves;
  plan.spines = even_share(plan.leaf_up, ceil_div(static_cast<std::uint64_t>(plan.leaves) * plan.leaf_up, plan.radix));
}

/// Some uplinks may stay unused where the others keep the oversubscription: 21 divide over 3 spines, 22 over 11.
FatTreePlan with_fewest_switches(const FatTreePlan& plan, double oversubscription) {
  FatTreePlan best = plan;
  add_spines(best);
  for (FatTreePlan less = plan; less.leaf_up > 1 && less.leaf_down <= oversubscription * (less.leaf_up - 1) + 1e-9;) {
    --less.leaf_up;
    FatTreePlan candidate = less;
    add_spines(candidate);
    if (candidate.pods * candidate.spines + candidate.cores() < best.pods * best.spines + best.cores())
      best = candidate;
  }
  return best;
}

}  // namespace

std::uint32_t FatTreePlan::place(std::uint32_t endpoint) const {
  if (!by_rail) return endpoint;
  const std::uint32_t host = endpoint / rails, rail = endpoint % rails;
  return (host / leaf_down * rails + rail) * leaf_down + host % leaf_down;
}

Feasible<FatTreePlan> plan_fat_tree(const FabricSpec& spec, bool by_rail) {
  if (spec.radix < 2 || spec.radix % 2 != 0) {
    return Infeasible{"radix", fmt::format("radix = {}: a fat tree splits its ports into halves", spec.radix),
                      "use an even radix, e.g. 64"};
  }
  if (!(spec.oversubscription >= 1.0) || spec.oversubscription > spec.radix - 1) {
    return Infeasible{
        "oversubscription",
        fmt::format("oversubscription = {} does not fit a switch of {} ports", spec.oversubscription, spec.radix),
        fmt::format("use 1 to {}", spec.radix - 1)};
  }
  if (by_rail && spec.endpoints % spec.rails != 0) {
    return Infeasible{"rails",
                      fmt::format("{} endpoints are no whole number of hosts of {}", spec.endpoints, spec.rails),
                      "change the number of endpoints"};
  }
  FatTreePlan plan{
      .endpoints = spec.endpoints, .rails = spec.rails, .by_rail = by_rail && spec.rails > 1, .radix = spec.radix};
  plan.leaf_up = static_cast<std::uint32_t>(std::ceil(spec.radix / (1.0 + spec.oversubscription) - 1e-9));
  plan.leaf_down = spec.radix - plan.leaf_up;
  plan.leaves = leaves_for(plan);
  const auto holds = [&](std::uint32_t tiers) {
    if (tiers == 1) return spec.endpoints <= plan.radix;
    return plan.leaves <= (tiers == 2 ? plan.radix : static_cast<std::uint64_t>(plan.radix / 2) * plan.radix);
  };
  plan.tiers = spec.tiers;
  if (plan.tiers == 0) plan.tiers = holds(1) ? 1 : holds(2) ? 2 : 3;
  if (plan.tiers > 3 || !holds(plan.tiers)) {
    return Infeasible{"endpoints",
                      fmt::format("{} tiers of {}-port switches hold {} endpoints, not {}", std::min(plan.tiers, 3u),
                                  plan.radix, capacity(plan, std::min(plan.tiers, 3u)), spec.endpoints),
                      plan.tiers < 3 ? fmt::format("use {} tiers or a larger radix", plan.tiers + 1)
                                     : "use a larger radix or planes"};
  }
  if (plan.tiers == 1) {
    plan.leaf_down = plan.radix, plan.leaf_up = 0, plan.leaves = 1, plan.by_rail = false;
    return plan;
  }
  return with_fewest_switches(plan, spec.oversubscription);
}

FabricParts parts_of(const FatTreePlan& plan) {
  FabricParts parts;
  parts.endpoints = plan.endpoints;
  parts.hops_max = static_cast<int>(2 * plan.tiers);
  parts.endpoints_max = capacity(plan, plan.tiers);
  const std::uint32_t filled = std::min(plan.leaf_down, plan.endpoints);
  parts.switches.push_back({"leaf", plan.leaves, plan.radix, filled + plan.leaf_up});
  parts.cables.push_back({"endpoint-leaf", plan.endpoints, false});
  if (plan.tiers == 1) return parts;
  parts.bisection = std::min(1.0, static_cast<double>(plan.leaf_up) / plan.leaf_down);
  const std::uint64_t uplinks = static_cast<std::uint64_t>(plan.leaves) * plan.leaf_up;
  const std::uint64_t spines = static_cast<std::uint64_t>(plan.pods) * plan.spines;
  parts.switches.push_back(
      {"spine", spines, plan.radix, plan.leaves_per_pod * (plan.leaf_up / plan.spines) + plan.spine_up});
  parts.cables.push_back({"leaf-spine", uplinks, true});
  if (plan.tiers == 2) return parts;
  parts.switches.push_back({"core", plan.cores(), plan.radix, plan.pods * (plan.spine_up / plan.cores_per_spine)});
  parts.cables.push_back({"spine-core", spines * plan.spine_up, true});
  return parts;
}

}  // namespace socle::net
