#pragma once

#include <array>
#include <functional>
#include <string>

#include "socle/base/svg.hpp"

namespace socle::report {

inline constexpr double kPlotLeft = 84, kPlotTop = 60, kPlotWidth = 640, kPlotHeight = 300, kPlotLegend = 190;
// Distinct to colour-blind eyes (Okabe and Ito 2008).
inline constexpr std::array<const char*, 6> kPlotColours = {"#0072b2", "#d55e00", "#009e73",
                                                            "#cc79a7", "#e69f00", "#56b4e9"};

/// A linear frame with its grid; y begins at 0.
struct PlotFrame {
  double top = kPlotTop, height = kPlotHeight;
  double x_least = 0, x_most = 1, y_most = 1;

  double px(double x) const { return kPlotLeft + kPlotWidth * (x - x_least) / (x_most - x_least); }
  double py(double y) const;
  void draw(Svg& svg, const std::string& x_name, const std::string& y_name) const;
};

/// A line of points, and its name in the legend.
struct PlotLine {
  std::string name;
  const char* colour;
  const char* dash = "";
  std::function<double(std::size_t)> x, y;
  std::size_t points = 0;
};

/// `place`: of the name in the legend, from 0.
void draw_line(const PlotLine& line, const PlotFrame& frame, std::size_t place, Svg& svg);

}  // namespace socle::report
