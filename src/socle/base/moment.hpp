#pragma once

#include <optional>
#include <string_view>

namespace socle {

/// A moment as calendars write it, in UTC.
struct Moment {
  int day = 0;         ///< since 1970
  double seconds = 0;  ///< of the day
};

/// "2023-11-16 18:17:03.9799600": the seconds may be missing, T may stand for the blank, and Z or +00:00 behind it all.
/// Below a nanosecond digits are dropped. Empty for anything else, and for days that no calendar has.
std::optional<Moment> parse_moment(std::string_view text);

}  // namespace socle
