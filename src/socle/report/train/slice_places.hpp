#pragma once

#include <string>

#include "socle/answer/train/train_case.hpp"
#include "socle/base/json.hpp"

namespace socle::report {

/// Where the axes of a layout lie in the slices of a torus (docs/design/communication.md). Requires: run.machine has a
/// slice.
///   slices: 2 of 4x4x8, every side a ring; tp 4 on a ring of 4; dp 64 on rings of 4 and 8 and over 2 slices
std::string slice_places_text(const answer::TrainCase& run);

/// {"sides": "4x4x8", "slices": 2, "rings": [..], "axes": [{"axis", "ranks", "stride", "slices", "sides": [{"members",
/// "stride", "ring"}]}]}
Json slice_places_json(const answer::TrainCase& run);

}  // namespace socle::report
