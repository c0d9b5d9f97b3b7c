#include <algorithm>

#include <fmt/format.h>

#include "socle/net/topologies/galois_field.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::net {
namespace {

/// q = 4 w + d with d in {-1, 0, 1}: 2 q^2 routers of network degree (3 q - d) / 2.
struct Plan {
  std::uint32_t endpoints, q, degree, p;
  std::uint32_t routers() const { return 2 * q * q; }
};

std::uint32_t degree_of(std::uint32_t q) {
  const int d = q % 4 == 1 ? 1 : q % 4 == 3 ? -1 : 0;
  return static_cast<std::uint32_t>((3 * static_cast<int>(q) - d) / 2);
}

Feasible<Plan> plan_of(const FabricSpec& spec) {
  const auto with = [&](std::uint32_t q) {
    const std::uint32_t degree = degree_of(q);
    return Plan{spec.endpoints, q, degree, spec.router_endpoints ? spec.router_endpoints : (degree + 1) / 2};
  };
  const auto fits = [&](const Plan& plan) {
    return plan.q >= 3 && plan.q % 4 != 2 && plan.degree + plan.p <= spec.radix;
  };
  const auto holds = [&](const Plan& plan) {
    return static_cast<std::uint64_t>(plan.routers()) * plan.p >= spec.endpoints;
  };
  if (spec.field != 0) {
    const Plan plan = with(std::min(spec.field, 1024u));
    if (fits(plan) && holds(plan)) return plan;
    return Infeasible{
        "field",
        fmt::format("q = {}: {} routers of degree {} with {} endpoints each, on radix {}, do not hold {} endpoints",
                    spec.field, plan.routers(), plan.degree, plan.p, spec.radix, spec.endpoints),
        "leave q out, or use another prime power that is not 2 modulo 4"};
  }
  for (std::uint32_t q = 3; q <= std::min(spec.radix, 1024u); ++q) {
    if (GaloisField::exists(q) && fits(with(q)) && holds(with(q))) return with(q);
  }
  return Infeasible{"endpoints", fmt::format("no Slim Fly of radix {} holds {} endpoints", spec.radix, spec.endpoints),
                    "use a larger radix, or fewer endpoints"};
}

/// Routers (side, x, y). Same side and x: joined when y - y' is in the side's set; (0, x, y) and (1, m, c): when
/// y = m x + c. Source: McKay, Miller and Siran 1998, as used by Besta and Hoefler 2014.
class SlimFly final : public Topology {
 public:
  SlimFly(const Plan& plan, BytesPerSecond link, Seconds hop_latency) : plan_(plan), field_(plan.q) {
    set_endpoints(plan.endpoints);
    const std::uint32_t first = add_tier("router", plan.routers());
    for (std::uint32_t e = 0; e < plan.endpoints; ++e) connect(e, first + e / plan.p, link, hop_latency);
    choose_sets();
    neighbours_.resize(plan.routers());
    for (std::uint32_t a = 0; a < plan.routers(); ++a) {
      for (std::uint32_t b = a + 1; b < plan.routers(); ++b) {
        if (!joined(a, b)) continue;
        const LinkId id = connect(first + a, first + b, link, hop_latency);
        neighbours_[a].push_back({b, id});
        neighbours_[b].push_back({a, id + 1});
      }
    }
  }

  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override {
    if (from == to) return;
    const std::uint32_t source = from / plan_.p, target = to / plan_.p;
    path.push_back(2 * from);
    if (source != target) push_routers(source, target, to, choose, path);
    path.push_back(2 * to + 1);
  }

 private:
  struct Neighbour {
    std::uint32_t router;
    LinkId link;
  };

  void push_routers(std::uint32_t source, std::uint32_t target, std::uint32_t digit, Selector& choose,
                    Path& path) const {
    if (joined(source, target)) return path.push_back(link_to(source, target));
    std::vector<Neighbour> middle;
    for (const Neighbour& n : neighbours_[source]) {
      if (joined(n.router, target)) middle.push_back(n);
    }
    const std::uint32_t choice =
        choose.pick(static_cast<std::uint32_t>(middle.size()), digit, [&](std::uint32_t i) { return middle[i].link; });
    path.push_back(middle[choice].link);
    path.push_back(link_to(middle[choice].router, target));
  }

  LinkId link_to(std::uint32_t router, std::uint32_t next) const {
    const auto& list = neighbours_[router];
    return std::lower_bound(list.begin(), list.end(), next,
                            [](const Neighbour& n, std::uint32_t r) { return n.router < r; })
        ->link;
  }

  // Side 0 joins even powers of the generator, side 1 odd ones; for q = 4 w - 1 the second half of each set is shifted
  // by one power so that the sets are closed under negation.
  void choose_sets() {
    const std::uint32_t q = plan_.q, w = (q + 1) / 4;
    for (auto& set : set_) set.assign(q, false);
    if (q % 4 == 3) {
      for (std::uint32_t i = 0; i < w; ++i) {
        for (std::uint32_t side : {0u, 1u}) {
          set_[side][field_.power(2 * i + side)] = true;
          set_[side][field_.power(2 * w - 1 + 2 * i + side)] = true;
        }
      }
      return;
    }
    for (std::uint32_t i = 0; i < q / 2; ++i) {
      set_[0][field_.power(2 * i)] = true;
      set_[1][field_.power(2 * i + 1)] = true;
    }
  }

  bool joined(std::uint32_t a, std::uint32_t b) const {
    const std::uint32_t q = plan_.q, square = q * q;
    if (a > b) std::swap(a, b);
    const std::uint32_t side_a = a / square, side_b = b / square;
    const std::uint32_t xa = a % square / q, ya = a % q, xb = b % square / q, yb = b % q;
    if (side_a == side_b) return xa == xb && ya != yb && set_[side_a][field_.subtract(ya, yb)];
    return ya == field_.add(field_.multiply(xa, xb), yb);
  }

  Plan plan_;
  GaloisField field_;
  std::vector<bool> set_[2];
  std::vector<std::vector<Neighbour>> neighbours_;  ///< sorted by router
};

}  // namespace

Feasible<FabricParts> size_slim_fly(const FabricSpec& spec) {
  const auto plan = plan_of(spec);
  if (!plan) return plan.why();
  const std::uint64_t routers = plan->routers();
  FabricParts parts;
  parts.endpoints = plan->endpoints;
  parts.switches = {{"router", routers, spec.radix, plan->degree + plan->p}};
  parts.cables = {{"endpoint-router", plan->endpoints, false}, {"router-router", routers * plan->degree / 2, true}};
  parts.hops_max = 4;
  // Between the sides of the graph: q^3 of its cables join side 0 to side 1 (an upper bound of the bisection).
  const double across = static_cast<double>(plan->q) * plan->q * plan->q;
  parts.bisection = std::min(1.0, across / (plan->endpoints / 2.0));
  parts.endpoints_max = routers * plan->p;
  if (!GaloisField::exists(plan->q))
    parts.cannot_build =
        fmt::format("q = {} is no power of a prime, so there is no such graph; the counts follow the formula", plan->q);
  return parts;
}

std::unique_ptr<const Topology> build_slim_fly(const FabricSpec& spec) {
  return std::make_unique<SlimFly>(*plan_of(spec), spec.link, spec.hop_latency);
}

}  // namespace socle::net
