#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "socle/net/topologies/topologies.hpp"

namespace socle::net {
namespace {

using Shape = std::array<std::uint32_t, 3>;

struct Plan {
  std::uint32_t endpoints, p;
  Shape shape;
  std::uint32_t routers() const { return shape[0] * shape[1] * shape[2]; }
  /// Cables of one dimension: rings of two share one.
  std::uint64_t cables(int d) const {
    return shape[d] < 2 ? 0 : static_cast<std::uint64_t>(routers()) / (shape[d] == 2 ? 2 : 1);
  }
  std::uint32_t ports() const {
    std::uint32_t sum = 0;
    for (const std::uint32_t side : shape) sum += side < 2 ? 0 : side == 2 ? 1 : 2;
    return sum;
  }
};

/// The most cubic box of exactly `routers`: sides as equal as its divisors allow.
Shape box(std::uint32_t routers) {
  Shape best{routers, 1, 1};
  for (std::uint32_t x = 1; x * x * x <= routers; ++x) {
    if (routers % x != 0) continue;
    for (std::uint32_t y = x; x * y * y <= routers; ++y) {
      if ((routers / x) % y == 0 && routers / x / y < best[0]) best = {routers / x / y, y, x};
    }
  }
  return best;
}

Feasible<Plan> plan_of(const FabricSpec& spec) {
  Plan plan{.endpoints = spec.endpoints, .p = spec.router_endpoints ? spec.router_endpoints : 1, .shape = spec.torus};
  const std::uint32_t routers = (spec.endpoints + plan.p - 1) / plan.p;
  if (plan.shape[0] == 0) plan.shape = box(routers);
  for (std::uint32_t& side : plan.shape) side = std::max(side, 1u);
  const double held = static_cast<double>(plan.shape[0]) * plan.shape[1] * plan.shape[2] * plan.p;
  if (held < spec.endpoints || held > 16e6) {
    return Infeasible{"torus",
                      fmt::format("{} x {} x {} routers with {} endpoints each do not hold {} endpoints", plan.shape[0],
                                  plan.shape[1], plan.shape[2], plan.p, spec.endpoints),
                      "use longer sides"};
  }
  if (plan.ports() + plan.p > spec.radix) {
    return Infeasible{"radix", fmt::format("a router needs {} ports, radix = {}", plan.ports() + plan.p, spec.radix),
                      "use a larger radix"};
  }
  return plan;
}

/// Dimension by dimension, the shorter way round. Which dimension comes first, and which way when both are equally
/// long, is the selector's choice; deterministic routing takes x, y, z and the ascending way.
class Torus final : public Topology {
 public:
  Torus(const Plan& plan, BytesPerSecond link, Seconds hop_latency) : plan_(plan) {
    set_endpoints(plan.endpoints);
    const std::uint32_t first = add_tier("router", plan.routers());
    // An endpoint reaches its router as fast as all of the router's links together: in a torus the router is a part of
    // the accelerator.
    const BytesPerSecond inside = link * static_cast<double>(std::max(plan.ports(), 1u));
    for (std::uint32_t e = 0; e < plan.endpoints; ++e)
      connect(e, first + e / plan.p, plan.p == 1 ? inside : link, plan.p == 1 ? Seconds{} : hop_latency);
    for (int d = 0; d < 3; ++d) {
      first_cable_[d] = static_cast<std::uint32_t>(links().size() / 2);
      if (plan.shape[d] < 2) continue;
      for (std::uint32_t r = 0; r < plan.routers(); ++r) {
        if (plan.shape[d] > 2 || coordinate(r, d) == 0) connect(first + r, first + moved(r, d, 1), link, hop_latency);
      }
    }
  }

  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override {
    if (from == to) return;
    static constexpr std::array<std::array<int, 3>, 6> kOrders = {
        {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {0, 2, 1}, {2, 1, 0}, {1, 0, 2}}};
    std::uint32_t here = from / plan_.p;
    const std::uint32_t target = to / plan_.p;
    path.push_back(2 * from);
    int differing = 0, first = 0;
    for (int d = 2; d >= 0; --d) {
      if (coordinate(here, d) != coordinate(target, d)) ++differing, first = d;
    }
    const std::uint32_t orders = differing == 3 ? 6 : differing == 2 ? 3 : 1;
    const std::uint32_t order =
        choose.pick(orders, 0, [&](std::uint32_t i) { return first_step(here, target, kOrders[i], first); });
    for (const int d : kOrders[order]) here = walk(here, target, d, choose, path);
    path.push_back(2 * to + 1);
  }

