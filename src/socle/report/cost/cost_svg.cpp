#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/svg.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/cost/cost_report.hpp"
#include "socle/report/serve/line_plot.hpp"

namespace socle::report {
namespace {

using answer::CostResult;
using answer::CostWay;

constexpr double kLeft = 210, kTop = 60, kBar = 22, kStep = 30, kWidth = 520, kRight = 150;

std::string rectangle(double x, double y, double width, double height, const char* colour) {
  return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", svg_number(x), svg_number(y),
                     svg_number(std::max(width, 0.5)), svg_number(height), colour);
}

std::string titled(const CostResult& result, const char* what) {
  return fmt::format("{}: {}, {}", result.setup.subject.cluster, what,
                     result.shown ? cost::way_name(*result.shown) : "no way known");
}

}  // namespace

std::string cost_waterfall_svg(const CostResult& result) {
  const std::string title = titled(result, "a year's money");
  const cost::YearlyCost& year = result.way(result.shown.value_or(cost::Way::kBuild)).year;
  std::size_t rows = 1;
  for (const auto& line : year.lines) rows += line.has_value();
  Svg svg(kLeft + kWidth + kRight, kTop + kStep * static_cast<double>(rows) + 20, title);
  svg.text(16, 30, title, 16);
  const auto unit = unit_for(Money{year.total, result.setup.currency});
  const auto width = [&](double money) { return year.total > 0 ? kWidth * money / year.total : 0.0; };
  double before = 0, y = kTop;
  const auto bar = [&](const char* name, double from, double money, const char* colour) {
    svg.text(kLeft - 10, y + 15, name, 12, Anchor::kEnd);
    svg.raw(rectangle(kLeft + width(from), y, width(money), kBar, colour));
    svg.text(kLeft + width(from + money) + 6, y + 15,
             fmt::format("{} ({})", unit.text(Money{money, result.setup.currency}),
                         format_percent(year.total > 0 ? money / year.total : 0)),
             11);
    y += kStep;
  };
  for (std::size_t i = 0; i < cost::kCostLines; ++i) {
    if (!year.lines[i]) continue;
    bar(cost::line_name(static_cast<cost::CostLine>(i)), before, *year.lines[i], kPlotColours[0]);
    before += *year.lines[i];
  }
  bar("all", 0, year.total, kPlotColours[1]);
  return svg.finish();
}

std::string cash_flow_svg(const CostResult& result) {
  const std::string title = fmt::format("{}: cash paid so far", result.setup.subject.cluster);
  Svg svg(kPlotLeft + kPlotWidth + kPlotLegend, kPlotTop + kPlotHeight + 50, title);
  svg.text(16, 30, title, 16);
  double most = 0;
  for (const CostWay& way : result.ways) {
    for (const cost::QuarterFlow& flow : way.flow) most = std::max(most, flow.cumulative + flow.resold);
  }
  const auto unit = unit_for(Money{std::max(most, 1.0), result.setup.currency});
  const PlotFrame frame{.x_most = result.setup.years, .y_most = std::max(1e-9, 1.05 * most / unit.size())};
  frame.draw(svg, "years", fmt::format("paid, {}", unit.name(result.setup.currency)));
  std::size_t place = 0;
  for (const CostWay& way : result.ways) {
    if (way.flow.empty()) continue;
    const double first = way.flow.front().bought;
    draw_line({cost::way_name(way.year.way), kPlotColours[place % kPlotColours.size()], "",
               [](std::size_t i) { return static_cast<double>(i) / 4.0; },
               [&](std::size_t i) { return (i == 0 ? first : way.flow[i - 1].cumulative) / unit.size(); },
               way.flow.size() + 1},
              frame, place, svg);
    ++place;
  }
  return svg.finish();
}

std::string tornado_svg(const CostResult& result) {
  const std::string title = titled(result, "what moves a useful chip-hour");
  const std::size_t rows = result.tornado.size();
  Svg svg(kLeft + kWidth + kRight, kTop + kStep * static_cast<double>(rows + 1) + 20, title);
  svg.text(16, 30, title, 16);
  if (rows == 0) return svg.finish();
  const double middle = *result.way(*result.shown).year.per_useful_chip_hour;
  double least = middle, most = middle;
  for (const cost::FactorSwing& swing : result.tornado) {
    least = std::min({least, swing.at_low, swing.at_high});
    most = std::max({most, swing.at_low, swing.at_high});
  }
  const auto x = [&](double cost) { return kLeft + kWidth * (cost - least) / std::max(most - least, 1e-300); };
  double y = kTop;
  for (const cost::FactorSwing& swing : result.tornado) {
    const catalog::CostFactorFacts& facts = catalog::facts_of(swing.factor);
    const cost::Uncertain& range = result.setup.factors[cost::index_of(swing.factor)]->value;
    svg.text(kLeft - 10, y + 15, facts.label, 12, Anchor::kEnd);
    svg.raw(rectangle(std::min(x(swing.at_low), x(middle)), y, std::fabs(x(swing.at_low) - x(middle)), kBar,
                      kPlotColours[0]));
    svg.raw(rectangle(std::min(x(swing.at_high), x(middle)), y, std::fabs(x(swing.at_high) - x(middle)), kBar,
                      kPlotColours[1]));
    svg.text(kLeft + kWidth + 8, y + 15, fmt::format("{} to {}", format_count(range.low), format_count(range.high)),
             11);
    y += kStep;
  }
  svg.line(x(middle), kTop - 6, x(middle), y, "#222222");
  svg.text(kLeft + kWidth + 8, 48, "blue: low end, orange: high end", 11);
  svg.text(x(middle), y + 16, fmt::format("{} {}", format_number(middle), currency_name(result.setup.currency)), 12,
           Anchor::kMiddle);
  return svg.finish();
}

}  // namespace socle::report
