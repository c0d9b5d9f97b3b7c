// Azure LLM inference traces (Patel et al. 2024, "Splitwise"; published by Azure as AzurePublicDataset): a row for each
// request. Times are days with seven digits behind the second, of which the zone does not matter: only gaps are used.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/workload/traces/csv_line.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::workload {
namespace {

constexpr std::string_view kTime = "TIMESTAMP", kInput = "ContextTokens", kOutput = "GeneratedTokens";

/// `digits` digits at a place, taken off the text; empty when they are not there.
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

struct Moment {
  int day = 0;         // since 1970
  double seconds = 0;  // of the day
};

/// "2023-11-16 18:17:03.9799600", with T for the blank and Z or +00:00 at the end if wanted.
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
  if (!minute || !take(text, ":")) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  double fraction = 0;
  if (take(text, ".")) {
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    std::int64_t digits = 0, scale = 1;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      if (scale >= 1'000'000'000) continue;  // below a nanosecond
      digits = digits * 10 + (text.front() - '0');
      scale *= 10;
    }
    fraction = static_cast<double>(digits) / static_cast<double>(scale);
  }
  if (!text.empty() && text != "Z" && text != "+00:00") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Moment{static_cast<int>(std::chrono::sys_days(date).time_since_epoch().count()),
                *hour * 3600 + *minute * 60 + *second + fraction};
}

class AzureTrace final : public TraceFormat {
 public:
  bool recognises(std::string_view first_line) const override {
    return first_line.find(kInput) != std::string_view::npos && first_line.find(kOutput) != std::string_view::npos;
  }

  bool header(std::string_view first_line) override {
    table_.header(first_line);
    const auto index = [&](std::string_view name) {
      const auto found = table_.column({name});
      if (!found)
        throw InputError(
            Problem{{},
                    0,
                    0,
                    std::string(name),
                    fmt::format("column {} is missing; an Azure trace begins with {}", name, beginning())});
      return *found;
    };
    time_ = index(kTime);
    input_ = index(kInput);
    output_ = index(kOutput);
    return true;
  }

  TraceRow row(std::string_view line) override {
    table_.row(line);
    const auto moment = parse_moment(table_.text(time_));
    if (!moment)
      throw InputError(Problem{{},
                               0,
                               0,
                               std::string(kTime),
                               fmt::format("{} = \"{}\" is no time such as 2023-11-16 18:17:03.9799600 (UTC)", kTime,
                                           printable(table_.text(time_)))});
    if (!first_day_) first_day_ = moment->day;
    TraceRow row;
    row.time = 86400.0 * (moment->day - *first_day_) + moment->seconds;
    row.input = table_.number(input_);
    row.output = table_.number(output_);
    return row;
  }

  TraceKeys keys() const override { return {std::string(kTime), std::string(kInput), std::string(kOutput)}; }
  std::string_view beginning() const override { return "TIMESTAMP,ContextTokens,GeneratedTokens"; }

 private:
  CsvTraceTable table_;
  std::size_t time_ = 0, input_ = 0, output_ = 0;
  std::optional<int> first_day_;
};

}  // namespace

std::unique_ptr<TraceFormat> azure_trace() { return std::make_unique<AzureTrace>(); }

}  // namespace socle::workload
