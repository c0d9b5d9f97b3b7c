#include "socle/base/unit_text.hpp"

#include <charconv>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "socle/base/unit_scale.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double kKi = 1024.0, kMi = kKi * kKi, kGi = kMi * kKi, kTi = kGi * kKi, kPi = kTi * kKi;
constexpr double kMinute = 60.0, kHour = 3600.0, kDay = 86400.0;

constexpr Unit kByteUnits[] = {{"B", 1},     {"kB", 1e3},  {"KB", 1e3},  {"MB", 1e6},  {"GB", 1e9},
                               {"TB", 1e12}, {"PB", 1e15}, {"EB", 1e18}, {"KiB", kKi}, {"MiB", kMi},
                               {"GiB", kGi}, {"TiB", kTi}, {"PiB", kPi}};
constexpr Unit kByteRateUnits[] = {{"B/s", 1},        {"kB/s", 1e3},    {"KB/s", 1e3},    {"MB/s", 1e6},
                                   {"GB/s", 1e9},     {"TB/s", 1e12},   {"PB/s", 1e15},   {"KiB/s", kKi},
                                   {"MiB/s", kMi},    {"GiB/s", kGi},   {"TiB/s", kTi},   {"b/s", 0.125},
                                   {"kb/s", 125},     {"Kb/s", 125},    {"Mb/s", 1.25e5}, {"Gb/s", 1.25e8},
                                   {"Tb/s", 1.25e11}, {"Mbps", 1.25e5}, {"Gbps", 1.25e8}, {"Tbps", 1.25e11}};
constexpr Unit kTimeUnits[] = {{"s", 1},
                               {"sec", 1},
                               {"second", 1},
                               {"seconds", 1},
                               {"ps", 1e-12},
                               {"ns", 1e-9},
                               {"us", 1e-6},
                               {"\u00b5s", 1e-6},
                               {"\u03bcs", 1e-6},
                               {"ms", 1e-3},
                               {"min", kMinute},
                               {"minute", kMinute},
                               {"minutes", kMinute},
                               {"h", kHour},
                               {"hour", kHour},
                               {"hours", kHour},
                               {"d", kDay},
                               {"day", kDay},
                               {"days", kDay},
                               {"week", 7 * kDay},
                               {"weeks", 7 * kDay},
                               {"year", 365 * kDay},
                               {"years", 365 * kDay}};
constexpr Unit kFlopUnits[] = {{"FLOP", 1},     {"KFLOP", 1e3},  {"MFLOP", 1e6},  {"GFLOP", 1e9}, {"TFLOP", 1e12},
                               {"PFLOP", 1e15}, {"EFLOP", 1e18}, {"ZFLOP", 1e21}, {"YFLOP", 1e24}};
constexpr Unit kFlopRateUnits[] = {{"FLOP/s", 1},     {"MFLOP/s", 1e6},  {"GFLOP/s", 1e9}, {"TFLOP/s", 1e12},
                                   {"PFLOP/s", 1e15}, {"EFLOP/s", 1e18}, {"GFLOPS", 1e9},  {"TFLOPS", 1e12},
                                   {"PFLOPS", 1e15},  {"EFLOPS", 1e18},  {"TOPS", 1e12},   {"TOP/s", 1e12}};
constexpr Unit kWattUnits[] = {{"W", 1}, {"mW", 1e-3}, {"kW", 1e3}, {"KW", 1e3}, {"MW", 1e6}, {"GW", 1e9}};
constexpr Unit kJouleUnits[] = {{"J", 1},       {"kJ", 1e3},    {"MJ", 1e6},     {"GJ", 1e9},    {"Wh", 3.6e3},
                                {"kWh", 3.6e6}, {"MWh", 3.6e9}, {"GWh", 3.6e12}, {"TWh", 3.6e15}};
constexpr Unit kCountUnits[] = {{"", 1}, {"K", 1e3}, {"k", 1e3}, {"M", 1e6}, {"B", 1e9}, {"T", 1e12}};
constexpr Unit kTokenUnits[] = {{"", 1},           {"K", 1e3},        {"k", 1e3},        {"M", 1e6},
                                {"B", 1e9},        {"T", 1e12},       {"tokens", 1},     {"K tokens", 1e3},
                                {"M tokens", 1e6}, {"B tokens", 1e9}, {"T tokens", 1e12}};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Figure {
  double number = 0.0;
  std::string_view unit;
  std::string problem;
};

