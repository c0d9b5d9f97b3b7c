#include <utility>

#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/move_report_page.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::Finding;
using answer::MoveInput;
using answer::MoveTarget;

Json finding_json(const MoveTarget& target, const Finding& finding) {
  Json figures = Json::array(), places = Json::array();
  for (const answer::FindingFigure& figure : finding.figures)
    figures.push(Json::object({{"name", figure.name}, {"text", figure.text}}));
  for (const answer::FindingPlace& place : finding.places)
    places.push(Json::object({{"place", text_or_null(place.place)}, {"what", place.what}, {"why", place.why}}));
  return Json::object({{"target", target.key},
                       {"decision", migrate::decision_key(finding.decision)},
                       {"coverage", finding.coverage ? Json(*finding.coverage) : Json()},
                       {"effort_h", finding.hours},
                       {"evidence", migrate::evidence_key(finding.evidence)},
                       {"dated", text_or_null(finding.dated)},
                       {"launch", text_or_null(finding.launch)},
                       {"figures", std::move(figures)},
                       {"places", std::move(places)}});
}

Json target_json(const MoveTarget& target) {
  return Json::object({{"target", target.key},
                       {"name", target.name},
                       {"platform", text_or_null(target.platform)},
                       {"export_class", text_or_null(target.export_class)},
                       {"decision", migrate::decision_key(target.decision)},
                       {"effort", migrate::effort_key(target.effort)},
                       {"effort_h", target.hours},
                       {"evidence", migrate::evidence_key(target.evidence)}});
}

}  // namespace

Json move_json(const answer::MoveReport& report, const std::vector<InputText>& inputs) {
  Json targets = Json::array(), list = Json::array();
  for (const MoveTarget& target : report.targets) targets.push(target_json(target));
  for (const MoveInput& input : report.inputs) {
    Json findings = Json::array();
    for (std::size_t i = 0; i < report.targets.size(); ++i)
      findings.push(finding_json(report.targets[i], input.findings[i]));
    list.push(Json::object({{"input", input.name},
                            {"kind", answer::input_kind_key(input.kind)},
                            {"summary", input.summary},
                            {"findings", std::move(findings)}}));
  }
  return Json::object({{"schema", "socle.migrate/1"},
                       {"provenance", provenance("migrate", inputs)},
                       {"from", report.from},
                       {"targets", std::move(targets)},
                       {"inputs", std::move(list)},
                       {"notes", sentences_json(report.notes)}});
}

Schema migrate_schema() {
  const std::vector<std::string> decisions{"go", "go_with_work", "no_go"}, levels{"E0", "E1", "E2", "E3", "E4"};
  return {"socle.migrate/1",
          "Everything that is moved, on every target: `socle migrate`.",
          {{"",
            "",
            {{"provenance", "provenance", "Version, command and inputs."},
             {"from", "string", "Chip or platform that is left."},
             {"targets[]", "object", "Each target, in the order of --to, over all inputs."},
             {"targets[].target", "string", "Slug of the chip, or key of the platform."},
             {"targets[].name", "string", "Its name."},
             {"targets[].platform", "string|null", "Platform below it; null: none is known."},
             {"targets[].export_class", "string|null", "By the newest rule in force; null: none, or no chip."},
             {"targets[].decision", "string", "The worst over all inputs.", decisions},
             {"targets[].effort", "string", "Class of work.", {"none", "hours", "days", "weeks"}},
             {"targets[].effort_h", "number", "Hours of all inputs, by their assumptions."},
             {"targets[].evidence", "string", "The least of all inputs.", levels},
             {"inputs[]", "object", "Each input, in the order given."},
             {"inputs[].input", "string", "Its name, or COMMAND."},
             {"inputs[].kind", "string", "What it is.", {"served_model", "sources", "onnx", "training"}},
             {"inputs[].summary", "string", "What was read."},
             {"inputs[].findings[]", "object", "What it says of each target, in their order."},
             {"inputs[].findings[].target", "string", "As in `targets`."},
             {"inputs[].findings[].decision", "string", "Whether it can go.", decisions},
             {"inputs[].findings[].coverage", "number|null", "Share that is known there; null: nothing to cover."},
             {"inputs[].findings[].effort_h", "number", "Hours by the stated assumptions."},
             {"inputs[].findings[].evidence", "string", "The least of what was used.", levels},
             {"inputs[].findings[].dated", "string|null", "Of the facts used; null: not stated."},
             {"inputs[].findings[].launch", "string|null", "The command there; null: none."},
             {"inputs[].findings[].figures[]", "object", "Figures for people."},
             {"inputs[].findings[].figures[].name", "string", "What it is."},
             {"inputs[].findings[].figures[].text", "string", "With its range, where it has one."},
             {"inputs[].findings[].places[]", "object", "What stands in the way."},
             {"inputs[].findings[].places[].place", "string|null", "File and line; null: the whole input."},
             {"inputs[].findings[].places[].what", "string", "The thing."},
             {"inputs[].findings[].places[].why", "string", "What is wrong with it."},
             {"notes[]", "string", "How it is judged, a sentence each."}}}},
          {provenance_shape()}};
}

}  // namespace socle::report
