#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "socle/migrate/code/census.hpp"

namespace socle::migrate {

/// What becomes of one name on a target.
enum class Verdict { kSame, kRenamed, kNoEquivalent, kUnknown };
const char* verdict_key(Verdict verdict);

struct NameVerdict {
  Verdict verdict = Verdict::kUnknown;
  Status status = Status::kUnknown;
  Evidence evidence = Evidence::kE0;
  std::string name;  ///< on the target; empty: none
};

NameVerdict verdict_of(const NameTable& names, const NameUse& use, Target target);

// Assumptions of effort, hours of somebody who knows both sides; tests and tuning come on top.
inline constexpr double kHoursPerRewrite = 2.0;      ///< a place whose code has to be another
inline constexpr double kHoursPerCheck = 0.25;       ///< a place that somebody has to read
inline constexpr double kHoursPerMissingName = 2.0;  ///< a distinct name without an equivalent
inline constexpr double kHoursPerUnknownName = 0.5;  ///< a distinct name that has to be looked up
inline constexpr double kCoverageLeast = 0.5;        ///< share of uses with a name below which it is no-go

struct Count {
  std::size_t uses = 0, names = 0;
};

/// A target's answer. Uses are of names and headers together.
struct TargetVerdict {
  Target target = Target::kHip;
  Count all, same, renamed, no_equivalent, unknown;
  Count supported, experimental, partial;  ///< of same and renamed, by status
  std::size_t rewrites = 0, checks = 0;    ///< places of hazards
  double hours = 0;                        ///< by the assumptions above
  Effort effort = Effort::kNone;
  Decision decision = Decision::kGo;
  Evidence evidence = Evidence::kE1;  ///< the least of what was used

  /// Share of uses, of distinct names, that have a name on the target; 1 without any.
  double coverage_by_use() const { return share(same.uses + renamed.uses, all.uses); }
  double coverage_by_name() const { return share(same.names + renamed.names, all.names); }

 private:
  static double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

/// Rule: no-go when fewer than half of the uses have a name on the target; go when all of them have one that the vendor
/// documents as supported and no hazard asks for work; go with work otherwise.
TargetVerdict judge(const NameTable& names, const Census& census, Target target);

}  // namespace socle::migrate
