#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/move_report_page.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::Finding;
using answer::MoveInput;
using answer::MoveReport;
using answer::MoveTarget;

constexpr std::size_t kTargetsAbreast = 3, kPlacesShown = 12;

std::string whole_text(const MoveReport& report, std::size_t first, std::size_t last) {
  std::vector<TextColumn> columns{{""}};
  for (std::size_t i = first; i < last; ++i) columns.push_back({report.targets[i].name, Align::kRight});
  TextTable table(std::move(columns));
  const auto row = [&](std::string name, const auto& cell) {
    std::vector<std::string> cells{std::move(name)};
    for (std::size_t i = first; i < last; ++i) cells.push_back(cell(i));
    table.add_row(std::move(cells));
  };
  row("everything", [&](std::size_t i) { return std::string(decision_words(report.targets[i].decision)); });
  for (const MoveInput& input : report.inputs) {
    row("  " + printable(input.name, 40), [&](std::size_t i) {
      const Finding& finding = input.findings[i];
      return fmt::format("{}, {}", decision_words(finding.decision), coverage_words(finding.coverage));
    });
  }
  row("effort", [&](std::size_t i) {
    const MoveTarget& target = report.targets[i];
    return target.decision == migrate::Decision::kNoGo ? "-" : effort_words(target.effort, target.hours);
  });
  row("evidence", [&](std::size_t i) { return std::string(migrate::evidence_key(report.targets[i].evidence)); });
  row("export class", [&](std::size_t i) {
    const std::string& verdict = report.targets[i].export_class;
    return verdict.empty() ? std::string("-") : verdict;
  });
  return table.str();
}

std::string finding_text(const MoveInput& input, const MoveTarget& target, const Finding& finding) {
  std::string text =
      fmt::format("\n{} on {}: {}", printable(input.name, 60), target.name, decision_words(finding.decision));
  if (finding.coverage) text += fmt::format(", {} covered", format_percent(*finding.coverage));
  text += fmt::format("; facts dated {}\n", finding.dated.empty() ? "not stated" : finding.dated);
  std::vector<std::string> lines;
  for (const answer::FindingFigure& figure : finding.figures)
    lines.push_back(fmt::format("{}: {}", figure.name, figure.text));
  for (const std::string& line : lines) text += wrap_text(line, 100, 2);
  std::size_t shown = 0;
  for (const answer::FindingPlace& place : finding.places) {
    if (++shown > kPlacesShown) break;
    text += wrap_text(fmt::format("- {}{}: {}", place.place.empty() ? "" : printable(place.place, 80) + ": ",
                                  printable(place.what, 80), printable(place.why, 200)),
                      100, 2);
  }
  if (finding.places.size() > kPlacesShown)
    text += fmt::format("  - and {} more: --json or --html has them\n", finding.places.size() - kPlacesShown);
  return text;
}

}  // namespace

std::string coverage_words(const std::optional<double>& coverage) { return coverage ? format_percent(*coverage) : "-"; }

std::string move_text(const MoveReport& report) {
  std::string text;
  for (const MoveInput& input : report.inputs)
    text += wrap_text(fmt::format("{}: {}", printable(input.name, 60), input.summary), 100, 0);
  for (std::size_t at = 0; at < report.targets.size(); at += kTargetsAbreast)
    text += "\n" + whole_text(report, at, std::min(at + kTargetsAbreast, report.targets.size()));
  for (const MoveInput& input : report.inputs) {
    for (std::size_t i = 0; i < report.targets.size(); ++i)
      text += finding_text(input, report.targets[i], input.findings[i]);
  }
  text += sentences_text("How it is judged", report.notes);
  return text +
         "\nThe whole answer on one input: socle migrate serving, cuda, onnx or training. --html writes one page.\n";
}

}  // namespace socle::report
