#include "socle/answer/serve/serve_calibrate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/answer/serve/serve_figures.hpp"
#include "socle/base/error.hpp"
#include "socle/setup/deployment.hpp"
#include "socle/workload/synthetic_traffic.hpp"

namespace socle::answer {
namespace {

using catalog::ServingTiming;
using workload::BenchPoint;

constexpr std::int64_t kRequestsMax = 2000;  // of a point that are simulated
// What a point scatters by, in log units, as tools/fit_serving.py has it.
constexpr double kTtftScatter = 0.20, kTpotScatter = 0.08;

/// A figure that is fitted: how far, in log units, it may stray from the catalogue's.
struct Parameter {
  double ServingTiming::*factor;
  Seconds ServingTiming::*time;
  double width;
  double least;  ///< seconds, of times
};
constexpr std::array<Parameter, 5> kParameters = {{{&ServingTiming::decode, nullptr, 0.3, 0},
                                                   {&ServingTiming::prefill, nullptr, 0.3, 0},
                                                   {nullptr, &ServingTiming::step, 1.0, 1e-5},
                                                   {nullptr, &ServingTiming::request, 1.0, 1e-3},
                                                   {nullptr, &ServingTiming::per_prompt, 1.0, 1e-5}}};
using Vector = std::array<double, kParameters.size()>;

ServingTiming moved(ServingTiming timing, const Vector& x) {
  for (std::size_t i = 0; i < kParameters.size(); ++i) {
    const Parameter& p = kParameters[i];
    const double by = std::exp(std::clamp(x[i], -4.0, 4.0) * p.width);
    if (p.factor)
      timing.*p.factor = std::clamp(timing.*p.factor * by, 0.1, 10.0);
    else
      timing.*p.time = Seconds{std::max(p.least, (timing.*p.time).value()) * by};
  }
  return timing;
}

struct Means {
  Seconds ttft{}, tpot{};
};

/// Simulates points of one deployment under any timing.
class Simulated {
 public:
  Simulated(const machine::MachineBuilder& machines, const setup::ServeSetup& setup, const FitRow& row)
      : machines_(machines),
        setup_(setup),
        row_(row),
        machine_(machines.build({.chip = setup.chip.slug, .chips_per_node = setup.chips_per_node, .nic_per_chip = {}},
                                catalog::Stack{})) {}

  Means at(const BenchPoint& point, const ServingTiming& timing) const {
    setup::Deployment deployment = setup::deploy(setup_, row_.layout, *row_.memory, timing);
    deployment.replica.limits.prefix_caching = false;
    const serve::StepCosts costs(deployment.served, machine_, machines_.serving_kernels(setup_.chip.slug));
    serve::StepModel timer(costs, deployment.timing);
    serve::Tally tally(deployment.timing.edge);
    const std::unique_ptr<workload::RequestSource> source = traffic(point);
    serve::run_fleet(*source,
                     {.replica = deployment.replica, .replicas = deployment.batches, .router = serve::least_loaded},
                     timer, tally);
    double ttft = 0, tpot = 0;
    for (const serve::RequestFigures& r : tally.requests()) ttft += r.ttft, tpot += r.tpot;
    const double n = static_cast<double>(std::max<std::size_t>(1, tally.requests().size()));
    return {Seconds{ttft / n}, Seconds{tpot / n}};
  }

 private:
  // Load generators draw lengths around the mean they report; a tenth of it up and down is assumed.
  static std::unique_ptr<workload::RequestSource> traffic(const BenchPoint& point) {
    const auto around = [](double mean) {
      const int high = std::max(1, static_cast<int>(std::lround(mean * 1.1)));
      return workload::ranged_length(high, 0.9 / 1.1);
    };
    const std::int64_t requests = std::min(point.requests, kRequestsMax);
    if (point.rate)
      return std::make_unique<workload::OpenSource>(workload::OpenTraffic{.arrivals = {.rate = *point.rate},
                                                                          .input = around(point.input),
                                                                          .output = around(point.output),
                                                                          .requests = requests});
    const int clients = point.concurrency.value_or(static_cast<int>(requests));
    return std::make_unique<workload::ClosedSource>(workload::ClosedTraffic{
        .concurrency = clients, .input = around(point.input), .output = around(point.output), .requests = requests});
  }

