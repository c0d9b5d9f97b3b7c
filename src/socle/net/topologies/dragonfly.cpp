#include <algorithm>

#include <fmt/format.h>

#include "socle/net/topologies/global_links.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::net {
namespace {

/// Balanced dragonfly: routers of a group a = 2 p = 2 h, with p endpoints and h global ports each.
struct Plan {
  std::uint32_t endpoints, p, a, h, groups;
  std::uint32_t global_ports() const { return a * h; }
  std::uint64_t local_cables() const { return static_cast<std::uint64_t>(groups) * a * (a - 1) / 2; }
};

Feasible<Plan> plan_of(const FabricSpec& spec) {
  Plan plan{.endpoints = spec.endpoints, .p = 0, .a = 0, .h = 0, .groups = 0};
  plan.p = spec.router_endpoints ? spec.router_endpoints : (spec.radix + 1) / 4;
  plan.a = spec.group_routers ? spec.group_routers : 2 * plan.p;
  if (plan.p == 0 || plan.a < 2 || plan.p + plan.a >= spec.radix + 1) {
    return Infeasible{"radix",
                      fmt::format("radix = {} leaves no global port beside {} endpoints and {} local links", spec.radix,
                                  plan.p, plan.a > 0 ? plan.a - 1 : 0),
                      "use a larger radix or smaller groups"};
  }
  plan.h = spec.group_routers || spec.router_endpoints ? spec.radix - plan.p - (plan.a - 1) : plan.p;
  const std::uint32_t most = plan.a * plan.h + 1;
  const std::uint32_t least =
      static_cast<std::uint32_t>((spec.endpoints + static_cast<std::uint64_t>(plan.p) * plan.a - 1) /
                                 (static_cast<std::uint64_t>(plan.p) * plan.a));
  plan.groups = spec.groups ? spec.groups : std::max(2u, least);
  if (plan.groups < std::max(2u, least) || plan.groups > most) {
    return Infeasible{
        "groups",
        fmt::format(
            "{} groups of {} routers with {} endpoints each: {} endpoints need {} groups, and global ports allow {}",
            plan.groups, plan.a, plan.p, spec.endpoints, std::max(2u, least), most),
        "use a larger radix, or fewer endpoints"};
  }
  return plan;
}

class Dragonfly final : public Topology {
 public:
  Dragonfly(const Plan& plan, BytesPerSecond link, Seconds hop_latency)
      : plan_(plan), global_(plan.groups, plan.global_ports()) {
    set_endpoints(plan.endpoints);
    const std::uint32_t routers = add_tier("router", plan.groups * plan.a);
    for (std::uint32_t e = 0; e < plan.endpoints; ++e) connect(e, routers + e / plan.p, link, hop_latency);
    first_local_ = static_cast<LinkId>(links().size());
    for (std::uint32_t g = 0; g < plan.groups; ++g) {
      for (std::uint32_t i = 0; i < plan.a; ++i) {
        for (std::uint32_t j = i + 1; j < plan.a; ++j)
          connect(routers + g * plan.a + i, routers + g * plan.a + j, link, hop_latency);
      }
    }
    global_link_.resize(static_cast<std::size_t>(plan.groups) * plan.global_ports());
    global_.for_each_cable([&](std::uint32_t g, std::uint32_t q, std::uint32_t other, std::uint32_t port) {
      const LinkId id =
          connect(routers + g * plan.a + q / plan.h, routers + other * plan.a + port / plan.h, link, hop_latency);
      global_link_[static_cast<std::size_t>(g) * plan.global_ports() + q] = id;
      global_link_[static_cast<std::size_t>(other) * plan.global_ports() + port] = id + 1;
    });
  }

  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override {
    if (from == to) return;
    const std::uint32_t source = from / plan_.p, target = to / plan_.p;
    const std::uint32_t source_group = source / plan_.a, group = target / plan_.a;
    path.push_back(2 * from);
    std::uint32_t here = source % plan_.a;
    if (source_group != group) {
      const auto ports = global_.ports_to((group + plan_.groups - source_group) % plan_.groups);
      const auto link_of = [&](std::uint32_t i) {
        return global_link_[source_group * plan_.global_ports() + ports[i]];
      };
      const std::uint32_t choice = choose.pick(static_cast<std::uint32_t>(ports.size()), to, link_of);
      push_local(source_group, here, ports[choice] / plan_.h, path);
      path.push_back(link_of(choice));
      here = global_.reverse(ports[choice]) / plan_.h;
    }
    push_local(group, here, target % plan_.a, path);
    path.push_back(2 * to + 1);
  }

 private:
  void push_local(std::uint32_t group, std::uint32_t i, std::uint32_t j, Path& path) const {
    if (i == j) return;
    const std::uint32_t low = std::min(i, j), high = std::max(i, j);
    const std::uint32_t pair = low * (2 * plan_.a - low - 1) / 2 + (high - low - 1);
    path.push_back(first_local_ + 2 * (group * (plan_.a * (plan_.a - 1) / 2) + pair) + (i < j ? 0 : 1));
  }

  Plan plan_;
  GlobalLinks global_;
  LinkId first_local_ = 0;
  std::vector<LinkId> global_link_;  ///< by group and global port: the link leaving it
};

}  // namespace

Feasible<FabricParts> size_dragonfly(const FabricSpec& spec) {
  const auto plan = plan_of(spec);
  if (!plan) return plan.why();
  const GlobalLinks global(plan->groups, plan->global_ports());
  FabricParts parts;
  parts.endpoints = plan->endpoints;
  parts.switches = {
      {"router", static_cast<std::uint64_t>(plan->groups) * plan->a, spec.radix, plan->p + plan->a - 1 + plan->h}};
  parts.cables = {{"endpoint-router", plan->endpoints, false},
                  {"local", plan->local_cables(), false},
                  {"global", global.cables(), true}};
  parts.hops_max = 5;
  // Half of the groups against the other half: groups^2 / 4 pairs, evenly joined.
  const double pair = static_cast<double>(global.used()) / (plan->groups - 1);
  const double half = plan->groups / 2.0;
  parts.bisection = std::min(1.0, half * half * pair / (plan->endpoints / 2.0));
  parts.endpoints_max = static_cast<std::uint64_t>(plan->p) * plan->a * (plan->global_ports() + 1);
  return parts;
}

std::unique_ptr<const Topology> build_dragonfly(const FabricSpec& spec) {
  return std::make_unique<Dragonfly>(*plan_of(spec), spec.link, spec.hop_latency);
}

}  // namespace socle::net
