#include "socle/report/train/waterfall_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/unit_scale.hpp"

namespace socle::report {

std::string waterfall_text(const std::vector<answer::WaterfallStep>& steps) {
  constexpr int kBarWidth = 46, kTimeWidth = 12;
  Seconds total{};
  for (const answer::WaterfallStep& s : steps) total += s.time;
  std::string text = "Where the step time goes (average stage, then what all stages wait for)\n";
  const auto column = [&](Seconds at) {
    return static_cast<int>(std::lround(std::clamp(at / total, 0.0, 1.0) * kBarWidth));
  };
  const auto unit = unit_for(total);
  Seconds before{};
  for (const answer::WaterfallStep& s : steps) {
    const Seconds after = before + s.time;
    const bool shown = std::fabs(s.time / total) >= 0.00005;
    const int from = column(std::min(before, after)), to = std::max(column(std::max(before, after)), from + 1);
    if (shown) {
      text += fmt::format("  {:<26} {:>{}} {:>8}  {}{}\n", s.label, unit.text(s.time), kTimeWidth,
                          format_percent(s.time / total),
                          std::string(static_cast<std::size_t>(std::min(from, kBarWidth - 1)), ' '),
                          std::string(static_cast<std::size_t>(to - from), s.time < Seconds{} ? '-' : '#'));
    }
    before = after;
  }
  text += fmt::format("  {:<26} {:>{}} {:>8}\n", "step time", unit.text(total), kTimeWidth, format_percent(1.0));
  return text;
}

}  // namespace socle::report
