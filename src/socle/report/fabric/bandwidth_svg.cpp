#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/svg.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/fabric/fabric_svg.hpp"

namespace socle::report {
namespace {

// Distinct to colour-blind eyes (Okabe and Ito 2008), without the yellow that white swallows.
constexpr std::array<const char*, 7> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                 "#56b4e9", "#e69f00", "#222222"};
constexpr std::array<const char*, 4> kDashes = {"", "7 4", "2 3", "9 3 2 3"};

constexpr double kLeft = 96, kTop = 70, kPlotWidth = 620, kPlotHeight = 380, kLegendWidth = 260;

bool drawable(const BandwidthCurve::Point& point) {
  const double x = point.buffer.value(), y = point.bus.value();
  return x > 0 && y > 0 && std::isfinite(x) && std::isfinite(y);
}

/// A logarithmic axis over whole decades, or over steps of 1, 2 and 5 where there is less than two decades.
struct Axis {
  double low = 0, high = 1;  ///< powers of ten
  bool fine = false;

  static Axis over(double least, double most) {
    Axis axis{std::log10(least), std::log10(most), false};
    axis.fine = axis.high - axis.low < 2;
    if (axis.fine) {
      axis.low = step_below(axis.low);
      axis.high = -step_below(-axis.high, true);
    } else {
      axis.low = std::floor(axis.low + 1e-9);
      axis.high = std::ceil(axis.high - 1e-9);
    }
    if (axis.high - axis.low < 0.3) axis.high = axis.low + 1;
    return axis;
  }
  /// The next of 1, 2, 5 x 10^n below a power; `mirrored` for the one above, both negated.
  static double step_below(double power, bool mirrored = false) {
    double best = -1e300;
    for (int n = static_cast<int>(std::floor(power)) - 2; n <= power + 2; ++n) {
      for (const double step : {1.0, 2.0, 5.0}) {
        const double at = mirrored ? n - std::log10(step) : n + std::log10(step);
        if (at <= power + 1e-9) best = std::max(best, at);
      }
    }
    return best;
  }
  double at(double value) const { return (std::log10(value) - low) / (high - low); }
  /// Values of ticks; `labelled` says which of them get a text.
  template <typename Tick>
  void for_each_tick(Tick tick) const {
    const double decades = high - low;
    const int every = decades > 9 ? 2 : 1;
    for (int n = static_cast<int>(std::floor(low)); n <= high; ++n) {
      for (int digit = 1; digit <= 9; ++digit) {
        const double value = std::pow(10.0, n) * digit, place = at(value);
        if (place < -1e-9 || place > 1 + 1e-9) continue;
        tick(value, place, fine ? digit == 1 || digit == 2 || digit == 5 : digit == 1 && n % every == 0);
      }
    }
  }
};

struct Plot {
  Axis x, y;
  double px(double size) const { return kLeft + kPlotWidth * x.at(size); }
  double py(double rate) const { return kTop + kPlotHeight * (1 - y.at(rate)); }
};

void draw_axes(const Plot& plot, Svg& svg) {
  plot.x.for_each_tick([&](double value, double place, bool labelled) {
    const double x = kLeft + kPlotWidth * place;
    svg.line(x, kTop, x, kTop + kPlotHeight, labelled ? "#d9dde2" : "#f0f2f4");
    if (labelled) svg.text(x, kTop + kPlotHeight + 18, format_bytes(Bytes{value}), 11, Anchor::kMiddle);
  });
  plot.y.for_each_tick([&](double value, double place, bool labelled) {
    const double y = kTop + kPlotHeight * (1 - place);
    svg.line(kLeft, y, kLeft + kPlotWidth, y, labelled ? "#d9dde2" : "#f0f2f4");
    if (labelled) svg.text(kLeft - 8, y + 4, format_bytes_per_second(BytesPerSecond{value}), 11, Anchor::kEnd);
  });
  svg.raw(fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#444444\"/>\n",
                      svg_number(kLeft), svg_number(kTop), svg_number(kPlotWidth), svg_number(kPlotHeight)));
  svg.text(kLeft + kPlotWidth / 2, kTop + kPlotHeight + 44, "message size", 13, Anchor::kMiddle);
  svg.text(22, kTop + kPlotHeight / 2, "bus bandwidth", 13, Anchor::kMiddle, -90);
}

void draw_curve(const BandwidthCurve& curve, std::size_t index, const Plot& plot, Svg& svg) {
  const char* colour = kColours[index % kColours.size()];
  const char* dash = kDashes[index / kColours.size() % kDashes.size()];
  std::string way, marks;
  for (const BandwidthCurve::Point& point : curve.points) {
    if (!drawable(point)) continue;
    const std::string x = svg_number(plot.px(point.buffer.value())), y = svg_number(plot.py(point.bus.value()));
    way += fmt::format("{}{} {}", way.empty() ? "M" : "L", x, y);
    marks += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"3\"><title>{}: {} at {}</title></circle>\n", x, y,
                         xml_text(curve.name), format_bytes_per_second(point.bus), format_bytes(point.buffer));
  }
  const double y = kTop + 14 + 20 * static_cast<double>(index), x = kLeft + kPlotWidth + 22;
  const std::string dashed = *dash ? fmt::format(" stroke-dasharray=\"{}\"", dash) : std::string{};
  if (!way.empty())
    svg.raw(fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n<g fill=\"{}\">\n{}</g>\n",
                        way, colour, dashed, colour, marks));
  svg.raw(fmt::format("<path d=\"M{} {}h24\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", svg_number(x), svg_number(y),
                      colour, dashed));
  svg.text(x + 32, y + 4, way.empty() ? curve.name + " (no data)" : curve.name, 12);
}

}  // namespace

std::string bandwidth_svg(std::span<const BandwidthCurve> curves, const std::string& title) {
  const double height = std::max(kTop + kPlotHeight + 66, kTop + 40 + 20 * static_cast<double>(curves.size()));
  Svg svg(kLeft + kPlotWidth + kLegendWidth, height, title);
  svg.text(16, 34, title, 18);
  double size_min = 1e300, size_max = 0, rate_min = 1e300, rate_max = 0;
  for (const BandwidthCurve& curve : curves) {
    for (const BandwidthCurve::Point& point : curve.points) {
      if (!drawable(point)) continue;
      size_min = std::min(size_min, point.buffer.value()), size_max = std::max(size_max, point.buffer.value());
      rate_min = std::min(rate_min, point.bus.value()), rate_max = std::max(rate_max, point.bus.value());
    }
  }
  if (size_max <= 0) size_min = 1e3, size_max = 1e9, rate_min = 1e9, rate_max = 1e11;
  const Plot plot{Axis::over(size_min, size_max), Axis::over(rate_min, rate_max)};
  draw_axes(plot, svg);
  for (std::size_t i = 0; i < curves.size(); ++i) draw_curve(curves[i], i, plot, svg);
  return svg.finish();
}

}  // namespace socle::report