Figure split(std::string_view text, std::string_view accepted) {
  const std::string shown = printable(text, 40);
  const std::string_view body = trim(text);
  if (body.empty()) return {0, {}, fmt::format("an empty text is no figure; write {}", accepted)};
  Figure figure;
  const char* begin = body.data() + (body.front() == '+' ? 1 : 0);
  const char* end = body.data() + body.size();
  const auto [stop, error] = std::from_chars(begin, end, figure.number);
  if (error == std::errc::result_out_of_range) {
    figure.problem = fmt::format("\"{}\" is out of the range of numbers; write {}", shown, accepted);
  } else if (error != std::errc() || !std::isfinite(figure.number)) {
    figure.problem = fmt::format("\"{}\" does not start with a finite number; write {}", shown, accepted);
  } else if (figure.number < 0 || (figure.number == 0 && std::signbit(figure.number))) {
    figure.problem = fmt::format("\"{}\" is negative; write {}", shown, accepted);
  }
  figure.unit = trim(std::string_view(stop, static_cast<std::size_t>(end - stop)));
  return figure;
}

/// What a figure of one kind may be, zero aside: far beyond anything that exists, near enough that no sum or product of
/// figures leaves the range of numbers.
struct Span {
  double least, most;
  const char* text;
};

Parsed<double> parse_with(std::string_view text, std::span<const Unit> units, std::string_view accepted,
                          const Span& span) {
  const Figure figure = split(text, accepted);
  if (!figure.problem.empty()) return {std::nullopt, figure.problem};
  for (const Unit& unit : units) {
    if (figure.unit != unit.name) continue;
    const double value = figure.number * unit.factor;
    if (value == 0 || (value >= span.least && value <= span.most)) return {value, {}};
    return {std::nullopt,
            fmt::format("\"{}\" is out of range; write {}, {}", printable(text, 40), accepted, span.text)};
  }
  if (figure.unit.empty()) {
    return {std::nullopt, fmt::format("\"{}\" has no unit; write {}", printable(text, 40), accepted)};
  }
  return {std::nullopt, fmt::format("\"{}\" is not a unit known here; write {}", printable(figure.unit, 40), accepted)};
}

template <typename T>
Parsed<T> wrap(const Parsed<double>& parsed) {
  if (!parsed.value) return {std::nullopt, parsed.problem};
  return {T{*parsed.value}, {}};
}

// "-0.0" is "0.0": what rounds to zero has no sign.
std::string without_sign_of_zero(std::string text) {
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  return text;
}

}  // namespace

#define SOCLE_UNIT_TEXT(type, units, least, most, range, accepted)                                \
  template <>                                                                                     \
  std::string_view accepted_unit_text<type>() {                                                   \
    return accepted;                                                                              \
  }                                                                                               \
  template <>                                                                                     \
  Parsed<type> parse_unit_text<type>(std::string_view text) {                                     \
    return wrap<type>(parse_with(text, units, accepted_unit_text<type>(), {least, most, range})); \
  }

SOCLE_UNIT_TEXT(Bytes, kByteUnits, 1e-3, 1e21, "from 0.001 B to 1000 EB", R"(a size such as "80 GB" or "80 GiB")")
SOCLE_UNIT_TEXT(BytesPerSecond, kByteRateUnits, 1e-3, 1e18, "from 0.001 B/s to 1000 PB/s",
                R"(a rate such as "400 Gb/s" or "3.35 TB/s")")
SOCLE_UNIT_TEXT(Seconds, kTimeUnits, 1e-15, 1000 * 365 * kDay, "from 1e-15 s to 1000 years",
                R"(a time such as "12 us", "1.5 h" or "90 days")")
SOCLE_UNIT_TEXT(Flops, kFlopUnits, 1e-3, 1e36, "up to 1e36 FLOP", R"(a count such as "3.8e25 FLOP" or "38 YFLOP")")
SOCLE_UNIT_TEXT(FlopsPerSecond, kFlopRateUnits, 1, 1e24, "from 1 FLOP/s to 1e24 FLOP/s",
                R"(a speed such as "989.4 TFLOP/s")")
SOCLE_UNIT_TEXT(Watts, kWattUnits, 1e-6, 1e12, "from 1e-6 W to 1000 GW", R"(a power such as "700 W" or "30 MW")")
SOCLE_UNIT_TEXT(Joules, kJouleUnits, 1e-6, 1e24, "from 1e-6 J to 1e24 J", R"(an energy such as "12 kWh")")
SOCLE_UNIT_TEXT(Tokens, kTokenUnits, 1e-3, 1e18, "up to 1e18", R"(a count such as "15.6T", "300B" or "4096")")
SOCLE_UNIT_TEXT(double, kCountUnits, 1e-15, 1e18, "up to 1e18", R"(a count such as "405B", "1.2M" or "4096")")
#undef SOCLE_UNIT_TEXT

