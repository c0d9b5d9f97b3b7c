#include <utility>

#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/day_report.hpp"

namespace socle::report {
namespace {

using answer::DayFleet;
using answer::DayModel;
using answer::DayResult;

Json steps_json(const answer::ChipSteps& steps) {
  Json list = Json::array();
  for (const answer::ChipStep& step : steps)
    list.push(std::move(Json::object().set("from_s", step.from.value()).set("chips", step.chips)));
  return list;
}

Json fleet_json(const DayFleet& fleet) {
  Json json = Json::object();
  json.set("replicas", fleet.most_replicas).set("chip_hours", fleet.chip_hours);
  json.set("rent", fleet.spent ? Json(fleet.spent->amount) : Json());
  json.set("currency", fleet.spent ? Json(currency_name(fleet.spent->currency)) : Json());
  json.set("busy_share", fleet.figures.busy_share).set("share_met", fleet.figures.share_met);
  json.set("requests", fleet.figures.requests).set("refused", fleet.figures.refused);
  json.set("ttft_p99_s", fleet.figures.ttft.p99.value()).set("tpot_p99_s", fleet.figures.tpot.p99.value());
  json.set("chips_over_time", steps_json(fleet.chips));
  Json hours = Json::array();
  for (const answer::DayHour& hour : fleet.hours)
    hours.push(std::move(Json::object()
                             .set("requests_per_s", hour.rate)
                             .set("replicas", hour.replicas)
                             .set("share_met", hour.share_met)));
  return std::move(json.set("hours", std::move(hours)));
}

Json model_json(const DayModel& model) {
  const setup::ServeSimulationSetup& serving = model.setup.serving;
  Json json = Json::object();
  json.set("model", serving.serve.model.name).set("engine", serving.serve.engine.slug);
  json.set("chip", serving.serve.chip.slug).set("chips_of_a_replica", model.chips).set("fits", model.fits);
  json.set("traffic", serving.requests.description);
  json.set("capacity_requests_per_s", model.capacity).set("peak_requests_per_s", model.peak_rate);
  json.set("start_up_s", model.start_up.value()).set("loading_s", model.loading.value());
  json.set("headroom", model.headroom);
  json.set("fixed", model.holds() ? fleet_json(model.fixed) : Json());
  return std::move(json.set("scaled", model.holds() ? fleet_json(model.scaled) : Json()));
}

Json idle_json(const DayResult& result) {
  if (!result.idle) return Json();
  Json json = Json::object();
  json.set("job", result.options.idle->name).set("chips", result.options.idle->chips);
  json.set("starts", result.idle->starts).set("held_s", result.idle->held.value());
  return std::move(json.set("useful_s", result.idle->useful.value()).set("tokens", result.idle->tokens));
}

void add_fleet_rows(SchemaRows& rows, const std::string& name, const char* about) {
  const std::string at = "models[]." + name;
  rows.push_back({at, "object|null", about});
  rows.push_back({at + ".replicas", "integer", "At most."});
  rows.push_back({at + ".chip_hours", "number", "That its replicas hold, starting and draining included."});
  rows.push_back({at + ".rent", "number|null", "Of them; null: no rent is stated."});
  rows.push_back({at + ".currency", "string|null", "Of the rent.", {"USD", "CNY"}});
  rows.push_back({at + ".busy_share", "number", "Of the time of its replicas, with a step under way."});
  rows.push_back({at + ".share_met", "number", "Of the requests, those that keep the objectives."});
  rows.push_back({at + ".requests", "integer", "That came."});
  rows.push_back({at + ".refused", "integer", "Of them, too long."});
  rows.push_back({at + ".ttft_p99_s", "number", "99th percentile of TTFT."});
  rows.push_back({at + ".tpot_p99_s", "number", "99th percentile of TPOT."});
  rows.push_back({at + ".chips_over_time[]", "object", "Chips that are held, from each moment on."});
  rows.push_back({at + ".chips_over_time[].from_s", "number", "Seconds from the start."});
  rows.push_back({at + ".chips_over_time[].chips", "integer", "Chips."});
  rows.push_back({at + ".hours[]", "object", "Hour by hour."});
  rows.push_back({at + ".hours[].requests_per_s", "number", "That came."});
  rows.push_back({at + ".hours[].replicas", "number", "That held chips, on average."});
  rows.push_back({at + ".hours[].share_met", "number", "Of the requests that came in it."});
}

}  // namespace

Json serve_day_json(const DayResult& result, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.serve.day/1").set("provenance", provenance("serve day", inputs));
  json.set("holds", result.holds());
  json.set("policy", result.options.policy == answer::ScalePolicy::kForecast ? "forecast" : "reactive");
  Json models = Json::array();
  for (const DayModel& model : result.models) models.push(model_json(model));
  json.set("models", std::move(models));
  json.set("fixed_chips", result.fixed_chips).set("scaled_chips", answer::most_of(result.chips));
  json.set("pool_chips", result.pool).set("end_s", result.end.value()).set("short_s", result.short_time.value());
  json.set("idle", idle_json(result));
  json.set("assumptions", sentences_json(result.assumptions));
  return std::move(json.set("doubts", sentences_json(result.doubts)));
}

Schema serve_day_schema() {
  SchemaRows rows{
      {"provenance", "provenance", "What the document rests on."},
      {"holds", "boolean", "Every model fits, and one replica of it keeps the objectives at some load."},
      {"policy", "string", "How replicas follow the traffic.", {"forecast", "reactive"}},
      {"models[]", "object", "Each deployment, as asked."},
      {"models[].model", "string", "The model."},
      {"models[].engine", "string", "Slug of the engine's line."},
      {"models[].chip", "string", "Slug of the chip."},
      {"models[].chips_of_a_replica", "integer", "Chips of one replica."},
      {"models[].fits", "boolean", "The model on them."},
      {"models[].traffic", "string", "What is sent."},
      {"models[].capacity_requests_per_s", "number", "At which one replica keeps the objectives; 0: at none."},
      {"models[].peak_requests_per_s", "number", "Of the busiest five minutes."},
      {"models[].start_up_s", "number", "From the decision for a replica to its first request."},
      {"models[].loading_s", "number", "Of it, for reading weights."},
      {"models[].headroom", "number", "Beyond the load, with which the scaled fleet keeps the objectives."}};
  add_fleet_rows(rows, "fixed", "As many replicas all day as the busiest minutes need; null: nothing holds.");
  add_fleet_rows(rows, "scaled", "Replicas that follow the traffic.");
  for (SchemaRow row :
       SchemaRows{{"fixed_chips", "integer", "Of all fixed fleets."},
                  {"scaled_chips", "integer", "The most that all scaled fleets hold at one time."},
                  {"pool_chips", "integer", "That there are: as asked, or as many as the scaled fleets need."},
                  {"end_s", "number", "End of the longest day."},
                  {"short_s", "number", "Time in which more chips are wanted than there are."},
                  {"idle", "object|null", "What a job of training gets of free chips; null: none is asked about."},
                  {"idle.job", "string", "Its model."},
                  {"idle.chips", "integer", "That it needs, all of them or none."},
                  {"idle.starts", "integer", "Times that it begins."},
                  {"idle.held_s", "number", "Time with its chips."},
                  {"idle.useful_s", "number", "Of it, without restarts."},
                  {"idle.tokens", "number", "That it trains on."}})
    rows.push_back(std::move(row));
  return {"socle.serve.day/1",
          "Replicas over a day, fixed and scaled, and what a pool leaves free: `socle serve day`.",
          {{"", "always", joined(std::move(rows), sentence_rows())}},
          {provenance_shape()}};
}

}  // namespace socle::report
