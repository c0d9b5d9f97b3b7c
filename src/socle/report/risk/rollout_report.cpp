#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/risk/operations_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::NamedPlan;
using answer::RolloutResult;

std::string stages_words(const reliability::RolloutPlan& plan) {
  std::string words;
  for (const reliability::RolloutStage& stage : plan.rollout.stages)
    words += (words.empty() ? "" : ", ") + format_number(100 * stage.share, 3) + " %";
  return words;
}

std::string minutes(Seconds share_time) { return fmt::format("{:.3g} min", share_time.value() / 60); }

std::string plans_text(const RolloutResult& result) {
  TextTable table({{"plan"},
                   {"stages"},
                   {"bake", Align::kRight},
                   {"length", Align::kRight},
                   {"exposed", Align::kRight},
                   {"fleet-minutes lost", Align::kRight},
                   {"bad for", Align::kRight}});
  for (const NamedPlan& one : result.plans)
    table.add_row({one.name, stages_words(one.plan), format_seconds(one.plan.bake), format_seconds(one.plan.length),
                   format_percent(one.plan.exposure.share), minutes(one.plan.exposure.share_time),
                   format_seconds(one.plan.exposure.bad)});
  std::string out = table.str();
  const auto& most = result.options.exposed_most;
  if (most && result.plans.back().plan.exposure.share_time > *most)
    out += fmt::format("No plan keeps it to {}: the change must be seen or rolled back sooner\n", minutes(*most));
  return out;
}

std::string blast_text(const RolloutResult& result) {
  TextTable table({{"what fails or changes"},
                   {"kind"},
                   {"chips", Align::kRight},
                   {"of the fleet", Align::kRight},
                   {"in stages", Align::kRight}});
  for (const answer::BlastRow& row : result.blast)
    table.add_row({row.what, row.change ? "change" : "part", format_whole(static_cast<std::int64_t>(row.chips)),
                   fmt::format("{:.3g} %", 100 * row.share),
                   row.staged_share ? fmt::format("{:.3g} %", 100 * *row.staged_share) : std::string("-")});
  return table.str();
}

std::string upgrade_text(const answer::UpgradeOutcome& one) {
  std::string out =
      fmt::format("Rolling upgrade of {} units, {} at a time, {} a wave: {} waves, {}", one.units, one.at_once,
                  format_seconds(one.wave), one.upgrade.waves, format_seconds(one.upgrade.length));
  if (one.stopped) out += fmt::format("; the job stands still for {} of it", format_seconds(*one.stopped));
  if (one.in_time) out += *one.in_time ? "; in time" : "; NOT in time";
  return out + "\n";
}

std::string stampede_text(const answer::StampedeOutcome& one) {
  std::string out = fmt::format("{} tasks that restart together read {} each: {} at the store's rate\n", one.tasks,
                                format_bytes(one.bytes), format_seconds(one.all_at_once));
  if (one.needed)
    out += fmt::format("In time they need {}; that store lets {} at a time be in time\n",
                       format_bytes_per_second(*one.needed), *one.admitted);
  return out;
}

Json plan_json(const NamedPlan& one) {
  Json json = Json::object(), stages = Json::array();
  for (const reliability::RolloutStage& stage : one.plan.rollout.stages)
    stages.push(std::move(Json::object().set("share", stage.share).set("start_s", stage.start.value())));
  json.set("name", one.name).set("stages", std::move(stages)).set("bake_s", one.plan.bake.value());
  json.set("length_s", one.plan.length.value()).set("exposed_share", one.plan.exposure.share);
  json.set("exposed_s", one.plan.exposure.share_time.value());
  return std::move(json.set("bad_s", one.plan.exposure.bad.value()));
}

Json upgrade_json(const std::optional<answer::UpgradeOutcome>& one) {
  if (!one) return Json();
  Json json = Json::object();
  json.set("units", one->units).set("at_once", one->at_once).set("waves", one->upgrade.waves);
  json.set("length_s", one->upgrade.length.value());
  json.set("stopped_s", one->stopped ? Json(one->stopped->value()) : Json());
  return std::move(json.set("in_time", one->in_time ? Json(*one->in_time) : Json()));
}

