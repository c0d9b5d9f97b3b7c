#include <algorithm>

#include <fmt/format.h>

#include "socle/report/serve/line_plot.hpp"
#include "socle/report/serve/simulate_report.hpp"

namespace socle::report {
namespace {

using answer::FleetSample;
using answer::LoadPoint;
using answer::ServeResult;

std::string title_of(const ServeResult& result, const std::string& what) {
  return fmt::format("{}: {} on {} x {}", what, result.setup.serve.model.name, result.chips,
                     result.setup.serve.chip.name);
}

double most_of(const std::vector<LoadPoint>& curve, double (*figure)(const LoadPoint&)) {
  double most = 0;
  for (const LoadPoint& p : curve) most = std::max(most, figure(p));
  return most > 0 ? most : 1.0;
}

double ttft_mean(const LoadPoint& p) { return p.ttft_mean.value() * 1e3; }
double ttft_p99(const LoadPoint& p) { return p.ttft_p99.value() * 1e3; }
double tpot_mean(const LoadPoint& p) { return p.tpot_mean.value() * 1e3; }
double tpot_p99(const LoadPoint& p) { return p.tpot_p99.value() * 1e3; }

void draw_capacity(const ServeResult& result, const PlotFrame& frame, Svg& svg) {
  if (!result.capacity || *result.capacity < frame.x_least || *result.capacity > frame.x_most) return;
  const double x = frame.px(*result.capacity);
  svg.line(x, frame.top, x, frame.top + frame.height, "#222222", 1.5);
  svg.text(x + 4, frame.top + 12, fmt::format("objectives hold up to {:.4g}/s", *result.capacity), 11);
}

}  // namespace

std::string load_svg(const ServeResult& result) {
  constexpr double kGap = 60;
  const std::string title = title_of(result, "Latency against load");
  Svg svg(kPlotLeft + kPlotWidth + kPlotLegend, kPlotTop + 2 * kPlotHeight + kGap + 50, title);
  svg.text(16, 30, title, 16);
  const std::vector<LoadPoint>& curve = result.curve;
  if (curve.size() < 2) {
    svg.text(kPlotLeft, kPlotTop + 40, "There is no curve: a closed loop sets its own load.", 13);
    return svg.finish();
  }
  const auto rate = [&](std::size_t i) { return curve[i].rate; };
  const auto pair = [&](double top, const char* unit, double (*mean)(const LoadPoint&), double (*p99)(const LoadPoint&),
                        std::size_t colour) {
    const PlotFrame frame{
        .top = top, .x_least = curve.front().rate, .x_most = curve.back().rate, .y_most = most_of(curve, p99)};
    frame.draw(svg, "requests a second", unit);
    draw_line({fmt::format("{} mean", unit), kPlotColours[colour], "", rate,
               [&](std::size_t i) { return mean(curve[i]); }, curve.size()},
              frame, 0, svg);
    draw_line({fmt::format("{} p99", unit), kPlotColours[colour + 1], "6 4", rate,
               [&](std::size_t i) { return p99(curve[i]); }, curve.size()},
              frame, 1, svg);
    draw_capacity(result, frame, svg);
  };
  pair(kPlotTop, "TTFT, ms", ttft_mean, ttft_p99, 0);
  pair(kPlotTop + kPlotHeight + kGap, "TPOT, ms", tpot_mean, tpot_p99, 2);
  return svg.finish();
}

std::string time_svg(const ServeResult& result) {
  constexpr double kGap = 60, kCache = 160;
  const std::string title = title_of(result, "Requests and cache over time");
  Svg svg(kPlotLeft + kPlotWidth + kPlotLegend, kPlotTop + kPlotHeight + kGap + kCache + 50, title);
  svg.text(16, 30, title, 16);
  const std::vector<FleetSample>& samples = result.figures.samples;
  if (samples.size() < 2) {
    svg.text(kPlotLeft, kPlotTop + 40, "The run is too short for a picture.", 13);
    return svg.finish();
  }
  double most = 1;
  for (const FleetSample& s : samples) most = std::max(most, static_cast<double>(std::max(s.running, s.waiting)));
  const double from = samples.front().time.value(), to = std::max(from + 1e-9, samples.back().time.value());
  const PlotFrame counts{.x_least = from, .x_most = to, .y_most = most};
  counts.draw(svg, "seconds", "requests");
  const auto time = [&](std::size_t i) { return samples[i].time.value(); };
  draw_line({"running", kPlotColours[0], "", time,
             [&](std::size_t i) { return static_cast<double>(samples[i].running); }, samples.size()},
            counts, 0, svg);
  draw_line({"waiting", kPlotColours[1], "6 4", time,
             [&](std::size_t i) { return static_cast<double>(samples[i].waiting); }, samples.size()},
            counts, 1, svg);
  const PlotFrame cache{
      .top = kPlotTop + kPlotHeight + kGap, .height = kCache, .x_least = from, .x_most = to, .y_most = 1};
  cache.draw(svg, "seconds", "cache in use");
  draw_line({"cache, share", kPlotColours[2], "", time, [&](std::size_t i) { return samples[i].cache_share; },
             samples.size()},
            cache, 0, svg);
  return svg.finish();
}

}  // namespace socle::report
