#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/report/train_report.hpp"

namespace socle::report {
namespace {

std::string seconds_text(double value) { return format_seconds(Seconds{value}); }
std::string days_text(double value) { return format_seconds(Seconds{value * 86400.0}); }
std::string rate_text(double value) { return format_tokens_per_second(TokensPerSecond{value}); }
// One unit for the value and both ends of its range.
std::string kilowatt_hours_text(double value) { return format_number(value / 3.6e6) + " kWh"; }
std::string megawatt_hours_text(double value) { return format_number(value / 3.6e9) + " MWh"; }
std::string watts_text(double value) { return format_watts(Watts{value}); }
std::string usd_text(double value) { return format_money({value, Currency::kUsd}); }
std::string cny_text(double value) { return format_money({value, Currency::kCny}); }
std::string percent_text(double value) { return format_percent(value); }

/// Straight-line life of a bought node, for the price of a run (assumption; the user's books may say otherwise).
constexpr double kLifeYears = 5.0;
constexpr Seconds kYear{365.25 * 86400.0};
constexpr Seconds kHour{3600.0};

std::string step_basis(const TrainCase& run) {
  const catalog::Stack& stack = run.machine.stack();
  const int chip_runs = run.machine.spec().calibration.runs;
  if (stack.runs > 0) return "calibrated";
  if (chip_runs > 0) return "stack assumed";
  return run.step.measured_share >= 0.5 ? "measured" : "datasheet";
}

/// Builds figures that move with the step time: directly, or inversely.
class Figures {
 public:
  explicit Figures(const TrainCase& run) : range_(train::step_range(run.step, run.machine)), basis_(step_basis(run)) {}

  void direct(std::string key, std::string label, double value, std::string (*format)(double), const std::string& also = {}) {
    list_.push_back({std::move(key), std::move(label), value, value * range_.low, value * range_.high, format, basis_ + also});
  }
  void inverse(std::string key, std::string label, double value, std::string (*format)(double)) {
    list_.push_back({std::move(key), std::move(label), value, value / range_.high, value / range_.low, format, basis_});
  }
  std::vector<Figure> take() && { return std::move(list_); }

 private:
  train::StepRange range_;
  std::string basis_;
  std::vector<Figure> list_;
};

void add_price(const TrainCase& run, Seconds length, Figures& figures) {
  const ClusterFacts& cluster = run.cluster;
  const auto add = [&](const char* key, const char* label, Money money, const std::string& basis) {
    const bool usd = money.currency == Currency::kUsd;
    figures.direct(fmt::format("{}_{}", key, usd ? "usd" : "cny"), label, money.amount, usd ? usd_text : cny_text, basis);
  };
  if (cluster.rent_per_chip_hour) {
    add("rent_of_run", "rent of the run", *cluster.rent_per_chip_hour * (cluster.chips * (length / kHour)), ", rent as given");
  }
  if (cluster.price) {
    add("hardware_of_run", "hardware of the run", *cluster.price * (length / (kLifeYears * kYear)), ", straight line");
  }
}

}  // namespace

std::vector<Figure> train_figures(const TrainCase& run) {
  const train::StepResult& step = run.step;
  Figures figures(run);
  figures.direct("step_time_s", "step time", step.step_time.value(), seconds_text);
  figures.inverse("tokens_per_s", "throughput", (step.tokens / step.step_time).value(), rate_text);
  figures.inverse("tokens_per_s_per_chip", "throughput per chip", (step.tokens / step.step_time).value() / run.cluster.chips, rate_text);
  figures.inverse("mfu", "MFU, causal attention", step.mfu, percent_text);
  figures.inverse("mfu_full_attention", "MFU, full attention", step.mfu_full_attention, percent_text);
  figures.inverse("hfu", "HFU", step.hfu, percent_text);
  const Watts power = run.cluster.rated_power;
  const bool has_power = power > Watts{};
  if (has_power) figures.direct("energy_of_step_j", "energy of a step", (power * step.step_time).value(), kilowatt_hours_text, ", rated power");
  if (run.job.total_tokens > Tokens{}) {
    const Seconds length = step.step_time * (run.job.total_tokens / step.tokens);
    figures.direct("run_days", "run, without failures", length.value() / 86400.0, days_text);
    if (has_power) figures.direct("energy_of_run_j", "energy of the run", (power * length).value(), megawatt_hours_text, ", rated power");
    add_price(run, length, figures);
  }
  std::vector<Figure> list = std::move(figures).take();
  if (has_power) list.push_back({"rated_power_w", "rated power", power.value(), power.value(), power.value(), watts_text, "datasheet"});
  return list;
}

}  // namespace socle::report
