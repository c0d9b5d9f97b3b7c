#include "socle/report/risk/serve_risk_report.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::FleetChoice;
using answer::ServeRiskResult;

std::string marked(bool asked, const std::string& text) { return asked ? text + " *" : text; }

std::string heading(const ServeRiskResult& result) {
  const reliability::ReplicaFleet& fleet = result.fleet;
  std::string out =
      fmt::format("{}: {} replicas, {} chips of {}, {} zone{}\n", printable(result.serving.setup.serve.model.name),
                  fleet.replicas, result.serving.chips, result.serving.setup.serve.chip.name, result.options.zones,
                  result.options.zones == 1 ? "" : "s");
  out += fmt::format("{} requests/s; one replica carries {} within the objectives: {} are needed\n",
                     format_number(result.offered), format_number(result.carried_by_one), fleet.needed);
  const Seconds replica{1 / fleet.failures.value()}, node{1 / fleet.node_losses.value()};
  out += fmt::format("A replica fails every {} and is back after {}, of which weights {}\n", format_seconds(replica),
                     format_seconds(fleet.restart), format_seconds(result.loading));
  out += fmt::format("A node is lost every {} and repaired after {} on average; ", format_seconds(node),
                     format_seconds(fleet.repair));
  return out + (result.options.spare_nodes ? fmt::format("{} spare nodes\n", fleet.spare_nodes)
                                           : std::string("another is always found\n"));
}

std::string choices_text(const ServeRiskResult& result) {
  TextTable table({{"replicas", Align::kRight},
                   {"chips", Align::kRight},
                   {"enough up", Align::kRight},
                   {"short a month", Align::kRight},
                   {"requests failed", Align::kRight},
                   {"of the budget", Align::kRight}});
  for (const FleetChoice& one : result.choices)
    table.add_row({marked(one.asked, std::to_string(one.replicas)), std::to_string(one.chips),
                   fmt::format("{:.4f} %", 100 * one.availability.enough), format_seconds(one.short_time_per_month),
                   fmt::format("{:.5f} %", 100 * one.availability.failed()), format_percent(one.budget_used)});
  return table.str() + fmt::format("* as asked; the budget is {} of the requests, {} a month of nothing at all\n",
                                   fmt::format("{:.4g} %", 100 * (1 - result.options.target)),
                                   format_seconds(Seconds{86400 * 365.25 / 12} * (1 - result.options.target)));
}

std::string parts_text(const ServeRiskResult& result) {
  TextTable table(
      {{"what is lost"}, {"replicas", Align::kRight}, {"capacity", Align::kRight}, {"the rest carries the load"}});
  for (const answer::LostPart& part : result.parts)
    table.add_row(
        {part.part, format_number(part.replicas), format_percent(part.capacity_share), part.carries ? "yes" : "NO"});
  return table.str();
}

std::string zones_text(const ServeRiskResult& result) {
  TextTable table({{"zones", Align::kRight},
                   {"replicas in each", Align::kRight},
                   {"replicas", Align::kRight},
                   {"beyond the load", Align::kRight},
                   {"one may be lost"}});
  for (const answer::ZoneChoice& one : result.zones)
    table.add_row({marked(one.asked, std::to_string(one.zones)), std::to_string(one.replicas_each),
                   std::to_string(one.replicas), format_percent(one.over), one.zones > 1 ? "yes" : "no"});
  return table.str();
}

Json choice_json(const FleetChoice& one) {
  Json json = Json::object();
  json.set("replicas", one.replicas).set("chips", one.chips).set("asked", one.asked);
  json.set("enough", one.availability.enough).set("short_s_per_month", one.short_time_per_month.value());
  json.set("short_capacity", one.availability.short_capacity).set("cut_requests", one.availability.cut_requests);
  return std::move(json.set("failed", one.availability.failed()).set("budget_used", one.budget_used));
}

}  // namespace

std::string serve_risk_text(const ServeRiskResult& result) {
  return heading(result) + "\n" + choices_text(result) + "\n" + parts_text(result) + "\n" + zones_text(result) +
         sentences_text("Assumptions", result.assumptions) + sentences_text("Doubts", result.doubts);
}

