#include <algorithm>

#include <fmt/format.h>

#include "socle/report/serve/day_report.hpp"
#include "socle/report/serve/line_plot.hpp"

namespace socle::report {
namespace {

/// Both ends of every step, in hours and chips.
struct Corners {
  std::vector<double> x, y;

  Corners(const answer::ChipSteps& steps, Seconds end) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Seconds to = i + 1 < steps.size() ? steps[i + 1].from : end;
      for (const Seconds at : {steps[i].from, to}) {
        x.push_back(at.value() / 3600.0);
        y.push_back(steps[i].chips);
      }
    }
  }
};

void draw_steps(const std::string& name, const Corners& corners, const PlotFrame& frame, std::size_t place, Svg& svg) {
  draw_line({name, kPlotColours[place % kPlotColours.size()], "", [&](std::size_t i) { return corners.x[i]; },
             [&](std::size_t i) { return corners.y[i]; }, corners.x.size()},
            frame, place, svg);
}

}  // namespace

std::string day_svg(const answer::DayResult& result) {
  const std::string title = "Chips over the day";
  Svg svg(kPlotLeft + kPlotWidth + kPlotLegend, kPlotTop + kPlotHeight + 50, title);
  svg.text(16, 30, title, 16);
  const double hours = std::max(1e-6, result.end.value() / 3600.0);
  const PlotFrame frame{.x_most = hours, .y_most = std::max(1.0, 1.05 * std::max(result.fixed_chips, result.pool))};
  frame.draw(svg, "hours", "chips");
  std::size_t place = 0;
  for (const answer::DayModel& model : result.models)
    draw_steps(model.setup.serving.serve.model.name, Corners(model.scaled.chips, result.end), frame, place++, svg);
  if (result.models.size() > 1) draw_steps("together", Corners(result.chips, result.end), frame, place++, svg);
  const auto level = [&](const char* name, int chips) {
    draw_line({name, "#222222", place % 2 == 0 ? "6 4" : "2 3", [&](std::size_t i) { return i == 0 ? 0.0 : hours; },
               [=](std::size_t) { return double(chips); }, 2},
              frame, place, svg);
    ++place;
  };
  level("fixed fleets", result.fixed_chips);
  level("pool", result.pool);
  return svg.finish();
}

}  // namespace socle::report