Json stampede_json(const std::optional<answer::StampedeOutcome>& one) {
  if (!one) return Json();
  Json json = Json::object();
  json.set("tasks", one->tasks).set("bytes", one->bytes.value()).set("all_at_once_s", one->all_at_once.value());
  json.set("needed_bytes_per_s", one->needed ? Json(one->needed->value()) : Json());
  return std::move(json.set("admitted", one->admitted ? Json(*one->admitted) : Json()));
}

}  // namespace

std::string rollout_text(const RolloutResult& result) {
  std::string out = plans_text(result);
  if (!result.blast.empty()) out += "\n" + blast_text(result);
  if (result.upgrade) out += "\n" + upgrade_text(*result.upgrade);
  if (result.stampede) out += "\n" + stampede_text(*result.stampede);
  return out + sentences_text("Assumptions", result.assumptions);
}

Json rollout_json(const RolloutResult& result, const std::vector<InputText>& inputs) {
  Json json = Json::object(), plans = Json::array(), blast = Json::array();
  json.set("schema", "socle.risk.rollout/1").set("provenance", provenance("risk rollout", inputs));
  for (const NamedPlan& one : result.plans) plans.push(plan_json(one));
  for (const answer::BlastRow& row : result.blast)
    blast.push(std::move(Json::object()
                             .set("what", row.what)
                             .set("change", row.change)
                             .set("chips", row.chips)
                             .set("share", row.share)
                             .set("staged_share", row.staged_share ? Json(*row.staged_share) : Json())));
  json.set("plans", std::move(plans)).set("blast", std::move(blast));
  json.set("upgrade", upgrade_json(result.upgrade)).set("stampede", stampede_json(result.stampede));
  return std::move(json.set("assumptions", sentences_json(result.assumptions)));
}

Schema risk_rollout_schema() {
  return {"socle.risk.rollout/1",
          "What a bad change does, in which stages it should go out: `socle risk rollout`.",
          {{"",
            "always",
            {{"provenance", "provenance", "What the document rests on."},
             {"plans[]", "object", "At once, and in stages."},
             {"plans[].name", "string", "Which.", {"at once", "as asked", "planned"}},
             {"plans[].stages[]", "object", "One after the other."},
             {"plans[].stages[].share", "number", "Of the fleet."},
             {"plans[].stages[].start_s", "number", "From the first."},
             {"plans[].bake_s", "number", "Between two."},
             {"plans[].length_s", "number", "Of a change that is good."},
             {"plans[].exposed_share", "number", "Of the fleet that takes a bad one before it is noticed."},
             {"plans[].exposed_s", "number", "Share of the fleet times time that is bad."},
             {"plans[].bad_s", "number", "From the first stage until everybody is back."},
             {"blast[]", "object", "What one failure or change takes; empty without nodes."},
             {"blast[].what", "string", "What fails or changes."},
             {"blast[].change", "boolean", "A channel of changes, which cuts across the parts."},
             {"blast[].chips", "number", "That it takes."},
             {"blast[].share", "number", "Of the fleet."},
             {"blast[].staged_share", "number|null", "Of a change in the last plan's stages; null: a part."},
             {"upgrade", "object|null", "A rolling upgrade; null: none is asked about."},
             {"upgrade.units", "integer", "Replicas or nodes."},
             {"upgrade.at_once", "integer", "In a wave."},
             {"upgrade.waves", "integer", "Of them."},
             {"upgrade.length_s", "number", "Of all."},
             {"upgrade.stopped_s", "number|null", "That a job stands still; null: nothing stops."},
             {"upgrade.in_time", "boolean|null", "Before the deadline; null: there is none."},
             {"stampede", "object|null", "Tasks that restart together; null: none are asked about."},
             {"stampede.tasks", "integer", "Tasks."},
             {"stampede.bytes", "number", "That each reads."},
             {"stampede.all_at_once_s", "number", "At the store's rate."},
             {"stampede.needed_bytes_per_s", "number|null", "To be in time; null: no time is stated."},
             {"stampede.admitted", "integer|null", "At a time, so that each is in time; null: the same."},
             {"assumptions[]", "string", "What was filled in or taken for granted, a sentence each."}}}},
          {provenance_shape()}};
}

}  // namespace socle::report
