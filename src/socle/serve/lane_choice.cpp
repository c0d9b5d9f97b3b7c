#include "socle/serve/lane_choice.hpp"

#include <algorithm>
#include <cstdint>

#include "socle/base/random.hpp"

namespace socle::serve {
namespace {

constexpr std::uint32_t kLanePurpose = 0x5E551A4E;  // draws of its own: else few lanes of a replica had a session

std::int64_t load(const Lane& lane) { return lane.waiting() + lane.running(); }

}  // namespace

std::size_t idlest_lane(const Request&, std::span<const Lane> lanes) {
  const auto idler = [](const Lane& a, const Lane& b) { return load(a) < load(b); };
  return static_cast<std::size_t>(std::min_element(lanes.begin(), lanes.end(), idler) - lanes.begin());
}

std::size_t holding_lane(const Request& request, std::span<const Lane> lanes) {
  return holder(
      idlest_lane(request, lanes), lanes.size(), [&](std::size_t i) { return load(lanes[i]); },
      [&](std::size_t i) { return lanes[i].prefix().find(request.prefix); });
}

std::size_t lane_of_session(const Request& request, std::span<const Lane> lanes) {
  if (request.session < 0) return idlest_lane(request, lanes);
  const RandomStream names(0, kLanePurpose);
  return static_cast<std::size_t>(names.below(lanes.size(), static_cast<std::uint64_t>(request.session), 0));
}

}  // namespace socle::serve
