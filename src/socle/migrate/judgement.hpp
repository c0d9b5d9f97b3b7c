#pragma once

#include <cstddef>
#include <string>

#include "socle/base/csv.hpp"

namespace socle::migrate {

/// What a fact pack says of an item on a platform. Unknown never counts as yes.
enum class Status { kSupported, kExperimental, kPartial, kUnsupported, kUnknown };
const char* status_key(Status status);
constexpr bool counts_as_yes(Status status) {
  return status == Status::kSupported || status == Status::kExperimental || status == Status::kPartial;
}
/// A cell of a fact pack; an empty one is unknown. Throws InputError at its line.
Status status_of(const CsvTable& table, std::size_t row, const std::string& column);

/// How far a statement may be trusted.
enum class Evidence {
  kE0,  ///< assumed, or recalled
  kE1,  ///< documented by the vendor or the framework
  kE2,  ///< read in their source
  kE3,  ///< run on a CPU
  kE4,  ///< run on the device
};
const char* evidence_key(Evidence evidence);  ///< "E1"

enum class Decision { kGo, kGoWithWork, kNoGo };
const char* decision_key(Decision decision);

/// Class of work: none, up to a day, up to ten days, more.
enum class Effort { kNone, kHours, kDays, kWeeks };
const char* effort_key(Effort effort);
inline constexpr double kHoursADay = 8.0, kDaysMost = 10.0;  ///< beyond so many days: weeks
Effort effort_of(double hours);

}  // namespace socle::migrate
