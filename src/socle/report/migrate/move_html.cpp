#include <fmt/format.h>

#include "socle/base/svg.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/base/version.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/move_report_page.hpp"

namespace socle::report {
namespace {

using answer::Finding;
using answer::MoveInput;
using answer::MoveReport;
using answer::MoveTarget;

constexpr const char* kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}"
    "h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #ddd}h3{font-size:1em}"
    "table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid #ddd;padding:.3em .7em;text-align:left;"
    "vertical-align:top}th{background:#f6f6f6}pre{background:#f6f6f6;padding:.8em;overflow-x:auto}"
    ".go{background:#e3f4e3}.go_with_work{background:#fdf3d7}.no_go{background:#fbe3e3}.small{color:#666;font-size:."
    "9em}";

std::string text_of(std::string_view text) { return xml_text(escape_controls(std::string(text), "\n")); }

std::string decision_cell(migrate::Decision decision, const std::string& more) {
  return fmt::format("<td class=\"{}\">{}{}</td>", migrate::decision_key(decision), decision_words(decision),
                     more.empty() ? "" : ", " + more);
}

std::string whole(const MoveReport& report) {
  std::string html = "<table><tr><th></th>";
  for (const MoveTarget& target : report.targets) html += "<th>" + text_of(target.name) + "</th>";
  html += "</tr>\n<tr><th>everything</th>";
  for (const MoveTarget& target : report.targets) html += decision_cell(target.decision, {});
  html += "</tr>\n";
  for (const MoveInput& input : report.inputs) {
    html += "<tr><th>" + text_of(input.name) + "</th>";
    for (const Finding& finding : input.findings)
      html += decision_cell(finding.decision, coverage_words(finding.coverage));
    html += "</tr>\n";
  }
  const auto row = [&](const char* name, const auto& cell) {
    html += fmt::format("<tr><th>{}</th>", name);
    for (const MoveTarget& target : report.targets) html += "<td>" + text_of(cell(target)) + "</td>";
    html += "</tr>\n";
  };
  row("effort", [](const MoveTarget& t) { return effort_words(t.effort, t.hours); });
  row("evidence", [](const MoveTarget& t) { return std::string(migrate::evidence_key(t.evidence)); });
  row("export class", [](const MoveTarget& t) { return t.export_class.empty() ? std::string("-") : t.export_class; });
  return html + "</table>\n";
}

std::string details(const MoveTarget& target, const Finding& finding) {
  std::string html = fmt::format(
      "<h3>{}: {}</h3>\n<p class=\"small\">{} covered; facts dated {}; evidence {}; effort {}</p>\n",
      text_of(target.name), decision_words(finding.decision), coverage_words(finding.coverage),
      finding.dated.empty() ? "not stated" : text_of(finding.dated), migrate::evidence_key(finding.evidence),
      effort_words(migrate::effort_of(finding.hours), finding.hours));
  if (!finding.figures.empty()) {
    html += "<table>";
    for (const answer::FindingFigure& figure : finding.figures)
      html += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", text_of(figure.name), text_of(figure.text));
    html += "</table>\n";
  }
  if (!finding.places.empty()) {
    html += "<table><tr><th>where</th><th>what</th><th>why</th></tr>\n";
    for (const answer::FindingPlace& place : finding.places)
      html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", text_of(place.place), text_of(place.what),
                          text_of(place.why));
    html += "</table>\n";
  }
  if (!finding.launch.empty()) html += "<pre>" + text_of(finding.launch) + "</pre>\n";
  return html;
}

}  // namespace

std::string move_html(const MoveReport& report, const std::vector<InputText>& inputs) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Move from {}</title>"
      "<meta name=\"viewport\" content=\"width=device-width\"><style>{}</style></head><body>\n<h1>Move from {}</h1>\n",
      text_of(report.from), kStyle, text_of(report.from));
  html += whole(report);
  for (const MoveInput& input : report.inputs) {
    html += "<h2>" + text_of(input.name) + "</h2>\n<p>" + text_of(input.summary) + "</p>\n";
    for (std::size_t i = 0; i < report.targets.size(); ++i) html += details(report.targets[i], input.findings[i]);
  }
  html +=
      "<h2>What it rests on</h2>\n<p class=\"small\">Evidence: E0 assumed or recalled, E1 documented, E2 read in "
      "source, E3 run on a CPU, E4 run on the device. Unknown never counts as yes. Speeds are predicted, nothing was "
      "run.</p>\n<ul class=\"small\">";
  for (const std::string& note : report.notes) html += "<li>" + text_of(note) + "</li>";
  for (const InputText& input : inputs)
    html += fmt::format("<li>{}: {}</li>", text_of(input.name), text_of(input.hash));
  return html + fmt::format("</ul>\n<p class=\"small\">Socle {}</p>\n</body></html>\n", text_of(version()));
}

}  // namespace socle::report
