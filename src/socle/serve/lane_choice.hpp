#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "socle/serve/lane.hpp"

namespace socle::serve {

// Which lane of a replica (attention data parallel) a request goes to. Engines share requests out among theirs without
// a look at the prompt, so turns of a conversation find little of what they said; routers that tell ranks of data
// parallelism apart (SGLang's with --dp-aware; one endpoint a rank, as llm-d has them; recall) send them to one.

/// Requests by which what holds the prompt may be busier than the idlest and still be chosen (assumption).
inline constexpr std::int64_t kPrefixBalance = 16;

/// Of `count` replicas or lanes the one that holds most of a prompt, unless it is much busier than the idlest.
/// `load(i)`: requests of one, waiting and running; `cached(i)`: leading names of the prompt that it holds.
template <typename Load, typename Cached>
std::size_t holder(std::size_t idlest, std::size_t count, const Load& load, const Cached& cached) {
  const std::int64_t busiest = load(idlest) + kPrefixBalance;
  std::size_t best = idlest, most = cached(idlest);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t held = cached(i);
    if (held <= most || load(i) > busiest) continue;
    best = i;
    most = held;
  }
  return best;
}

/// Index of the lane. Requires: at least one.
using LaneChoice = std::size_t (*)(const Request& request, std::span<const Lane> lanes);

/// The lane with the fewest requests, waiting and running.
std::size_t idlest_lane(const Request& request, std::span<const Lane> lanes);
/// The lane that holds most of the prompt, unless it is much busier than the idlest.
std::size_t holding_lane(const Request& request, std::span<const Lane> lanes);
/// All turns of a conversation to one lane; what belongs to none to the idlest.
std::size_t lane_of_session(const Request& request, std::span<const Lane> lanes);

}  // namespace socle::serve
