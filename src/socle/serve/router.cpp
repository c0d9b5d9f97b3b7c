#include "socle/serve/router.hpp"

#include <algorithm>

#include "socle/base/random.hpp"

namespace socle::serve {
namespace {

constexpr std::uint32_t kSessionPurpose = 0x5E551000;

std::int64_t load(const Replica& replica) { return replica.load().requests(); }

}  // namespace

std::size_t round_robin(const Request&, const RoutingView& view) {
  return static_cast<std::size_t>(view.routed) % view.replicas.size();
}

std::size_t least_loaded(const Request&, const RoutingView& view) {
  std::size_t best = 0;
  const auto weight = [&](std::size_t i) { return view.weights.empty() ? 1.0 : view.weights[i]; };
  // Of unlike replicas the one that has the least for its size with the request; of like ones the first idlest.
  const auto filled = [&](std::size_t i) { return static_cast<double>(load(*view.replicas[i]) + 1) / weight(i); };
  for (std::size_t i = 1; i < view.replicas.size(); ++i) {
    if (filled(i) < filled(best)) best = i;
  }
  return best;
}

std::size_t prefix_aware(const Request& request, const RoutingView& view) {
  return holder(
      least_loaded(request, view), view.replicas.size(), [&](std::size_t i) { return load(*view.replicas[i]); },
      [&](std::size_t i) { return view.replicas[i]->cached_names(request); });
}

std::size_t by_session(const Request& request, const RoutingView& view) {
  if (request.session < 0) return least_loaded(request, view);
  const RandomStream names(0, kSessionPurpose);
  return static_cast<std::size_t>(names.below(view.replicas.size(), static_cast<std::uint64_t>(request.session), 0));
}

const std::vector<RouterEntry>& routers() {
  static const std::vector<RouterEntry> all = {
#define SOCLE_ROUTER(function, lanes, name, help) {name, function, lanes, help},
#include "socle/serve/routers.def"
#undef SOCLE_ROUTER
  };
  return all;
}

const RouterEntry* find_router(std::string_view name) {
  const auto at =
      std::find_if(routers().begin(), routers().end(), [&](const RouterEntry& r) { return r.name == name; });
  return at == routers().end() ? nullptr : &*at;
}

}  // namespace socle::serve
