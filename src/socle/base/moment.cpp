#include "socle/base/moment.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>

namespace socle {
namespace {

/// So many digits at the front, taken off; empty when they are not there.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || stop != text.data() + digits || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool digit_first(std::string_view text) { return !text.empty() && text.front() >= '0' && text.front() <= '9'; }

/// ":03.9799600", where it stands.
std::optional<double> take_seconds(std::string_view& text) {
  if (!take(text, ":")) return 0.0;
  const auto whole = take_digits(text, 2);
  if (!whole || *whole > 59) return std::nullopt;
  if (!take(text, ".")) return *whole;
  if (!digit_first(text)) return std::nullopt;
  std::int64_t digits = 0, scale = 1;
  for (; digit_first(text); text.remove_prefix(1)) {
    if (scale >= 1'000'000'000) continue;
    digits = digits * 10 + (text.front() - '0');
    scale *= 10;
  }
  return *whole + static_cast<double>(digits) / static_cast<double>(scale);
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, " T")) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  const auto seconds = take_seconds(text);
  if (!minute || !seconds || *hour > 23 || *minute > 59) return std::nullopt;
  if (!text.empty() && text != "Z" && text != "+00:00") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Moment{static_cast<int>(std::chrono::sys_days(date).time_since_epoch().count()),
                *hour * 3600 + *minute * 60 + *seconds};
}

}  // namespace socle
