#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/risk/operations_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::IncidentResult;
using answer::ReplayedIncident;

std::string minutes(const std::optional<Seconds>& time) {
  return time ? fmt::format("{:.4g}", time->value() / 60) : std::string("-");
}

std::string table_text(const IncidentResult& result) {
  TextTable table({{"outage", Align::kLeft, true},
                   {"date"},
                   {"took"},
                   {"minutes", Align::kRight},
                   {"reach", Align::kRight},
                   {"lost", Align::kRight},
                   {"as held", Align::kRight},
                   {"at best", Align::kRight},
                   {"budgets", Align::kRight}});
  for (const ReplayedIncident& one : result.incidents)
    table.add_row({one.incident.slug, one.incident.date, std::string(catalog::domain_name(one.incident.domain)),
                   minutes(one.incident.length), format_percent(one.reach), minutes(one.lost), minutes(one.kept_lost),
                   minutes(one.best_lost), one.budgets ? format_number(*one.budgets, 3) : std::string("-")});
  return table.str() +
         "lost, as held, at best: minutes of the whole fleet, without controls, with those held, with all\n";
}

std::string one_text(const ReplayedIncident& one) {
  const catalog::Incident& incident = one.incident;
  std::string out = fmt::format("{}, {} ({})\n", printable(incident.name), printable(incident.date), incident.grade);
  const auto say = [&](const char* name, const std::string& text) {
    if (!text.empty()) out += wrap_text(fmt::format("{}: {}", name, printable(text, 1000)), 100, 2);
  };
  say("time", incident.start.empty() ? "" : incident.start + " to " + incident.end);
  say("took", incident.scope);
  say("came by", incident.channel);
  say("cause", incident.cause);
  say("lesson", incident.lesson);
  say("doubt", incident.doubt);
  say("source", incident.provenance.source);
  const auto names = [](const std::vector<std::string>& list) { return fmt::format("{}", fmt::join(list, ", ")); };
  if (one.lost)
    out += fmt::format("  here: {} minutes of the whole fleet without controls, {} with those held, {} at best\n",
                       minutes(one.lost), minutes(one.kept_lost), minutes(one.best_lost));
  if (one.money) out += fmt::format("  worth as held: {}\n", format_money(*one.money));
  say("held", names(one.held));
  say("would have mattered and is not held", names(one.missing));
  return out;
}

std::string controls_text() {
  std::string out = "Controls (--controls a,b):\n";
  for (const catalog::Control& control : catalog::incident_controls())
    out += wrap_text(fmt::format("{}: {}", control.name, control.meaning), 100, 2);
  return out;
}

Json incident_entry(const ReplayedIncident& one) {
  const auto time = [](const std::optional<Seconds>& value) { return value ? Json(value->value()) : Json(); };
  const auto names = [](const std::vector<std::string>& list) {
    Json json = Json::array();
    for (const std::string& name : list) json.push(name);
    return json;
  };
  const catalog::Incident& incident = one.incident;
  Json json = Json::object();
  json.set("slug", incident.slug).set("name", incident.name).set("date", incident.date);
  json.set("domain", catalog::domain_name(incident.domain)).set("channel", incident.channel);
  json.set("cause", incident.cause).set("grade", incident.grade).set("source", incident.provenance.source);
  json.set("length_s", time(incident.length)).set("reach", one.reach).set("lost_s", time(one.lost));
  json.set("held_lost_s", time(one.kept_lost)).set("best_lost_s", time(one.best_lost));
  json.set("budgets", one.budgets ? Json(*one.budgets) : Json());
  Json money = Json();
  if (one.money)
    money =
        std::move(Json::object().set("amount", one.money->amount).set("currency", currency_name(one.money->currency)));
  json.set("worth", std::move(money)).set("held", names(one.held));
  return std::move(json.set("missing", names(one.missing)));
}

}  // namespace

std::string incident_text(const IncidentResult& result) {
  const bool one = result.incidents.size() == 1;
  std::string out =
      fmt::format("{} zone{} in each of {} region{}; {} of a month may fail\n\n", result.options.zones,
                  result.options.zones == 1 ? "" : "s", result.options.regions, result.options.regions == 1 ? "" : "s",
                  fmt::format("{:.4g} %", 100 * (1 - result.options.target)));
  out += one ? one_text(result.incidents.front()) : table_text(result) + "\n" + controls_text();
  return out + sentences_text("Assumptions", result.assumptions);
}

Json incident_json(const IncidentResult& result, const std::vector<InputText>& inputs) {
  Json json = Json::object(), list = Json::array();
  json.set("schema", "socle.risk.incident/1").set("provenance", provenance("risk incident", inputs));
  json.set("zones", result.options.zones).set("regions", result.options.regions).set("target", result.options.target);
  for (const ReplayedIncident& one : result.incidents) list.push(incident_entry(one));
  json.set("incidents", std::move(list));
  return std::move(json.set("assumptions", sentences_json(result.assumptions)));
}

Schema risk_incident_schema() {
  return {"socle.risk.incident/1",
          "Public outages on a set-up of one's own: `socle risk incident`.",
          {{"",
            "always",
            {{"provenance", "provenance", "What the document rests on."},
             {"zones", "integer", "In each region."},
             {"regions", "integer", "Regions."},
             {"target", "number", "Share of a month that is to be served."},
             {"incidents[]", "object", "By date."},
             {"incidents[].slug", "string", "Entry of the catalogue."},
             {"incidents[].name", "string", "Its name."},
             {"incidents[].date", "string", "When."},
             {"incidents[].domain", "string", "What it took at once.", {"zone", "region", "product", "global"}},
             {"incidents[].channel", "string", "By which it came."},
             {"incidents[].cause", "string", "Why."},
             {"incidents[].grade", "string", "What was read for it."},
             {"incidents[].source", "string", "Where."},
             {"incidents[].length_s", "number|null", "Null: not public."},
             {"incidents[].reach", "number", "Share of the fleet without controls."},
             {"incidents[].lost_s", "number|null", "Share of the fleet times time, without controls."},
             {"incidents[].held_lost_s", "number|null", "With the controls that are held."},
             {"incidents[].best_lost_s", "number|null", "With all that stop or ease it."},
             {"incidents[].budgets", "number|null", "Monthly error budgets that it takes as held."},
             {"incidents[].worth", "money|null", "Of what is lost as held; null: no worth is stated."},
             {"incidents[].held[]", "string", "Controls that are held and matter."},
             {"incidents[].missing[]", "string", "Controls that would have mattered."},
             {"assumptions[]", "string", "What was filled in or taken for granted, a sentence each."}}}},
          {provenance_shape(), money_shape()}};
}

}  // namespace socle::report
