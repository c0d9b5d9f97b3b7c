#include "socle/report/train/figure_rows.hpp"

#include <fmt/format.h>

namespace socle::report {
namespace {

constexpr double kDay = 86400.0;

template <typename T>
FigureRow row(std::string key, std::string label, const Ranged<T>& figure, std::string basis) {
  const auto plain = UnitScale<T>::plain;
  return {std::move(key),
          std::move(label),
          {plain(figure.value), plain(figure.low), plain(figure.high)},
          range_text(figure),
          std::move(basis)};
}

FigureRow percent_row(const char* key, const char* label, const Ranged<double>& share, const std::string& basis) {
  return {
      key, label, share, {format_percent(share.value), format_percent(share.low), format_percent(share.high)}, basis};
}

FigureRow days_row(const answer::TrainFigures& figures) {
  const double length = figures.run->value.value() / kDay;
  const Ranged<double> days{length, length * figures.range_low, length * figures.range_high};
  const Ranged<Seconds> times{Seconds{days.value * kDay}, Seconds{days.low * kDay}, Seconds{days.high * kDay}};
  return {"run_days", "run, without failures", days, range_text(times), figures.basis};
}

FigureRow money_row(const char* key, const char* label, const Ranged<Money>& money, const std::string& basis) {
  return row(fmt::format("{}_{}", key, money.value.currency == Currency::kUsd ? "usd" : "cny"), label, money, basis);
}

}  // namespace

std::vector<FigureRow> figure_rows(const answer::TrainFigures& figures) {
  const std::string& basis = figures.basis;
  const std::string at_rated = basis + ", rated power";
  std::vector<FigureRow> rows{
      row("step_time_s", "step time", figures.step_time, basis),
      row("tokens_per_s", "throughput", figures.throughput, basis),
      row("tokens_per_s_per_chip", "throughput per chip", figures.throughput_per_chip, basis),
      percent_row("mfu", "MFU, causal attention", figures.mfu, basis),
      percent_row("mfu_full_attention", "MFU, full attention", figures.mfu_full_attention, basis),
      percent_row("hfu", "HFU", figures.hfu, basis)};
  if (figures.energy_of_step)
    rows.push_back(row("energy_of_step_j", "energy of a step", *figures.energy_of_step, at_rated));
  if (figures.run) rows.push_back(days_row(figures));
  if (figures.energy_of_run)
    rows.push_back(row("energy_of_run_j", "energy of the run", *figures.energy_of_run, at_rated));
  if (figures.rent_of_run)
    rows.push_back(money_row("rent_of_run", "rent of the run", *figures.rent_of_run, basis + ", rent as given"));
  if (figures.hardware_of_run)
    rows.push_back(
        money_row("hardware_of_run", "hardware of the run", *figures.hardware_of_run, basis + ", straight line"));
  if (figures.rated_power) {
    const Watts power = *figures.rated_power;
    rows.push_back(row("rated_power_w", "rated power", Ranged<Watts>{power, power, power}, "datasheet"));
  }
  return rows;
}

}  // namespace socle::report
