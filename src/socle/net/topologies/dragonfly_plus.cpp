#include <algorithm>

#include <fmt/format.h>

#include "socle/net/topologies/global_links.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::net {
namespace {

/// Groups of `half` leaves and `half` spines, fully joined; a leaf has `half` endpoints, a spine `half` global ports.
struct Plan {
  std::uint32_t endpoints, half, groups;
  std::uint32_t group_endpoints() const { return half * half; }
  std::uint32_t global_ports() const { return half * half; }
};

Feasible<Plan> plan_of(const FabricSpec& spec) {
  if (spec.radix < 4 || spec.radix % 2 != 0) {
    return Infeasible{"radix", fmt::format("radix = {}: a dragonfly+ splits its ports into halves", spec.radix),
                      "use an even radix, e.g. 64"};
  }
  Plan plan{.endpoints = spec.endpoints, .half = spec.radix / 2, .groups = 0};
  const std::uint32_t least = std::max(2u, (spec.endpoints + plan.group_endpoints() - 1) / plan.group_endpoints());
  const std::uint32_t most = plan.global_ports() + 1;
  plan.groups = spec.groups ? spec.groups : least;
  if (plan.groups < least || plan.groups > most) {
    return Infeasible{"groups",
                      fmt::format("{} endpoints need {} groups of {}, and global ports allow {}; groups = {}",
                                  spec.endpoints, least, plan.group_endpoints(), most, plan.groups),
                      "use a larger radix, or fewer endpoints"};
  }
  return plan;
}

class DragonflyPlus final : public Topology {
 public:
  DragonflyPlus(const Plan& plan, BytesPerSecond link, Seconds hop_latency)
      : plan_(plan), global_(plan.groups, plan.global_ports()) {
    const std::uint32_t half = plan.half;
    set_endpoints(plan.endpoints);
    const std::uint32_t leaves = add_tier("leaf", plan.groups * half);
    const std::uint32_t spines = add_tier("spine", plan.groups * half);
    for (std::uint32_t e = 0; e < plan.endpoints; ++e) connect(e, leaves + e / half, link, hop_latency);
    for (std::uint32_t leaf = 0; leaf < plan.groups * half; ++leaf) {
      for (std::uint32_t s = 0; s < half; ++s)
        connect(leaves + leaf, spines + leaf / half * half + s, link, hop_latency);
    }
    global_link_.resize(static_cast<std::size_t>(plan.groups) * plan.global_ports());
    global_.for_each_cable([&](std::uint32_t g, std::uint32_t q, std::uint32_t other, std::uint32_t port) {
      const LinkId id = connect(spines + g * half + q / half, spines + other * half + port / half, link, hop_latency);
      global_link_[static_cast<std::size_t>(g) * plan.global_ports() + q] = id;
      global_link_[static_cast<std::size_t>(other) * plan.global_ports() + port] = id + 1;
    });
  }

  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override {
    if (from == to) return;
    const std::uint32_t half = plan_.half, source = from / half, target = to / half;
    path.push_back(2 * from);
    if (source != target) {
      const std::uint32_t source_group = source / half, group = target / half;
      std::uint32_t up, down;
      if (source_group == group) {
        up = down = choose.pick(half, to, [&](std::uint32_t s) { return uplink(source, s); });
        path.push_back(uplink(source, up));
      } else {
        const auto ports = global_.ports_to((group + plan_.groups - source_group) % plan_.groups);
        const auto link_of = [&](std::uint32_t i) {
          return global_link_[source_group * plan_.global_ports() + ports[i]];
        };
        const std::uint32_t choice = choose.pick(static_cast<std::uint32_t>(ports.size()), to, link_of);
        up = ports[choice] / half;
        down = global_.reverse(ports[choice]) / half;
        path.push_back(uplink(source, up));
        path.push_back(link_of(choice));
      }
      path.push_back(uplink(target, down) + 1);
    }
    path.push_back(2 * to + 1);
  }

 private:
  LinkId uplink(std::uint32_t leaf, std::uint32_t spine) const {
    return 2 * (plan_.endpoints + leaf * plan_.half + spine);
  }

  Plan plan_;
  GlobalLinks global_;
  std::vector<LinkId> global_link_;  ///< by group and global port: the link leaving it
};

}  // namespace

Feasible<FabricParts> size_dragonfly_plus(const FabricSpec& spec) {
  const auto plan = plan_of(spec);
  if (!plan) return plan.why();
  const GlobalLinks global(plan->groups, plan->global_ports());
  const std::uint64_t routers = static_cast<std::uint64_t>(plan->groups) * plan->half;
  FabricParts parts;
  parts.endpoints = plan->endpoints;
  parts.switches = {{"leaf", routers, spec.radix, spec.radix}, {"spine", routers, spec.radix, spec.radix}};
  parts.cables = {{"endpoint-leaf", plan->endpoints, false},
                  {"leaf-spine", routers * plan->half, false},
                  {"global", global.cables(), true}};
  parts.hops_max = 5;
  const double pair = static_cast<double>(global.used()) / (plan->groups - 1);
  const double half = plan->groups / 2.0;
  parts.bisection = std::min(1.0, half * half * pair / (plan->endpoints / 2.0));
  parts.endpoints_max = static_cast<std::uint64_t>(plan->group_endpoints()) * (plan->global_ports() + 1);
  return parts;
}

std::unique_ptr<const Topology> build_dragonfly_plus(const FabricSpec& spec) {
  return std::make_unique<DragonflyPlus>(*plan_of(spec), spec.link, spec.hop_latency);
}

}  // namespace socle::net
