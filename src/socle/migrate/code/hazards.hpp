#pragma once

#include <array>
#include <cstddef>

#include "socle/migrate/code/names.hpp"

namespace socle::migrate {

/// What a hazard asks for: nothing, somebody who looks, or other code.
enum class Work { kNone, kCheck, kRewrite };

enum class Hazard {
#define SOCLE_HAZARD(enumerator, key, hip, alike, other, help) enumerator,
#include "socle/migrate/code/hazards.def"
#undef SOCLE_HAZARD
  kCount
};
inline constexpr std::size_t kHazards = static_cast<std::size_t>(Hazard::kCount);

struct HazardFacts {
  const char* key;
  std::array<Work, kTargets.size()> work;  ///< our judgement, an assumption
  const char* help;
};

inline constexpr std::array<HazardFacts, kHazards> kHazardFacts{{
#define SOCLE_HAZARD(enumerator, key, hip, alike, other, help) {key, {hip, alike, alike, alike, other, other}, help},
#include "socle/migrate/code/hazards.def"
#undef SOCLE_HAZARD
}};

constexpr const HazardFacts& facts_of(Hazard hazard) { return kHazardFacts[static_cast<std::size_t>(hazard)]; }
constexpr Work work_on(Hazard hazard, Target target) { return facts_of(hazard).work[static_cast<std::size_t>(target)]; }

}  // namespace socle::migrate
