#include <utility>

#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"
#include "socle/report/serve/simulate_report.hpp"

namespace socle::report {
namespace {

using answer::LatencyFigures;
using answer::ServeFigures;
using answer::ServeResult;

Json latency_json(const LatencyFigures& l, const catalog::TimingRange* range) {
  Json json = Json::object();
  json.set("mean_s", l.mean.value());
  if (range) json.set("low_s", l.mean.value() * range->low).set("high_s", l.mean.value() * range->high);
  json.set("p50_s", l.p50.value()).set("p90_s", l.p90.value());
  return std::move(json.set("p95_s", l.p95.value()).set("p99_s", l.p99.value()));
}

Json figures_json(const ServeResult& result) {
  const ServeFigures& f = result.figures;
  const catalog::ServingTiming& facts = result.deployment.facts;
  Json json = Json::object();
  json.set("requests", f.requests).set("refused", f.refused).set("rejected", f.rejected);
  json.set("preemptions", f.preemptions);
  json.set("makespan_s", f.makespan.value());
  json.set("ttft", latency_json(f.ttft, &facts.ttft)).set("tpot", latency_json(f.tpot, &facts.tpot));
  json.set("itl", latency_json(f.itl, nullptr)).set("e2e", latency_json(f.e2e, nullptr));
  json.set("requests_per_s", f.per_second(static_cast<double>(f.requests)));
  json.set("output_tokens_per_s", f.per_second(f.output_tokens));
  json.set("output_tokens_per_s_per_chip", f.per_second(f.output_tokens) / result.chips);
  json.set("input_tokens_per_s", f.per_second(f.input_tokens));
  json.set("cached_share", f.input_tokens > 0 ? f.cached_tokens / f.input_tokens : 0.0);
  json.set("share_met", f.share_met).set("goodput_requests_per_s", f.goodput());
  json.set("busy_share", f.busy_share).set("mean_running", f.mean_running).set("mean_waiting", f.mean_waiting);
  json.set("kv_share_mean", f.cache_mean).set("kv_share_max", f.cache_most);
  return std::move(json.set("steps", f.steps).set("events", f.events));
}

/// One for each class of requests; none where all are alike.
Json classes_json(const ServeResult& result) {
  Json list = Json::array();
  const auto limit = [](const std::optional<Seconds>& time) { return time ? Json(time->value()) : Json(); };
  for (std::size_t i = 0; i < result.figures.classes.size(); ++i) {
    const answer::ClassFigures& f = result.figures.classes[i];
    const setup::RequestClass& about = result.setup.requests.classes[i];
    Json one = Json::object();
    one.set("name", about.name).set("priority", about.priority).set("weight", about.weight);
    one.set("slo_ttft_s", limit(about.slo.ttft)).set("slo_tpot_s", limit(about.slo.tpot));
    one.set("slo_e2e_s", limit(about.slo.e2e)).set("share_wanted", about.slo.percentile);
    one.set("requests", f.requests).set("refused", f.refused).set("rejected", f.rejected);
    one.set("preemptions", f.preemptions).set("ttft", latency_json(f.ttft, nullptr));
    one.set("tpot", latency_json(f.tpot, nullptr)).set("e2e", latency_json(f.e2e, nullptr));
    one.set("input_tokens_per_s", result.figures.per_second(f.input_tokens));
    one.set("output_tokens_per_s", result.figures.per_second(f.output_tokens)).set("share_met", f.share_met);
    list.push(std::move(
        one.set("goodput_requests_per_s", result.figures.per_second(f.share_met * static_cast<double>(f.requests)))));
  }
  return list;
}

/// Null without tiers, and where requests name nothing that they could hold.
Json tiers_json(const ServeResult& result) {
  const setup::Deployment& prompts = result.prefill ? result.prefill->deployment : result.deployment;
  const serve::LaneLimits& limits = prompts.replica.limits;
  if (!result.setup.tiers.any() || !limits.tiers.any()) return Json();
  const auto tokens = [&](std::int64_t names) { return names * limits.prefix_tokens; };
  const std::int64_t caches = static_cast<std::int64_t>(prompts.replica.lanes) * prompts.batches;
  return Json::object({{"host_tokens", tokens(limits.tiers.host) * caches},
                       {"disk_tokens", tokens(limits.tiers.disk) * caches},
                       {"from_host_tokens", tokens(result.figures.tier_loads.from_host)},
                       {"from_disk_tokens", tokens(result.figures.tier_loads.from_disk)},
                       {"block_tokens", limits.prefix_tokens},
                       {"block_from_host_s", prompts.timing.name_from_host.value()},
                       {"block_from_disk_s", prompts.timing.name_from_disk.value()},
                       {"block_compute_s", result.block_compute.value()}});
}

/// Null without adapters.
Json adapters_json(const ServeResult& result) {
  const workload::AdapterServing& adapters = result.setup.serve.adapters;
  if (!adapters.any()) return Json();
  const serve::AdapterLoads& loads = result.figures.adapter_loads;
  const serve::EngineTiming& timing = result.deployment.timing;
  return Json::object({{"rank", adapters.rank},
                       {"max_loras", adapters.slots},
                       {"max_cpu_loras", adapters.host},
                       {"from_host", loads.from_host},
                       {"from_disk", loads.from_disk},
                       {"from_host_s", timing.adapter_from_host.value()},
                       {"from_disk_s", timing.adapter_from_disk.value()}});
}

/// Null unless a timeline was asked for.
Json timeline_json(const ServeResult& result) {
  if (!result.timeline) return Json();
  return Json::object({{"steps", result.timeline->steps},
                       {"steps_kept", result.timeline->steps_kept},
                       {"until_s", net::to_seconds(result.timeline->until).value()}});
}

Json layout_json(const workload::ServingLayout& layout) {
  Json sizes = Json::object();
  sizes.set("tp", layout.tensor_parallel).set("pp", layout.pipeline_parallel).set("dp", layout.data_parallel);
  return std::move(sizes.set("ep", layout.expert_parallel));
}

/// Null where prompts and decodes share their replicas.
Json prefill_json(const ServeResult& result) {
  if (!result.prefill || !result.figures.apart) return Json();
  const answer::ApartFigures& apart = *result.figures.apart;
  Json json = Json::object();
  json.set("replicas", result.prefill->replicas).set("chips", result.prefill->chips());
  json.set("layout", layout_json(result.prefill->row.layout));
  json.set("busy_share", apart.prefill_busy_share).set("decode_busy_share", apart.decode_busy_share);
  json.set("transfer_bytes_per_token", result.prefill->cache_per_token.value());
  return std::move(
      json.set("transfer_mean_s", apart.transfer_mean.value()).set("transfer_p99_s", apart.transfer_p99.value()));
}

Json curve_json(const ServeResult& result) {
  Json list = Json::array();
  for (const answer::LoadPoint& p : result.curve) {
    Json one = Json::object();
    one.set("requests_per_s", p.rate).set("ttft_mean_s", p.ttft_mean.value()).set("ttft_p99_s", p.ttft_p99.value());
    one.set("tpot_mean_s", p.tpot_mean.value()).set("tpot_p99_s", p.tpot_p99.value());
    list.push(std::move(one.set("output_tokens_per_s", p.output_per_second).set("share_met", p.share_met)));
  }
  return list;
}

Json samples_json(const ServeFigures& figures) {
  Json list = Json::array();
  for (const answer::FleetSample& s : figures.samples) {
    Json one = Json::object();
    one.set("time_s", s.time.value()).set("waiting", s.waiting).set("running", s.running);
    list.push(std::move(one.set("kv_share", s.cache_share)));
  }
  return list;
}

const char* basis_name(kernel::Basis basis) {
  if (basis == kernel::Basis::kMeasured) return "measured";
  return basis == kernel::Basis::kCalibrated ? "calibrated" : "datasheet";
}

}  // namespace

Json serve_json(const ServeResult& result, const std::vector<InputText>& inputs) {
  if (!result.fits) return serve_fit_json(result.fit, inputs);
  const setup::ServeSimulationSetup& asked = result.setup;
  Json json = Json::object();
  json.set("schema", "socle.serve/1").set("provenance", provenance("serve", inputs));
  json.set("model", asked.serve.model.name).set("engine", asked.serve.engine.slug).set("chip", asked.serve.chip.slug);
  json.set("weights", setup::weight_format_name(asked.serve.formats.matrices));
  json.set("experts", setup::weight_format_name(asked.serve.formats.experts));
  json.set("kv", setup::kv_format_name(asked.serve.formats.kv));
  json.set("layout", layout_json(result.fit.chosen.layout)).set("dual_batch", asked.dual_batch);
  json.set("prefill", prefill_json(result));
  json.set("replicas", asked.replicas).set("chips", result.chips).set("router", asked.router_name);
  json.set("tiers", tiers_json(result))
      .set("adapters", adapters_json(result))
      .set("scheduling_policy", asked.order_name);
  json.set("max_waiting", asked.max_waiting > 0 ? Json(asked.max_waiting) : Json());
  json.set("traffic", asked.requests.description).set("offered_requests_per_s", asked.requests.offered_rate);
  json.set("kv_tokens", result.fit.chosen.memory->tokens);
  json.set("figures", figures_json(result)).set("classes", classes_json(result)).set("curve", curve_json(result));
  json.set("capacity_requests_per_s", result.capacity ? Json(*result.capacity) : Json());
  const auto money = [](const std::optional<Money>& m) {
    if (!m) return Json();
    Json one = Json::object();
    one.set("amount", m->amount);
    return std::move(one.set("currency", currency_name(m->currency)));
  };
  json.set("output_tokens_per_joule", result.tokens_per_joule ? Json(*result.tokens_per_joule) : Json());
  json.set("price_per_million_output", money(result.per_million_output));
  json.set("price_per_million_tokens", money(result.per_million_tokens));
  const auto& split = result.split;
  json.set("split", split ? Json::object({{"prompt_share", split->prompt_share},
                                          {"per_million_input", money(split->per_million_input)},
                                          {"per_million_output", money(split->per_million_output)}})
                          : Json());
  json.set("samples", samples_json(result.figures)).set("timeline", timeline_json(result));
  json.set("basis", basis_name(result.basis)).set("overheads_measured", result.deployment.facts.measured);
  json.set("assumptions", sentences_json(asked.serve.assumptions));
  return std::move(json.set("doubts", sentences_json(asked.serve.doubts)));
}

}  // namespace socle::report
