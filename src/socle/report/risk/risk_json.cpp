#include <utility>

#include "socle/report/risk/risk_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::RiskResult;

Json parts_json(const reliability::TimeParts& parts) {
  Json json = Json::object();
  for (const reliability::TimePart& part : reliability::kTimeParts) json.set(part.name, parts.*part.part);
  return json;
}

Json quantiles_json(const reliability::Quantiles& q) {
  return std::move(
      Json::object().set("p1", q.p1).set("p10", q.p10).set("p50", q.p50).set("p90", q.p90).set("p99", q.p99));
}

Json money_json(const Money& money) {
  return std::move(Json::object().set("amount", money.amount).set("currency", currency_name(money.currency)));
}

Json job_json(const RiskResult& result) {
  const answer::JobFacts& facts = result.facts;
  Json json = Json::object();
  json.set("model", facts.name.empty() ? Json() : Json(facts.name)).set("cluster", result.setup.cluster.name);
  json.set("chips", result.setup.cluster.chips).set("nodes", result.job.job.nodes);
  json.set("run_s", facts.run.value()).set("step_s", facts.step ? Json(facts.step->value()) : Json());
  json.set("checkpoint_bytes", facts.checkpoint.value());
  return std::move(json.set("replicas", facts.replicas));
}

Json expected_json(const reliability::Goodput& found) {
  Json json = Json::object();
  json.set("mtti_s", found.mtti.value());
  json.set("effective", found.effective).set("wall_s", found.wall.value()).set("interruptions", found.interruptions);
  json.set("interval_s", found.interval.value()).set("interval_best", found.interval_best);
  json.set("memory_interval_s", found.memory_interval > Seconds{} ? Json(found.memory_interval.value()) : Json());
  return std::move(json.set("restart_s", found.restart.value()).set("shares", parts_json(found.shares)));
}

Json simulated_json(const reliability::SimulatedGoodput& played) {
  Json json = Json::object();
  json.set("samples", played.samples).set("effective", played.effective);
  json.set("effective_error", played.effective_error).set("interruptions", played.interruptions);
  json.set("shares", parts_json(played.shares)).set("balance_error", played.balance_error);
  json.set("effective_quantiles", quantiles_json(played.effective_quantiles));
  json.set("wall_s", quantiles_json(played.wall));
  return std::move(json.set("interruption_quantiles", quantiles_json(played.interruption_quantiles)));
}

Json failures_json(const RiskResult& result) {
  Json list = Json::array();
  for (const reliability::JobFailure& one : result.job.job.failures)
    list.push(std::move(Json::object()
                            .set("name", one.name)
                            .set("group", one.group)
                            .set("per_day", one.rate * Seconds{86400.0})
                            .set("node_lost", one.node_lost)
                            .set("unnoticed_s", one.unnoticed.value())
                            .set("repair_median_s", one.repair.median.value())
                            .set("repair_mean_s", one.repair.mean.value())));
  return list;
}

Json restart_json(const reliability::RestartStages& s) {
  return std::move(Json::object()
                       .set("detect_s", s.detect.value())
                       .set("drain_s", s.drain.value())
                       .set("reschedule_s", s.schedule.value())
                       .set("image_s", s.image.value())
                       .set("restore_s", s.load.value())
                       .set("warm_up_s", s.warm_up.value()));
}

Json checkpoint_json(const RiskResult& result) {
  const reliability::Checkpoints& plan = result.job.job.checkpoints;
  Json json = Json::object();
  json.set("kind", scenario::checkpoint_kind_names()[static_cast<std::size_t>(result.job.kind)]);
  json.set("blocking_s", plan.blocking.value()).set("lag_s", plan.lag.value());
  json.set("copy_blocking_s", plan.memory ? Json(plan.memory->blocking.value()) : Json());
  json.set("storage_write_bytes_per_s", result.job.storage.write.value());
  return std::move(json.set("storage_read_bytes_per_s", result.job.storage.read.value()));
}

Json spares_json(const RiskResult& result) {
  Json list = Json::array();
  for (const answer::SpareNeed& need : result.spares)
    list.push(std::move(
        Json::object().set("level", need.level).set("nodes", need.nodes).set("at_middle_rate", need.at_mean_rate)));
  return list;
}

Json storage_json(const answer::StorageNeed& need) {
  Json json = Json::object();
  json.set("dataset_bytes", need.dataset > Bytes{} ? Json(need.dataset.value()) : Json());
  json.set("kept_bytes", need.kept.value());
  json.set("samples_bytes_per_s", need.samples > BytesPerSecond{} ? Json(need.samples.value()) : Json());
  json.set("write_bytes_per_s", need.write.value());
  json.set("restore_once_s", need.restore_once.value()).set("restore_all_s", need.restore_all.value());
  Json demands = Json::array();
  for (const answer::StorageDemand& demand : need.demands)
    demands.push(std::move(Json::object()
                               .set("what", demand.what)
                               .set("need", demand.need_value)
                               .set("have", demand.have_value ? Json(*demand.have_value) : Json())
                               .set("enough", demand.enough ? Json(*demand.enough) : Json())));
  return std::move(json.set("demands", std::move(demands)).set("suffices", need.suffices()));
}

Json lost_json(const RiskResult& result) {
  if (!result.lost) return Json();
  Json json = Json::object();
  json.set("per_hour", money_json(result.lost->per_hour)).set("from_rent", !result.lost->stated);
  json.set("expected", money_json(result.lost->expected)).set("p90", money_json(result.lost->p90));
  return std::move(json.set("p99", money_json(result.lost->p99)));
}

