#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/serve/emit_report.hpp"

namespace socle::report {
namespace {

using catalog::LaunchUse;

constexpr int kPageWidth = 100;
constexpr int kFlagWidth = 28;
constexpr int kTakenWidth = 22;
constexpr int kWhyWidth = 30;
constexpr int kTextMax = 400;

const char* use_word(LaunchUse use) {
  if (use == LaunchUse::kTaken) return "taken";
  return use == LaunchUse::kUnmodelled ? "not modelled" : "ignored";
}

/// The text in lines of a cell.
std::vector<std::string> cell_lines(const std::string& text, int width) {
  std::vector<std::string> lines{""};
  for (const char c : wrap_text(printable(text, kTextMax), width, 0)) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  if (lines.back().empty()) lines.pop_back();
  for (std::size_t i = 0; i < lines.size(); ++i) {  // a word that is longer than a line
    const std::size_t fitting = fit_width(lines[i], width).size();
    if (fitting == lines[i].size() || fitting == 0) continue;
    std::string rest = lines[i].substr(fitting);
    lines[i].resize(fitting);
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(rest));
  }
  return lines;
}

}  // namespace

std::string launch_reading_text(const setup::LaunchReading& reading) {
  std::string out = fmt::format("read from a launch command of {}{}\n\n", reading.name,
                                reading.version.empty() ? "" : " " + printable(reading.version));
  TextTable table({{"in the command"}, {"Socle takes"}, {"matters for"}, {"how, or why not"}}, kPageWidth);
  for (const setup::LaunchFlagRead& row : reading.rows) {
    const std::vector<std::string> flag = cell_lines(row.flag + (row.value.empty() ? "" : " ") + row.value, kFlagWidth);
    const std::vector<std::string> taken = cell_lines(row.taken.empty() ? use_word(row.use) : row.taken, kTakenWidth);
    const std::vector<std::string> why = cell_lines(row.why, kWhyWidth);
    const auto cell = [](const std::vector<std::string>& lines, std::size_t i) {
      return i < lines.size() ? lines[i] : std::string();
    };
    for (std::size_t i = 0; i < std::max({flag.size(), taken.size(), why.size()}); ++i)
      table.add_row({cell(flag, i), cell(taken, i),
                     i > 0                 ? ""
                     : row.matters.empty() ? "-"
                                           : row.matters,
                     cell(why, i)});
  }
  return out + table.str() + "\n";
}

Json launch_reading_json(const setup::LaunchReading& reading) {
  Json rows = Json::array();
  for (const setup::LaunchFlagRead& row : reading.rows) {
    Json one = Json::object();
    one.set("flag", row.flag)
        .set("value", row.value.empty() ? Json() : Json(row.value))
        .set("use", use_word(row.use))
        .set("taken", row.taken.empty() ? Json() : Json(row.taken))
        .set("matters", row.matters.empty() ? Json() : Json(row.matters))
        .set("why", row.why);
    rows.push(std::move(one));
  }
  Json flags = Json::object();
  for (const auto& [flag, value] : reading.flags) flags.set(flag, value);
  Json json = Json::object();
  json.set("engine", reading.family)
      .set("version", reading.version.empty() ? Json() : Json(reading.version))
      .set("flags", std::move(flags));
  return std::move(json.set("read", std::move(rows)));
}

}  // namespace socle::report