template <>
std::string_view accepted_unit_text<Money>() {
  return R"(an amount such as "3.0e9 CNY", "250M USD" or "$1200")";
}

template <>
Parsed<Money> parse_unit_text<Money>(std::string_view text) {
  constexpr Unit kMoneyUnits[] = {{"", 1},    {"K", 1e3},  {"k", 1e3},      {"M", 1e6},
                                  {"B", 1e9}, {"T", 1e12}, {"\u4e07", 1e4}, {"\u4ebf", 1e8}};
  const std::string_view accepted = accepted_unit_text<Money>();
  std::string_view body = trim(text);
  struct Mark {
    std::string_view name;
    Currency currency;
  };
  constexpr Mark kSuffixes[] = {
      {"USD", Currency::kUsd}, {"CNY", Currency::kCny}, {"RMB", Currency::kCny}, {"\u5143", Currency::kCny}};
  std::optional<Currency> currency;
  for (const Mark& mark : kSuffixes) {
    if (!body.ends_with(mark.name)) continue;
    currency = mark.currency;
    body = trim(body.substr(0, body.size() - mark.name.size()));
    break;
  }
  constexpr Mark kPrefixes[] = {{"$", Currency::kUsd}, {"\u00a5", Currency::kCny}, {"\uffe5", Currency::kCny}};
  for (const Mark& mark : kPrefixes) {
    if (currency || !body.starts_with(mark.name)) continue;
    currency = mark.currency;
    body = trim(body.substr(mark.name.size()));
  }
  if (!currency) {
    return {std::nullopt, fmt::format("\"{}\" names no currency; write {}", printable(text, 40), accepted)};
  }
  const Parsed<double> amount = parse_with(body, kMoneyUnits, accepted, {1e-6, 1e15, "from 1e-6 to 1e15"});
  if (!amount.value) return {std::nullopt, amount.problem};
  return {Money{*amount.value, *currency}, {}};
}

std::string format_number(double value, int digits) {
  if (!std::isfinite(value)) return "unknown";
  if (value == 0) return "0";
  const double size = std::fabs(value);
  if (size >= 1e15 || size < 1e-5) return fmt::format("{:.{}g}", value, digits);
  // Digits left of the point are never dropped; zeros right of it are.
  const int whole = size >= 1 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 0;
  const int leading_zeros = size < 1 ? static_cast<int>(-std::floor(std::log10(size))) - 1 : 0;
  std::string text = fmt::format("{:.{}f}", value, std::max(0, digits - whole + leading_zeros));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string format_bytes(Bytes size) { return unit_for(size).text(size); }
std::string format_bytes_binary(Bytes size) { return binary_unit_for(size).text(size); }
std::string format_bytes_per_second(BytesPerSecond rate) { return unit_for(rate).text(rate); }
std::string format_bits_per_second(BytesPerSecond rate) { return bit_unit_for(rate).text(rate); }
std::string format_seconds(Seconds time) { return unit_for(time).text(time); }
std::string format_flops(Flops count) { return unit_for(count).text(count); }
std::string format_flops_per_second(FlopsPerSecond rate) { return unit_for(rate).text(rate); }
std::string format_watts(Watts power) { return unit_for(power).text(power); }
std::string format_joules(Joules energy) { return unit_for(energy).text(energy); }
std::string format_count(double count) { return unit_for(count).text(count); }
std::string format_tokens(Tokens count) { return unit_for(count).text(count); }
std::string format_tokens_per_second(TokensPerSecond rate) { return unit_for(rate).text(rate); }
std::string format_money(Money money) { return unit_for(money).text(money); }

std::string format_whole(std::int64_t count) {
  std::string digits = fmt::format("{}", count);
  if (count > -100'000 && count < 100'000) return digits;
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string format_percent(double fraction) {
  if (!std::isfinite(fraction)) return "unknown";
  return without_sign_of_zero(fmt::format("{:.1f}", fraction * 100.0)) + " %";
}

std::string format_signed_percent(double fraction) {
  const std::string text = format_percent(fraction);
  return std::isfinite(fraction) && !text.starts_with('-') ? "+" + text : text;
}

}  // namespace socle
