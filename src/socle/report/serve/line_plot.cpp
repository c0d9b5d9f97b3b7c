#include "socle/report/serve/line_plot.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::report {
namespace {

/// Round numbers from 0 to at least `most`.
double round_step(double most) {
  const double rough = std::max(most, 1e-12) / 5.0, power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= rough) return step * power;
  }
  return 10.0 * power;
}

}  // namespace

double PlotFrame::py(double y) const { return top + height * (1 - std::min(y, y_most) / y_most); }

void PlotFrame::draw(Svg& svg, const std::string& x_name, const std::string& y_name) const {
  const double dy = round_step(y_most), dx = round_step(x_most - x_least);
  for (double y = 0; y <= y_most * (1 + 1e-9); y += dy) {
    svg.line(kPlotLeft, py(y), kPlotLeft + kPlotWidth, py(y), "#e3e6ea");
    svg.text(kPlotLeft - 8, py(y) + 4, format_number(y), 11, Anchor::kEnd);
  }
  for (double x = std::ceil(x_least / dx) * dx; x <= x_most * (1 + 1e-9); x += dx) {
    svg.line(px(x), top, px(x), top + height, "#f0f2f4");
    svg.text(px(x), top + height + 16, format_number(x), 11, Anchor::kMiddle);
  }
  svg.text(kPlotLeft + kPlotWidth / 2, top + height + 34, x_name, 12, Anchor::kMiddle);
  svg.text(20, top + height / 2, y_name, 12, Anchor::kMiddle, -90);
}
void draw_line(const PlotLine& line, const PlotFrame& frame, std::size_t place, Svg& svg) {
  std::string way;
  for (std::size_t i = 0; i < line.points; ++i)
    way += fmt::format("{}{} {}", i == 0 ? "M" : "L", svg_number(frame.px(line.x(i))), svg_number(frame.py(line.y(i))));
  const std::string dashed = *line.dash ? fmt::format(" stroke-dasharray=\"{}\"", line.dash) : std::string();
  if (!way.empty())
    svg.raw(
        fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", way, line.colour, dashed));
  const double x = kPlotLeft + kPlotWidth + 18, y = frame.top + 12 + 18 * static_cast<double>(place);
  svg.raw(fmt::format("<path d=\"M{} {}h22\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", svg_number(x), svg_number(y),
                      line.colour, dashed));
  svg.text(x + 28, y + 4, line.name, 12);
}

}  // namespace socle::report
