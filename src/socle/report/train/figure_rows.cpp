#include "socle/report/train/figure_rows.hpp"

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::report {
namespace {

constexpr double kDay = 86400.0;

std::string seconds_text(double value) { return format_seconds(Seconds{value}); }
std::string days_text(double value) { return format_seconds(Seconds{value * kDay}); }
std::string rate_text(double value) { return format_tokens_per_second(TokensPerSecond{value}); }
// One unit for the value and both ends of its range.
std::string kilowatt_hours_text(double value) { return format_number(value / 3.6e6) + " kWh"; }
std::string megawatt_hours_text(double value) { return format_number(value / 3.6e9) + " MWh"; }
std::string watts_text(double value) { return format_watts(Watts{value}); }
std::string usd_text(double value) { return format_money({value, Currency::kUsd}); }
std::string cny_text(double value) { return format_money({value, Currency::kCny}); }
std::string percent_text(double value) { return format_percent(value); }

template <typename T>
Ranged<double> plain(const Ranged<T>& figure) {
  return {figure.value.value(), figure.low.value(), figure.high.value()};
}

Ranged<double> days(const answer::TrainFigures& figures) {
  const double length = figures.run->value.value() / kDay;
  return {length, length * figures.range_low, length * figures.range_high};
}

FigureRow money_row(const char* key, const char* label, const Ranged<Money>& money, const std::string& basis) {
  const bool usd = money.value.currency == Currency::kUsd;
  return {fmt::format("{}_{}", key, usd ? "usd" : "cny"),
          label,
          {money.value.amount, money.low.amount, money.high.amount},
          usd ? usd_text : cny_text,
          basis};
}

}  // namespace

std::vector<FigureRow> figure_rows(const answer::TrainFigures& figures) {
  const std::string& basis = figures.basis;
  const std::string at_rated = basis + ", rated power";
  std::vector<FigureRow> rows{
      {"step_time_s", "step time", plain(figures.step_time), seconds_text, basis},
      {"tokens_per_s", "throughput", plain(figures.throughput), rate_text, basis},
      {"tokens_per_s_per_chip", "throughput per chip", plain(figures.throughput_per_chip), rate_text, basis},
      {"mfu", "MFU, causal attention", figures.mfu, percent_text, basis},
      {"mfu_full_attention", "MFU, full attention", figures.mfu_full_attention, percent_text, basis},
      {"hfu", "HFU", figures.hfu, percent_text, basis}};
  if (figures.energy_of_step)
    rows.push_back(
        {"energy_of_step_j", "energy of a step", plain(*figures.energy_of_step), kilowatt_hours_text, at_rated});
  if (figures.run) rows.push_back({"run_days", "run, without failures", days(figures), days_text, basis});
  if (figures.energy_of_run)
    rows.push_back(
        {"energy_of_run_j", "energy of the run", plain(*figures.energy_of_run), megawatt_hours_text, at_rated});
  if (figures.rent_of_run)
    rows.push_back(money_row("rent_of_run", "rent of the run", *figures.rent_of_run, basis + ", rent as given"));
  if (figures.hardware_of_run)
    rows.push_back(
        money_row("hardware_of_run", "hardware of the run", *figures.hardware_of_run, basis + ", straight line"));
  if (figures.rated_power) {
    const double watts = figures.rated_power->value();
    rows.push_back({"rated_power_w", "rated power", {watts, watts, watts}, watts_text, "datasheet"});
  }
  return rows;
}

}  // namespace socle::report
