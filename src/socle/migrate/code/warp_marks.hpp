#pragma once

#include "socle/migrate/code/tokens.hpp"

namespace socle::migrate {

/// The current word begins code that takes a warp to be 32 lanes: a warp intrinsic whose mask has 32 bits set, a name
/// of warp and size, or of a full mask, that is set to 32 or to such a mask, threadIdx.x split at 32. Right on
/// platforms of 32 lanes; wavefronts of AMD's data-centre chips have 64 (HIP's *_sync take a 64-bit mask).
bool assumes_32_lanes(const Tokens& tokens);

}  // namespace socle::migrate