 private:
  std::uint32_t stride(int d) const { return d == 0 ? 1 : d == 1 ? plan_.shape[0] : plan_.shape[0] * plan_.shape[1]; }
  std::uint32_t coordinate(std::uint32_t router, int d) const { return router / stride(d) % plan_.shape[d]; }
  std::uint32_t moved(std::uint32_t router, int d, std::uint32_t by) const {
    const std::uint32_t x = coordinate(router, d);
    return router + ((x + by) % plan_.shape[d]) * stride(d) - x * stride(d);
  }
  /// Link from a router to its neighbour up or down dimension d.
  LinkId step(std::uint32_t router, int d, bool up) const {
    if (plan_.shape[d] == 2) {
      const std::uint32_t low = router - coordinate(router, d) * stride(d);
      const std::uint32_t rank = low / (2 * stride(d)) * stride(d) + low % stride(d);
      return 2 * (first_cable_[d] + rank) + (coordinate(router, d) == 0 ? 0 : 1);
    }
    return up ? 2 * (first_cable_[d] + router) : 2 * (first_cable_[d] + moved(router, d, plan_.shape[d] - 1)) + 1;
  }
  LinkId first_step(std::uint32_t here, std::uint32_t target, const std::array<int, 3>& order, int fallback) const {
    for (const int d : order) {
      if (coordinate(here, d) != coordinate(target, d))
        return step(here, d, distance_up(here, target, d) * 2 <= plan_.shape[d]);
    }
    return step(here, fallback, true);
  }
  std::uint32_t distance_up(std::uint32_t here, std::uint32_t target, int d) const {
    return (coordinate(target, d) + plan_.shape[d] - coordinate(here, d)) % plan_.shape[d];
  }

  std::uint32_t walk(std::uint32_t here, std::uint32_t target, int d, Selector& choose, Path& path) const {
    const std::uint32_t side = plan_.shape[d], up = distance_up(here, target, d);
    if (up == 0) return here;
    bool upwards = 2 * up < side;
    if (2 * up == side && side > 2)
      upwards = choose.pick(2, 0, [&](std::uint32_t i) { return step(here, d, i == 0); }) == 0;
    for (std::uint32_t left = upwards ? up : side - up; left > 0; --left) {
      path.push_back(step(here, d, upwards));
      here = moved(here, d, upwards ? 1 : side - 1);
    }
    return here;
  }

  Plan plan_;
  std::array<std::uint32_t, 3> first_cable_{};
};

}  // namespace

Feasible<FabricParts> size_torus(const FabricSpec& spec) {
  const auto plan = plan_of(spec);
  if (!plan) return plan.why();
  FabricParts parts;
  parts.endpoints = plan->endpoints;
  parts.switches = {{"router", plan->routers(), plan->ports() + plan->p, plan->ports() + plan->p}};
  parts.cables = {{"endpoint-router", plan->endpoints, false}};
  static constexpr const char* kNames[] = {"x ring", "y ring", "z ring"};
  parts.hops_max = 2;
  for (int d = 0; d < 3; ++d) {
    parts.hops_max += static_cast<int>(plan->shape[d] / 2);
    if (plan->shape[d] > 1) parts.cables.push_back({kNames[d], plan->cables(d), false});
  }
  // Cut across the longest side: every ring of it twice (once when it has two routers).
  const std::uint32_t longest = *std::max_element(plan->shape.begin(), plan->shape.end());
  const double rings = static_cast<double>(plan->routers()) / longest;
  const double inject = plan->p == 1 ? plan->ports() : plan->p;
  parts.bisection =
      longest < 2 ? 1.0 : std::min(1.0, rings * (longest == 2 ? 1 : 2) / (plan->routers() / 2.0 * inject));
  parts.endpoints_max = static_cast<std::uint64_t>(plan->routers()) * plan->p;
  return parts;
}

std::unique_ptr<const Topology> build_torus(const FabricSpec& spec) {
  return std::make_unique<Torus>(*plan_of(spec), spec.link, spec.hop_latency);
}

}  // namespace socle::net