Json serve_risk_json(const ServeRiskResult& result, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.risk.serve/1").set("provenance", provenance("risk serve", inputs)).set("status", "answer");
  json.set("model", result.serving.setup.serve.model.name).set("chip", result.serving.setup.serve.chip.slug);
  json.set("replicas", result.fleet.replicas).set("needed", result.fleet.needed).set("zones", result.options.zones);
  json.set("offered_requests_per_s", result.offered).set("replica_requests_per_s", result.carried_by_one);
  json.set("fleet", result.options.failures.slug).set("target", result.options.target);
  json.set("replica_mtbf_s", 1 / result.fleet.failures.value()).set("restart_s", result.fleet.restart.value());
  json.set("node_mtbf_s", 1 / result.fleet.node_losses.value()).set("repair_s", result.fleet.repair.value());
  json.set("spare_nodes", result.options.spare_nodes ? Json(*result.options.spare_nodes) : Json())
      .set("keeps_target", result.keeps_target());
  Json choices = Json::array(), parts = Json::array(), zones = Json::array();
  for (const FleetChoice& one : result.choices) choices.push(choice_json(one));
  for (const answer::LostPart& part : result.parts)
    parts.push(std::move(Json::object()
                             .set("part", part.part)
                             .set("replicas", part.replicas)
                             .set("capacity_share", part.capacity_share)
                             .set("carries", part.carries)));
  for (const answer::ZoneChoice& one : result.zones)
    zones.push(std::move(Json::object()
                             .set("zones", one.zones)
                             .set("replicas_each", one.replicas_each)
                             .set("replicas", one.replicas)
                             .set("over", one.over)));
  json.set("choices", std::move(choices)).set("parts", std::move(parts)).set("zone_choices", std::move(zones));
  json.set("assumptions", sentences_json(result.assumptions));
  return std::move(json.set("doubts", sentences_json(result.doubts)));
}

Json serve_risk_refusal_json(const Infeasible& why, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.risk.serve/1").set("provenance", provenance("risk serve", inputs)).set("status", "refused");
  return std::move(json.set("reason", why.reason).set("detail", why.detail).set("remedy", why.remedy));
}

Schema serve_risk_schema() {
  const auto head = [](const char* status) {
    return SchemaRows{{"provenance", "provenance", "What the document rests on."},
                      {"status", "string", "Which form this is.", {status}}};
  };
  SchemaRows rows =
      joined(head("answer"), {{"model", "string", "The model."},
                              {"chip", "string", "Slug of the chip."},
                              {"replicas", "integer", "As asked."},
                              {"needed", "integer", "That carry the load within the objectives."},
                              {"zones", "integer", "Over which they lie."},
                              {"offered_requests_per_s", "number", "That come."},
                              {"replica_requests_per_s", "number", "That one replica carries."},
                              {"fleet", "string", "Whose failures are expected, of the catalogue."},
                              {"target", "number", "Share of requests that are to be served."},
                              {"replica_mtbf_s", "number", "Between failures of one replica."},
                              {"restart_s", "number", "Of a replica."},
                              {"node_mtbf_s", "number", "Between losses of one node."},
                              {"repair_s", "number", "Of a node, mean."},
                              {"spare_nodes", "integer|null", "Beside the fleet; null: another node is always found."},
                              {"keeps_target", "boolean", "The fleet as asked."},
                              {"choices[]", "object", "The fleet with so many replicas."},
                              {"choices[].replicas", "integer", "Installed."},
                              {"choices[].chips", "integer", "Of them."},
                              {"choices[].asked", "boolean", "As the scenario has it."},
                              {"choices[].enough", "number", "Share of the time with as many up as are needed."},
                              {"choices[].short_s_per_month", "number", "Without."},
                              {"choices[].short_capacity", "number", "Share of requests that find no replica."},
                              {"choices[].cut_requests", "number", "Share of requests whose replica fails under them."},
                              {"choices[].failed", "number", "Both."},
                              {"choices[].budget_used", "number", "Of what the target lets fail; above 1: missed."},
                              {"parts[]", "object", "What goes with one part."},
                              {"parts[].part", "string", "The part."},
                              {"parts[].replicas", "number", "That go with it."},
                              {"parts[].capacity_share", "number", "Of the fleet."},
                              {"parts[].carries", "boolean", "What is left carries the load."},
                              {"zone_choices[]", "object", "So that a zone may be lost."},
                              {"zone_choices[].zones", "integer", "Zones."},
                              {"zone_choices[].replicas_each", "integer", "In each."},
                              {"zone_choices[].replicas", "integer", "In all."},
                              {"zone_choices[].over", "number", "Beyond the load, as a share of it."}});
  return {"socle.risk.serve/1",
          "What failures leave of a serving fleet: `socle risk serve`.",
          {{"answer", "the deployment fits and carries something", joined(std::move(rows), sentence_rows())},
           {"refused", "it does not",
            joined(head("refused"), {{"reason", "string", "A short name."},
                                     {"detail", "string", "What is wrong."},
                                     {"remedy", "string", "What would change it."}})}},
          {provenance_shape()}};
}

}  // namespace socle::report