  const machine::MachineBuilder& machines_;
  const setup::ServeSetup& setup_;
  const FitRow& row_;
  machine::Machine machine_;
};

std::vector<double> residuals(const Simulated& simulated, const std::vector<BenchPoint>& points,
                              const ServingTiming& timing) {
  std::vector<double> all;
  for (const BenchPoint& point : points) {
    const Means means = simulated.at(point, timing);
    all.push_back(std::log(means.ttft / point.ttft) / kTtftScatter);
    all.push_back(std::log(means.tpot / point.tpot) / kTpotScatter);
  }
  return all;
}

double cost_of(const std::vector<double>& r, const Vector& x) {
  double cost = 0;
  for (const double value : r) cost += std::sqrt(1 + value * value) - 1;
  for (const double value : x) cost += value * value / 2;
  return cost;
}

/// Solves the symmetric positive system in place, by Gauss elimination.
Vector solve(std::array<Vector, kParameters.size()> a, Vector b) {
  constexpr std::size_t n = kParameters.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = i + 1; k < n; ++k) {
      const double share = a[k][i] / a[i][i];
      for (std::size_t j = i; j < n; ++j) a[k][j] -= share * a[i][j];
      b[k] -= share * b[i];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i][j] * b[j];
    b[i] /= a[i][i];
  }
  return b;
}

// Gauss-Newton on pseudo-Huber residuals with the priors as further ones, as tools/fit_serving.py does.
ServingTiming fitted(const Simulated& simulated, const std::vector<BenchPoint>& points, const ServingTiming& before) {
  constexpr int kRounds = 6;
  constexpr double kNudge = 0.1;
  Vector x{};
  std::vector<double> r = residuals(simulated, points, before);
  double best = cost_of(r, x);
  for (int round = 0; round < kRounds; ++round) {
    std::array<std::vector<double>, kParameters.size()> slopes;
    for (std::size_t i = 0; i < x.size(); ++i) {
      Vector y = x;
      y[i] += kNudge;
      slopes[i] = residuals(simulated, points, moved(before, y));
      for (std::size_t k = 0; k < r.size(); ++k) slopes[i][k] = (slopes[i][k] - r[k]) / kNudge;
    }
    std::array<Vector, kParameters.size()> a{};
    Vector b{};
    for (std::size_t i = 0; i < x.size(); ++i) {
      a[i][i] = 1;
      b[i] = -x[i];
      for (std::size_t k = 0; k < r.size(); ++k) {
        const double weight = 1 / std::sqrt(1 + r[k] * r[k]);
        b[i] -= weight * slopes[i][k] * r[k];
        for (std::size_t j = 0; j < x.size(); ++j) a[i][j] += weight * slopes[i][k] * slopes[j][k];
      }
    }
    const Vector step = solve(a, b);
    bool gained = false;
    for (double size = 1; size > 0.1 && !gained; size /= 2) {
      Vector y = x;
      for (std::size_t i = 0; i < y.size(); ++i) y[i] += size * step[i];
      const std::vector<double> tried = residuals(simulated, points, moved(before, y));
      gained = cost_of(tried, y) < best * (1 - 1e-4);
      if (gained) x = y, r = tried, best = cost_of(tried, y);
    }
    if (!gained) break;
  }
  return moved(before, x);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Measured over predicted of points that were left out, and never narrower than a tenth either way.
catalog::TimingRange range_of(const std::vector<double>& ratios) {
  catalog::TimingRange range{0.9, 1.1};
  for (const double ratio : ratios) {
    range.low = std::min(range.low, ratio);
    range.high = std::max(range.high, ratio);
  }
  return range;
}

std::string timing_text(const ServingTiming& t) {
  std::string text = "[[timing]]\n";
  if (!t.chips.empty()) text += fmt::format("chips = [\"{}\"]\n", fmt::join(t.chips, "\", \""));
  text += fmt::format("measured = {}\n", t.measured);
  const auto micro = [&](const char* key, Seconds time) {
    text += fmt::format("{} = {:.6g}\n", key, time.value() * 1e6);
  };
  micro("hidden_launch_us", t.hidden_launch);
  micro("step_us", t.step);
  micro("per_sequence_us", t.per_sequence);
  micro("per_prompt_us", t.per_prompt);
  micro("request_us", t.request);
  micro("prompt_token_us", t.prompt_token);
  micro("edge_us", t.edge);
  micro("eager_layer_us", t.eager_layer);
  micro("device_layer_us", t.device_layer);
  micro("expert_layer_us", t.expert_layer);
  text += fmt::format("decode = {:.5g}\nprefill = {:.5g}\nskew = {:.5g}\n", t.decode, t.prefill, t.skew);
  text += fmt::format("ttft = [{:.4g}, {:.4g}]\n", t.ttft.low, t.ttft.high);
  return text + fmt::format("tpot = [{:.4g}, {:.4g}]\n", t.tpot.low, t.tpot.high);
}

std::string overlay_text(const catalog::Catalog& catalog, const ServeCalibration& result) {
  const std::string& family = result.before.family;
  std::string text = fmt::format(
      "# Fitted by socle serve calibrate on {} measured points of {}; below, the catalogue's own.\nschema = 1\nfamily "
      "= "
      "\"{}\"\nsource = \"own measurements; {}\"\n\n{}",
      result.points.size(), result.setup.chip.slug, family, result.before.source, timing_text(result.after));
  for (ServingTiming timing : catalog::family_timings(catalog, family)) {
    std::erase(timing.chips, result.setup.chip.slug);
    const bool gone = timing.chips.empty() && timing.measured;
    if (!gone) text += "\n" + timing_text(timing);
  }
  return text;
}

}  // namespace

