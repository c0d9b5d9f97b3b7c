#include <algorithm>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/risk/risk_report.hpp"
#include "socle/report/serve/line_plot.hpp"

namespace socle::report {
namespace {

using answer::RiskResult;

constexpr double kBarTop = 60, kBarHeight = 34, kPlotGap = 90, kSmallHeight = 200;
constexpr double kDay = 86400, kMinute = 60;
// Useful work first, then what is lost, in the order of the parts.
constexpr const char* kPartColours[] = {"#009e73", "#56b4e9", "#d55e00", "#cc79a7",
                                        "#e69f00", "#222222", "#999999", "#0072b2"};

void draw_parts(const RiskResult& result, Svg& svg) {
  double x = kPlotLeft, label = kPlotLeft, row = 0;
  std::size_t place = 0;
  for (const reliability::TimePart& part : reliability::kTimeParts) {
    const double share = result.simulated.shares.*part.part;
    const char* colour = kPartColours[place++];
    if (share <= 0) continue;
    const double width = share * kPlotWidth;
    svg.raw(fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", svg_number(x),
                        svg_number(kBarTop), svg_number(width), svg_number(kBarHeight), colour));
    x += width;
    if (label > kPlotLeft + kPlotWidth - 120) {
      label = kPlotLeft;
      row += 18;
    }
    const double y = kBarTop + kBarHeight + 20 + row;
    svg.raw(fmt::format("<rect x=\"{}\" y=\"{}\" width=\"10\" height=\"10\" fill=\"{}\"/>\n", svg_number(label),
                        svg_number(y - 9), colour));
    svg.text(label + 15, y, fmt::format("{} {:.2f} %", part.name, 100 * share), 12);
    label += 160;
  }
}

void draw_days(const RiskResult& result, double top, Svg& svg) {
  const std::vector<float>& shares = result.simulated.effectives;
  const double run = result.facts.run.value() / kDay;
  // Slowest last: the days rise as the useful share falls.
  const auto days = [&](std::size_t i) { return run / static_cast<double>(shares[shares.size() - 1 - i]); };
  const double least = days(0), most = days(shares.size() - 1), margin = std::max(0.02 * least, 0.05 * (most - least));
  const PlotFrame frame{.top = top,
                        .height = kSmallHeight,
                        .x_least = std::max(0.0, least - margin),
                        .x_most = most + margin,
                        .y_most = 1.0};
  frame.draw(svg, "days to finish", "share of runs");
  draw_line(
      {"done by then", kPlotColours[0], "", days,
       [&](std::size_t i) { return static_cast<double>(i + 1) / static_cast<double>(shares.size()); }, shares.size()},
      frame, 0, svg);
  const double closed = result.expected.wall.value() / kDay;
  draw_line({"closed form", "#222222", "6 4", [&](std::size_t) { return closed; },
             [](std::size_t i) { return static_cast<double>(i); }, 2},
            frame, 1, svg);
}

void draw_curve(const RiskResult& result, double top, Svg& svg) {
  if (result.curve.empty()) return;
  const auto& curve = result.curve;
  const PlotFrame frame{.top = top,
                        .height = kSmallHeight,
                        .x_least = 0,
                        .x_most = curve.back().interval.value() / kMinute,
                        .y_most = 1.0};
  frame.draw(svg, "minutes of work between two checkpoints", "useful share");
  draw_line({"useful share", kPlotColours[2], "", [&](std::size_t i) { return curve[i].interval.value() / kMinute; },
             [&](std::size_t i) { return curve[i].effective; }, curve.size()},
            frame, 0, svg);
  const double chosen = result.expected.interval.value() / kMinute;
  draw_line({result.expected.interval_best ? "the best" : "as stated", "#222222", "2 3",
             [&](std::size_t) { return chosen; }, [](std::size_t i) { return static_cast<double>(i); }, 2},
            frame, 1, svg);
}

}  // namespace

std::string risk_svg(const RiskResult& result) {
  const std::string name = result.facts.name.empty() ? result.setup.cluster.name : result.facts.name;
  const std::string title = fmt::format("What failures leave of {}", printable(name));
  const double first = kBarTop + kBarHeight + 90, second = first + kSmallHeight + kPlotGap;
  Svg svg(kPlotLeft + kPlotWidth + kPlotLegend, second + kSmallHeight + 60, title);
  svg.text(16, 30, title, 16);
  draw_parts(result, svg);
  draw_days(result, first, svg);
  draw_curve(result, second, svg);
  return svg.finish();
}

}  // namespace socle::report