Json statistics_json(const reliability::TraceStatistics& s) {
  Json json = Json::object();
  json.set("nodes", s.nodes).set("faults", s.faults).set("length_s", s.length.value());
  json.set("per_1000_node_days", s.per_1000_node_days).set("unavailability", s.unavailability);
  json.set("down_mean", s.down_mean).set("down_p50", s.down_p50).set("down_p90", s.down_p90);
  json.set("down_p99", s.down_p99).set("down_p999", s.down_p999).set("down_max", s.down_max);
  json.set("binomial_p99", s.binomial_p99).set("daily_variance_to_mean", s.daily_variance_to_mean);
  json.set("node_variance_to_mean", s.node_variance_to_mean).set("gap_variation", s.gap_variation);
  json.set("gap_weibull_shape", s.gap_weibull_shape).set("worst_nodes_share", s.worst_nodes_share);
  json.set("repair_median_s", s.repair_median.value()).set("repair_mean_s", s.repair_mean.value());
  json.set("repair_p90_s", s.repair_p90.value());
  Json windows = Json::array();
  for (const double down : s.window_down) windows.push(down);
  Json classes = Json::array();
  for (const reliability::TraceClass& one : s.classes)
    classes.push(std::move(Json::object()
                               .set("name", one.name)
                               .set("count", one.count)
                               .set("repair_median_s", one.repair_median.value())
                               .set("repair_mean_s", one.repair_mean.value())));
  return std::move(json.set("window_down", std::move(windows)).set("classes", std::move(classes)));
}

Json replay_json(const RiskResult& result) {
  if (!result.replay) return Json();
  const auto& goodput = result.replay->goodput;
  Json json = Json::object();
  json.set("trace", result.replay->name).set("statistics", statistics_json(result.replay->statistics));
  json.set("simulated", goodput ? simulated_json(*goodput) : Json());
  return std::move(json.set("refusal", goodput ? Json() : Json(goodput.why().detail)));
}

Json cuts_json(const std::vector<answer::CutOutcome>& cuts) {
  const auto money = [](const std::optional<Money>& one) { return one ? money_json(*one) : Json(); };
  Json list = Json::array();
  for (const answer::CutOutcome& one : cuts) {
    const bool holds = !one.refusal;
    Json json = Json::object();
    json.set("saving", one.cut.text).set("refusal", holds ? Json() : Json(one.refusal->detail));
    json.set("saved", money(one.saved)).set("effective", holds ? Json(one.effective) : Json());
    json.set("wall_p50_s", holds ? Json(one.wall_p50.value()) : Json());
    json.set("wall_p99_s", holds ? Json(one.wall_p99.value()) : Json());
    json.set("hours_expected", one.hours_expected).set("hours_p99", one.hours_p99);
    json.set("lost_expected", money(one.lost_expected)).set("lost_p99", money(one.lost_p99));
    list.push(std::move(json));
  }
  return list;
}

Json head_json(const std::vector<InputText>& inputs, const char* status) {
  Json json = Json::object();
  json.set("schema", "socle.risk/1").set("provenance", provenance("risk", inputs));
  return std::move(json.set("status", status));
}

}  // namespace

Json risk_json(const RiskResult& result, const std::vector<answer::CutOutcome>& cuts,
               const std::vector<InputText>& inputs) {
  Json json = head_json(inputs, "answer");
  json.set("job", job_json(result));
  Json fleet = Json();
  if (result.setup.fleet) {
    const catalog::FailureFleet& from = *result.setup.fleet;
    fleet = Json::object();
    fleet.set("slug", from.slug).set("name", from.name).set("grade", from.grade).set("date", from.date);
    fleet.set("source", from.provenance.source);
  }
  json.set("fleet", std::move(fleet)).set("failures", failures_json(result));
  json.set("expected", expected_json(result.expected)).set("simulated", simulated_json(result.simulated));
  json.set("checkpoint", checkpoint_json(result)).set("restart", restart_json(result.job.job.restart));
  Json curve = Json::array();
  for (const answer::IntervalPoint& point : result.curve)
    curve.push(std::move(Json::object().set("interval_s", point.interval.value()).set("effective", point.effective)));
  const auto share = [](const Feasible<double>& form) { return form ? Json(*form) : Json(); };
  const auto& known = result.textbook;
  json.set("textbook", known ? Json::object({{"young_s", known->young.value()},
                                             {"daly_s", known->daly.value()},
                                             {"exact_s", known->exact.value()},
                                             {"effective", known->effective},
                                             {"meta_effective", share(known->meta)},
                                             {"first_order_effective", share(known->first_order)}})
                             : Json());
  json.set("interval_curve", std::move(curve)).set("spares", spares_json(result));
  json.set("storage", storage_json(result.storage)).set("lost", lost_json(result)).set("replay", replay_json(result));
  json.set("cuts", cuts_json(cuts));
  json.set("assumptions", sentences_json(result.assumptions));
  return std::move(json.set("doubts", sentences_json(result.doubts)));
}

Json risk_refusal_json(const Infeasible& why, const std::vector<InputText>& inputs) {
  Json json = head_json(inputs, "refused");
  json.set("reason", why.reason).set("detail", why.detail);
  return std::move(json.set("remedy", why.remedy));
}

}  // namespace socle::report
