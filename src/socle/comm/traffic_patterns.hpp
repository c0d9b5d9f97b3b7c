#pragma once

#include <cstdint>

#include "socle/comm/round_plan.hpp"

namespace socle::comm {

/// Every member sends to one other and receives from one other, none to itself; drawn by seed.
/// Requires: members >= 2.
RoundPlan random_permutation(std::uint32_t members, Bytes bytes, std::uint32_t seed);

/// Every member sends to the one `step` further. Requires: step is no multiple of members.
RoundPlan shift(std::uint32_t members, std::uint32_t step, Bytes bytes);

/// Members 1 to `senders` send to member 0. Requires: 1 <= senders < members.
RoundPlan incast(std::uint32_t senders, Bytes bytes);

}  // namespace socle::comm
