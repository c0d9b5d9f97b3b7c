#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/report/serve/simulate_report.hpp"
#include "socle/report/svg.hpp"

namespace socle::report {
namespace {

using answer::FleetSample;
using answer::LoadPoint;
using answer::ServeResult;

constexpr double kLeft = 84, kTop = 60, kWidth = 640, kHeight = 300, kLegend = 190;
// Distinct to colour-blind eyes (Okabe and Ito 2008).
constexpr std::array<const char*, 4> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

/// Round numbers from 0 to at least `most`.
double round_step(double most) {
  const double rough = std::max(most, 1e-12) / 5.0, power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= rough) return step * power;
  }
  return 10.0 * power;
}

/// A linear frame with its grid.
struct Frame {
  double top = kTop, height = kHeight;
  double x_least = 0, x_most = 1, y_most = 1;

  double px(double x) const { return kLeft + kWidth * (x - x_least) / (x_most - x_least); }
  double py(double y) const { return top + height * (1 - std::min(y, y_most) / y_most); }

  void draw(Svg& svg, const std::string& x_name, const std::string& y_name) const {
    const double dy = round_step(y_most), dx = round_step(x_most - x_least);
    for (double y = 0; y <= y_most * (1 + 1e-9); y += dy) {
      svg.line(kLeft, py(y), kLeft + kWidth, py(y), "#e3e6ea");
      svg.text(kLeft - 8, py(y) + 4, format_number(y), 11, Anchor::kEnd);
    }
    for (double x = std::ceil(x_least / dx) * dx; x <= x_most * (1 + 1e-9); x += dx) {
      svg.line(px(x), top, px(x), top + height, "#f0f2f4");
      svg.text(px(x), top + height + 16, format_number(x), 11, Anchor::kMiddle);
    }
    svg.text(kLeft + kWidth / 2, top + height + 34, x_name, 12, Anchor::kMiddle);
    svg.text(20, top + height / 2, y_name, 12, Anchor::kMiddle, -90);
  }
};

struct Line {
  std::string name;
  const char* colour;
  const char* dash = "";
  std::function<double(std::size_t)> x, y;
  std::size_t points = 0;
};

void draw_line(const Line& line, const Frame& frame, std::size_t place, Svg& svg) {
  std::string way;
  for (std::size_t i = 0; i < line.points; ++i)
    way += fmt::format("{}{} {}", i == 0 ? "M" : "L", svg_number(frame.px(line.x(i))), svg_number(frame.py(line.y(i))));
  const std::string dashed = *line.dash ? fmt::format(" stroke-dasharray=\"{}\"", line.dash) : std::string();
  if (!way.empty())
    svg.raw(
        fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", way, line.colour, dashed));
  const double x = kLeft + kWidth + 18, y = frame.top + 12 + 18 * static_cast<double>(place);
  svg.raw(fmt::format("<path d=\"M{} {}h22\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", svg_number(x), svg_number(y),
                      line.colour, dashed));
  svg.text(x + 28, y + 4, line.name, 12);
}

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

void draw_capacity(const ServeResult& result, const Frame& frame, Svg& svg) {
  if (!result.capacity || *result.capacity < frame.x_least || *result.capacity > frame.x_most) return;
  const double x = frame.px(*result.capacity);
  svg.line(x, frame.top, x, frame.top + frame.height, "#222222", 1.5);
  svg.text(x + 4, frame.top + 12, fmt::format("objectives hold up to {:.4g}/s", *result.capacity), 11);
}

}  // namespace

std::string load_svg(const ServeResult& result) {
  constexpr double kGap = 60;
  const std::string title = title_of(result, "Latency against load");
  Svg svg(kLeft + kWidth + kLegend, kTop + 2 * kHeight + kGap + 50, title);
  svg.text(16, 30, title, 16);
  const std::vector<LoadPoint>& curve = result.curve;
  if (curve.size() < 2) {
    svg.text(kLeft, kTop + 40, "There is no curve: a closed loop sets its own load.", 13);
    return svg.finish();
  }
  const auto rate = [&](std::size_t i) { return curve[i].rate; };
  const auto pair = [&](double top, const char* unit, double (*mean)(const LoadPoint&), double (*p99)(const LoadPoint&),
                        std::size_t colour) {
    const Frame frame{
        .top = top, .x_least = curve.front().rate, .x_most = curve.back().rate, .y_most = most_of(curve, p99)};
    frame.draw(svg, "requests a second", unit);
    draw_line({fmt::format("{} mean", unit), kColours[colour], "", rate, [&](std::size_t i) { return mean(curve[i]); },
               curve.size()},
              frame, 0, svg);
    draw_line({fmt::format("{} p99", unit), kColours[colour + 1], "6 4", rate,
               [&](std::size_t i) { return p99(curve[i]); }, curve.size()},
              frame, 1, svg);
    draw_capacity(result, frame, svg);
  };
  pair(kTop, "TTFT, ms", ttft_mean, ttft_p99, 0);
  pair(kTop + kHeight + kGap, "TPOT, ms", tpot_mean, tpot_p99, 2);
  return svg.finish();
}

std::string time_svg(const ServeResult& result) {
  constexpr double kGap = 60, kCache = 160;
  const std::string title = title_of(result, "Requests and cache over time");
  Svg svg(kLeft + kWidth + kLegend, kTop + kHeight + kGap + kCache + 50, title);
  svg.text(16, 30, title, 16);
  const std::vector<FleetSample>& samples = result.figures.samples;
  if (samples.size() < 2) {
    svg.text(kLeft, kTop + 40, "The run is too short for a picture.", 13);
    return svg.finish();
  }
  double most = 1;
  for (const FleetSample& s : samples) most = std::max(most, static_cast<double>(std::max(s.running, s.waiting)));
  const double from = samples.front().time.value(), to = std::max(from + 1e-9, samples.back().time.value());
  const Frame counts{.x_least = from, .x_most = to, .y_most = most};
  counts.draw(svg, "seconds", "requests");
  const auto time = [&](std::size_t i) { return samples[i].time.value(); };
  draw_line({"running", kColours[0], "", time, [&](std::size_t i) { return static_cast<double>(samples[i].running); },
             samples.size()},
            counts, 0, svg);
  draw_line({"waiting", kColours[1], "6 4", time,
             [&](std::size_t i) { return static_cast<double>(samples[i].waiting); }, samples.size()},
            counts, 1, svg);
  const Frame cache{.top = kTop + kHeight + kGap, .height = kCache, .x_least = from, .x_most = to, .y_most = 1};
  cache.draw(svg, "seconds", "cache in use");
  draw_line(
      {"cache, share", kColours[2], "", time, [&](std::size_t i) { return samples[i].cache_share; }, samples.size()},
      cache, 0, svg);
  return svg.finish();
}

}  // namespace socle::report
