#include <utility>

#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/plan_report.hpp"

namespace socle::report {
namespace {

using answer::PlanEntry;
using answer::PlanVerdict;
using answer::ServePlanResult;

const char* verdict_name(PlanVerdict verdict) {
  switch (verdict) {
    case PlanVerdict::kBest:
      return "best";
    case PlanVerdict::kHolds:
      return "holds";
    case PlanVerdict::kBound:
      return "bound";
    case PlanVerdict::kTooSlow:
      return "too-slow";
    case PlanVerdict::kNever:
      return "never";
    case PlanVerdict::kDoesNotFit:
      break;
  }
  return "does-not-fit";
}

/// What a replica is, how many there are and what they cost; `judged`: with the verdict.
Json entry_json(const ServePlanResult& result, const PlanEntry& e, bool judged = true) {
  Json json = Json::object(), layout = Json::object();
  layout.set("tp", e.layout.tensor_parallel).set("pp", e.layout.pipeline_parallel).set("dp", e.layout.data_parallel);
  layout.set("ep", e.layout.expert_parallel);
  json.set("chip", result.candidates[e.candidate].serve.chip.slug).set("layout", std::move(layout));
  json.set("weights", setup::weight_format_name(e.formats.matrices));
  json.set("experts", setup::weight_format_name(e.formats.experts)).set("kv", setup::kv_format_name(e.formats.kv));
  json.set("max_num_seqs", e.max_num_seqs).set("max_num_batched_tokens", e.max_num_batched_tokens);
  if (judged) json.set("verdict", verdict_name(e.verdict)).set("why", e.why.empty() ? Json() : Json(e.why));
  json.set("bound_requests_per_s", e.bound).set("capacity_requests_per_s", e.capacity);
  return std::move(json.set("replicas", e.replicas).set("chips", e.chips).set("cost", e.cost));
}

/// Null without a stock, and where no mix carries the rate.
Json mix_json(const ServePlanResult& result) {
  if (!result.mix) return Json();
  Json json = Json::object(), parts = Json::array();
  for (const answer::PlanMix::Part& part : result.mix->parts)
    parts.push(std::move(
        Json::object().set("configuration", static_cast<std::int64_t>(part.entry)).set("replicas", part.replicas)));
  json.set("parts", std::move(parts)).set("chips", result.mix->chips).set("cost", result.mix->cost);
  const answer::ServeFigures& f = result.mix->figures;
  json.set("share_met", f.share_met).set("ttft_p99_s", f.ttft.p99.value());
  return std::move(json.set("tpot_p99_s", f.tpot.p99.value()));
}

/// Null unless it was asked for; its fleet is null where none was found.
Json apart_json(const ServePlanResult& result) {
  if (!result.apart) return Json();
  const answer::ApartPlan& plan = *result.apart;
  Json json = Json::object();
  json.set("prefill_configurations", static_cast<std::int64_t>(plan.prefills.size()));
  json.set("decode_configurations", static_cast<std::int64_t>(plan.decodes.size()));
  if (!plan.found) return std::move(json.set("fleet", Json()));
  const answer::ServeFigures& f = plan.found->figures;
  Json fleet = Json::object();
  fleet.set("holds", plan.found->holds).set("chips", plan.found->chips()).set("cost", plan.found->cost());
  fleet.set("prefill", entry_json(result, plan.found->prefill, false))
      .set("decode", entry_json(result, plan.found->decode, false));
  fleet.set("prefill_busy_share", f.apart->prefill_busy_share).set("decode_busy_share", f.apart->decode_busy_share);
  fleet.set("transfer_mean_s", f.apart->transfer_mean.value()).set("share_met", f.share_met);
  fleet.set("ttft_p99_s", f.ttft.p99.value()).set("tpot_p99_s", f.tpot.p99.value());
  return std::move(json.set("fleet", std::move(fleet)));
}

/// Which kind of fleet is the answer; null: none keeps the objectives.
Json winner_json(const ServePlanResult& result) {
  if (!result.holds()) return Json();
  return Json(result.mix ? "mix" : result.apart_wins() ? "apart" : "together");
}

SchemaRows entry_rows(const std::string& at, bool judged) {
  SchemaRows rows{{at + ".chip", "string", "Slug of the chip."},
                  {at + ".layout", "object", "How one replica is laid over its chips."},
                  {at + ".layout.tp", "integer", "Tensor-parallel size."},
                  {at + ".layout.pp", "integer", "Pipeline stages."},
                  {at + ".layout.dp", "integer", "Attention data-parallel size."},
                  {at + ".layout.ep", "integer", "Expert-parallel size."},
                  {at + ".weights", "string", "Format of the matrices."},
                  {at + ".experts", "string", "Format of the routed experts."},
                  {at + ".kv", "string", "Format of the cache."},
                  {at + ".max_num_seqs", "integer", "Sequences of one step."},
                  {at + ".max_num_batched_tokens", "integer", "Tokens of one step."}};
  if (judged) {
    rows.push_back({at + ".verdict",
                    "string",
                    "Why it is or is not the answer.",
                    {"best", "holds", "bound", "too-slow", "never", "does-not-fit"}});
    rows.push_back({at + ".why", "string|null", "In words, where it does not fit or breaks an objective alone."});
  }
  return joined(std::move(rows),
                {{at + ".bound_requests_per_s", "number", "What a replica cannot exceed; 0: not worked out."},
                 {at + ".capacity_requests_per_s", "number", "What a replica carries; 0: not simulated, or nothing."},
                 {at + ".replicas", "integer",
                  "Replicas for the rate, the spare ones included; by the bound where nothing else is known."},
                 {at + ".chips", "integer", "Chips of all of them."},
                 {at + ".cost", "number", "In the unit."}});
}

SchemaRows apart_rows() {
  SchemaRows rows{{"apart", "object|null", "Fleets whose prompts are computed apart; null: not asked for."},
                  {"apart.prefill_configurations", "integer", "Configurations of prefill replicas."},
                  {"apart.decode_configurations", "integer", "Configurations of decode replicas."},
                  {"apart.fleet", "object|null", "The cheapest; null: a side has no configuration that holds."},
                  {"apart.fleet.holds", "boolean", "It keeps the objectives under the whole traffic."},
                  {"apart.fleet.chips", "integer", "Chips of both sides."},
                  {"apart.fleet.cost", "number", "In the unit."},
                  {"apart.fleet.prefill", "object", "Its prefill replicas; capacity as if no decode held them up."}};
  rows = joined(std::move(rows), entry_rows("apart.fleet.prefill", false));
  rows.push_back({"apart.fleet.decode", "object", "Its decode replicas; capacity as if their prompts took no time."});
  rows = joined(std::move(rows), entry_rows("apart.fleet.decode", false));
  return joined(std::move(rows),
                {{"apart.fleet.prefill_busy_share", "number", "Share of the time with a step under way there."},
                 {"apart.fleet.decode_busy_share", "number", "The same of the decode side."},
                 {"apart.fleet.transfer_mean_s", "number", "From a prompt's end to its cache's arrival, mean."},
                 {"apart.fleet.share_met", "number", "Of the requests, those that keep the objectives."},
                 {"apart.fleet.ttft_p99_s", "number", "99th percentile of TTFT."},
                 {"apart.fleet.tpot_p99_s", "number", "99th percentile of TPOT."}});
}

}  // namespace

Json serve_plan_json(const ServePlanResult& result, const std::vector<InputText>& inputs) {
  const setup::ServeSimulationSetup& first = result.candidates.front();
  Json json = Json::object();
  json.set("schema", "socle.serve.plan/1").set("provenance", provenance("serve plan", inputs));
  json.set("model", first.serve.model.name).set("engine", first.serve.engine.slug);
  json.set("traffic", first.requests.description).set("requests_per_s", result.rate);
  json.set("unit", result.unit).set("holds", result.holds()).set("simulations", result.simulations);
  json.set("share_met", result.best ? Json(result.best->share_met) : Json());
  json.set("ttft_p99_s", result.best ? Json(result.best->ttft.p99.value()) : Json());
  json.set("tpot_p99_s", result.best ? Json(result.best->tpot.p99.value()) : Json());
  json.set("mix", mix_json(result)).set("apart", apart_json(result)).set("winner", winner_json(result));
  Json entries = Json::array();
  for (const PlanEntry& e : result.entries) entries.push(entry_json(result, e));
  json.set("configurations", std::move(entries));
  json.set("assumptions", sentences_json(first.serve.assumptions));
  return std::move(json.set("doubts", sentences_json(first.serve.doubts)));
}

Schema serve_plan_schema() {
  SchemaRows rows{
      {"provenance", "provenance", "What the document rests on."},
      {"model", "string", "The model."},
      {"engine", "string", "Slug of the engine's line."},
      {"traffic", "string", "What is sent."},
      {"requests_per_s", "number", "The rate that the plan must carry."},
      {"unit", "string", "Unit of the costs: chips, money an hour, or W."},
      {"holds", "boolean", "Some fleet keeps the objectives."},
      {"winner", "string|null", "Which kind of fleet is the answer; null: none.", {"together", "apart", "mix"}},
      {"simulations", "integer", "Runs of the simulator."},
      {"share_met", "number|null",
       "Of the requests, those that keep the objectives with all replicas; null: no answer."},
      {"ttft_p99_s", "number|null", "99th percentile of TTFT there."},
      {"tpot_p99_s", "number|null", "99th percentile of TPOT there."},
      {"mix", "object|null",
       "Replicas of several configurations within the stock; null: no stock, or none carries it."},
      {"mix.parts[]", "object", "Each kind of replica."},
      {"mix.parts[].configuration", "integer", "Place of its configuration, from 0."},
      {"mix.parts[].replicas", "integer", "How many, the spare ones included."},
      {"mix.chips", "integer", "Chips of all of them."},
      {"mix.cost", "number", "In the unit."},
      {"mix.share_met", "number", "Of the requests, those that keep the objectives."},
      {"mix.ttft_p99_s", "number", "99th percentile of TTFT."},
      {"mix.tpot_p99_s", "number", "99th percentile of TPOT."},
      {"configurations[]", "object", "All of them that do both, the best first."}};
  rows = joined(joined(std::move(rows), entry_rows("configurations[]", true)), apart_rows());
  return {"socle.serve.plan/1",
          "The configuration of lowest cost that keeps the objectives: `socle serve plan`.",
          {{"", "always", joined(std::move(rows), sentence_rows())}},
          {provenance_shape()}};
}

}  // namespace socle::report
