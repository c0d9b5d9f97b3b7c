#pragma once

#include <vector>

#include "socle/setup/serving_move.hpp"

namespace socle::setup {

/// How the weights can be stored on the target when they are stored in `today` on the source: as they are where the
/// chip multiplies them and the engine loads them; else integers of 8 bits where both have them, and 16 bits. Requires:
/// the target has an engine.
std::vector<FormatChoice> formats_on(const MoveSide& target, const MoveSide& from, const model::ServingFormats& today,
                                     const migrate::EngineFacts& facts);

/// The chip and the engine have a cache of 8-bit floats.
bool has_fp8_cache(const MoveSide& side);

}  // namespace socle::setup
