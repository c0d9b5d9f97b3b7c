#include "socle/setup/export_day.hpp"

#include <charconv>
#include <chrono>
#include <system_error>

#include <fmt/format.h>

#include "socle/base/error.hpp"

namespace socle::setup {
namespace {

// Rules change by date; without one, all that is in force on the newest date that the catalogue knows.
constexpr const char* kNewestRules = "2026-06-30";

// "2026-06-30", a day of the calendar.
void check_day(const std::string& day) {
  int parts[3] = {};
  const int at[3] = {0, 5, 8}, width[3] = {4, 2, 2};
  bool legal = day.size() == 10 && day[4] == '-' && day[7] == '-';
  for (int i = 0; legal && i < 3; ++i) {
    const char* from = day.data() + at[i];
    const auto [end, error] = std::from_chars(from, from + width[i], parts[i]);
    legal = error == std::errc{} && end == from + width[i] && *from != '-';
  }
  using namespace std::chrono;
  const year_month_day date{year{parts[0]}, month{static_cast<unsigned>(parts[1])},
                            std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (legal && date.ok()) return;
  throw InputError(
      Problem{{},
              0,
              0,
              "day",
              fmt::format("--day = \"{}\": write a day of the calendar as YYYY-MM-DD, such as {}", day, kNewestRules)});
}

}  // namespace

std::string export_day(const std::string& asked) {
  if (asked.empty()) return kNewestRules;
  check_day(asked);
  return asked;
}

}  // namespace socle::setup