ServeCalibration serve_calibrate(const machine::MachineBuilder& machines, setup::ServeSetup setup,
                                 const std::vector<BenchPoint>& points, Progress* progress) {
  ServeCalibration result;
  result.row = serve_fit(setup).chosen;
  result.setup = std::move(setup);
  if (!result.row.fits || !result.row.memory || result.row.memory->blocks <= 0)
    throw InputError(
        Problem{{}, 0, 0, "serving", "the model does not fit on these chips; `socle serve fit` says by how much"});
  const std::string& chip = result.setup.chip.slug;
  result.before = catalog::load_serving_timing(machines.catalog(), result.setup.engine.family, chip);
  if (progress) progress->begin("fitting", points.size() + 1);
  const Simulated simulated(machines, result.setup, result.row);
  result.after = fitted(simulated, points, result.before);
  advance(progress);
  std::array<std::vector<double>, 6> errors;
  std::vector<double> ttft_ratios, tpot_ratios;
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::vector<BenchPoint> others = points;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const Means before = simulated.at(points[i], result.before), after = simulated.at(points[i], result.after);
    const Means without =
        simulated.at(points[i], others.empty() ? result.before : fitted(simulated, others, result.before));
    result.points.push_back({points[i], before.ttft, before.tpot, after.ttft, after.tpot, without.ttft, without.tpot});
    const std::array<double, 6> ratios = {before.ttft / points[i].ttft,  before.tpot / points[i].tpot,
                                          after.ttft / points[i].ttft,   after.tpot / points[i].tpot,
                                          without.ttft / points[i].ttft, without.tpot / points[i].tpot};
    for (std::size_t k = 0; k < ratios.size(); ++k) errors[k].push_back(std::fabs(ratios[k] - 1));
    ttft_ratios.push_back(1 / ratios[4]);
    tpot_ratios.push_back(1 / ratios[5]);
    advance(progress);
  }
  result.ttft_before = median(errors[0]), result.tpot_before = median(errors[1]);
  result.ttft_after = median(errors[2]), result.tpot_after = median(errors[3]);
  result.ttft_without = median(errors[4]), result.tpot_without = median(errors[5]);
  result.after.family = result.before.family;
  result.after.chips = {chip};
  result.after.measured = true;
  result.after.ttft = range_of(ttft_ratios);
  result.after.tpot = range_of(tpot_ratios);
  result.overlay = overlay_text(machines.catalog(), result);
  return result;
}

}  // namespace socle::answer
