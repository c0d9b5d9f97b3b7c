#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"
#include "socle/report/serve/simulate_report.hpp"
#include "socle/report/serve/simulate_words.hpp"

namespace socle::report {
namespace {

using answer::LatencyFigures;
using answer::ServeFigures;
using answer::ServeResult;

std::string head_text(const ServeResult& result) {
  const setup::ServeSimulationSetup& asked = result.setup;
  const setup::ServeSetup& setup = asked.serve;
  std::string out = fmt::format("{}: {}\n", printable(setup.model.name), model_line(setup.model));
  const model::ServingFormats& formats = setup.formats;
  out += fmt::format("{}; weights {}", setup.engine.name, setup::weight_format_name(formats.matrices));
  if (formats.experts != formats.matrices)
    out += fmt::format(", experts {}", setup::weight_format_name(formats.experts));
  out += fmt::format(", cache {}\n", setup::kv_format_name(formats.kv));
  const auto side = [&](int replicas, const char* kind, const workload::ServingLayout& layout) {
    return fmt::format("{} {}{} of {} x {}: {}", replicas, kind, replicas == 1 ? "replica" : "replicas", layout.chips(),
                       setup.chip.name, layout_words(layout));
  };
  if (result.prefill) out += side(result.prefill->replicas, "prefill ", result.prefill->row.layout) + "\n";
  out += side(asked.replicas, result.prefill ? "decode " : "", result.fit.chosen.layout);
  if (asked.dual_batch) out += "; steps in two halves";
  if (asked.replicas > 1 || result.prefill) out += fmt::format("; router {}", asked.router_name);
  if (asked.order_name != "fcfs") out += fmt::format("; scheduling {}", asked.order_name);
  if (asked.max_waiting > 0) out += fmt::format("; at most {} waiting", format_whole(asked.max_waiting));
  if (asked.speculation.drafts > 0)
    out += fmt::format("; {} drafts, {:.2f} accepted", asked.speculation.drafts, asked.speculation.accepted);
  return out + "\n" + printable(asked.requests.description, 100) + "\n";
}

std::string latency_table(const ServeResult& result) {
  const ServeFigures& f = result.figures;
  const catalog::ServingTiming& facts = result.deployment.facts;
  TextTable table({{"ms", Align::kLeft, true},
                   {"mean", Align::kRight},
                   {"range of the mean", Align::kRight},
                   {"p50", Align::kRight},
                   {"p90", Align::kRight},
                   {"p95", Align::kRight},
                   {"p99", Align::kRight}});
  const auto add = [&](const char* name, const LatencyFigures& l, const catalog::TimingRange* range) {
    const std::string between =
        range ? fmt::format("{} to {}", milliseconds(l.mean * range->low), milliseconds(l.mean * range->high)) : "";
    table.add_row({name, milliseconds(l.mean), between, milliseconds(l.p50), milliseconds(l.p90), milliseconds(l.p95),
                   milliseconds(l.p99)});
  };
  add("TTFT", f.ttft, &facts.ttft);
  add("TPOT", f.tpot, &facts.tpot);
  add("ITL", f.itl, nullptr);
  add("E2E", f.e2e, nullptr);
  return table.str();
}

std::string kept_text(const ServeResult& result) {
  const ServeFigures& f = result.figures;
  const answer::Objectives& objectives = result.objectives;
  if (!objectives.any()) return {};
  if (objectives.classes.empty())
    return fmt::format("objectives ({}): kept by {} of the requests, {} are wanted; goodput {:.4g} requests/s\n",
                       objective_words(objectives), format_percent(f.share_met), format_percent(objectives.share),
                       f.goodput());
  return fmt::format("objectives of the classes: kept by {} of the requests, {}; goodput {:.4g} requests/s\n",
                     format_percent(f.share_met), objectives.hold(f) ? "enough of each class" : "too few of some class",
                     f.goodput());
}

std::string tier_text(const ServeResult& result) {
  const setup::Deployment& prompts = result.prefill ? result.prefill->deployment : result.deployment;
  const serve::LaneLimits& limits = prompts.replica.limits;
  if (!result.setup.tiers.any() || !limits.tiers.any()) return {};
  const auto share = [&](std::int64_t names) {
    const double tokens = static_cast<double>(names) * limits.prefix_tokens;
    return format_percent(result.figures.input_tokens > 0 ? tokens / result.figures.input_tokens : 0.0);
  };
  const serve::TierLoads& loads = result.figures.tier_loads;
  std::string text =
      fmt::format("prompt tokens loaded from the host {}, from disk {};\n{} tokens load in {} from the host",
                  share(loads.from_host), share(loads.from_disk), limits.prefix_tokens,
                  format_seconds(prompts.timing.name_from_host));
  if (limits.tiers.disk > 0) text += fmt::format(", {} from disk", format_seconds(prompts.timing.name_from_disk));
  return text + fmt::format(", and take {} to compute alone\n", format_seconds(result.block_compute));
}

std::string adapter_text(const ServeResult& result) {
  const workload::AdapterServing& adapters = result.setup.serve.adapters;
  if (!adapters.any()) return {};
  const serve::AdapterLoads& loads = result.figures.adapter_loads;
  const serve::EngineTiming& timing = result.deployment.timing;
  return fmt::format(
      "adapters: {} of rank {} at once on a chip; {} copied from the host ({} each), {} from disk ({})\n",
      adapters.slots, adapters.rank, format_whole(loads.from_host), format_seconds(timing.adapter_from_host),
      format_whole(loads.from_disk), format_seconds(timing.adapter_from_disk));
}

std::string throughput_text(const ServeResult& result) {
  const ServeFigures& f = result.figures;
  const double chips = result.chips;
  std::string out = fmt::format(
      "\n{} requests in {}: {:.4g} a second; output {:.5g} tokens/s, {:.4g} a chip; input {:.5g} "
      "tokens/s\n",
      format_whole(f.requests), format_seconds(f.makespan), f.per_second(static_cast<double>(f.requests)),
      f.per_second(f.output_tokens), f.per_second(f.output_tokens) / chips, f.per_second(f.input_tokens));
  out += fmt::format("running {:.1f} on average, waiting {:.1f}; steps under way {} of the time\n", f.mean_running,
                     f.mean_waiting, format_percent(f.busy_share));
  if (f.apart)
    out += fmt::format("prefill side busy {} of the time, decode side {}; transfers of caches {} on average, p99 {}\n",
                       format_percent(f.apart->prefill_busy_share), format_percent(f.apart->decode_busy_share),
                       format_seconds(f.apart->transfer_mean), format_seconds(f.apart->transfer_p99));
  out += fmt::format("cache {} full on average, {} at most; preemptions {}; prompt tokens found cached {}\n",
                     format_percent(f.cache_mean), format_percent(f.cache_most), format_whole(f.preemptions),
                     format_percent(f.input_tokens > 0 ? f.cached_tokens / f.input_tokens : 0.0));
  if (f.refused > 0)
    out +=
        fmt::format("refused: {} requests are longer than max_model_len or the cache holds\n", format_whole(f.refused));
  if (f.rejected > 0)
    out += fmt::format("rejected: {} requests came when {} were waiting, as many as may\n", format_whole(f.rejected),
                       format_whole(result.setup.max_waiting));
  out += tier_text(result) + adapter_text(result);
  out += kept_text(result);
  if (result.tokens_per_joule)
    out += fmt::format("{:.3g} output tokens a joule, the chips at rated power, nothing else counted\n",
                       *result.tokens_per_joule);
  if (result.per_million_output)
    out += fmt::format("at the stated rent: {} a million output tokens, {} a million tokens in and out\n",
                       format_money(*result.per_million_output), format_money(*result.per_million_tokens));
  if (const auto& split = result.split)
    out += fmt::format(
        "by time of the chips: {} a million prompt tokens computed ({} of it), nothing for cached ones,\n"
        "{} a million output tokens\n",
        format_money(split->per_million_input), format_percent(split->prompt_share),
        format_money(split->per_million_output));
  return out;
}

std::string curve_text(const ServeResult& result) {
  if (result.curve.empty()) return {};
  const bool objectives = result.objectives.any();
  std::vector<TextColumn> columns{{"requests/s", Align::kRight},  {"TTFT mean ms", Align::kRight},
                                  {"TTFT p99 ms", Align::kRight}, {"TPOT mean ms", Align::kRight},
                                  {"TPOT p99 ms", Align::kRight}, {"output tok/s", Align::kRight}};
  if (objectives) columns.push_back({"kept", Align::kRight});
  TextTable table(std::move(columns));
  for (const answer::LoadPoint& p : result.curve) {
    std::vector<std::string> cells{fmt::format("{:.4g}", p.rate), milliseconds(p.ttft_mean),
                                   milliseconds(p.ttft_p99),      milliseconds(p.tpot_mean),
                                   milliseconds(p.tpot_p99),      fmt::format("{:.5g}", p.output_per_second)};
    if (objectives) cells.push_back(format_percent(p.share_met));
    table.add_row(std::move(cells));
  }
  std::string out = "\nThe same requests, slower and faster\n" + table.str();
  if (!objectives) return out;
  if (!result.capacity) return out + "the objectives hold at any load that was tried\n";
  if (*result.capacity <= 0) return out + "the objectives hold at no load: a request alone breaks them\n";
  if (result.prefill)
    return out + fmt::format("the objectives hold up to {:.4g} requests/s: {:.4g} a chip\n", *result.capacity,
                             *result.capacity / result.chips);
  const double each = *result.capacity / result.setup.replicas;
  return out + fmt::format("the objectives hold up to {:.4g} requests/s: {:.4g} a replica, {:.4g} a chip\n",
                           *result.capacity, each, *result.capacity / result.chips);
}

std::string timeline_text(const ServeResult& result) {
  if (!result.timeline) return {};
  const answer::ServeTimeline& timeline = *result.timeline;
  if (timeline.steps_kept == timeline.steps)
    return fmt::format("\nTimeline: all {} steps.\n", format_whole(timeline.steps));
  return fmt::format("\nTimeline: the first {} of {} steps, up to {}; a viewer opens no more.\n",
                     format_whole(timeline.steps_kept), format_whole(timeline.steps),
                     format_seconds(net::to_seconds(timeline.until)));
}

std::string basis_words(const ServeResult& result) {
  const catalog::ServingTiming& facts = result.deployment.facts;
  const char* kernels = result.basis == kernel::Basis::kMeasured     ? "kernels measured on this chip"
                        : result.basis == kernel::Basis::kCalibrated ? "kernels calibrated on its relatives"
                                                                     : "the chip's datasheet";
  const char* engine = facts.measured        ? "engine overheads fitted on runs on this chip"
                       : facts.chips.empty() ? "engine overheads that are the middle of other chips'"
                                             : "engine overheads of its relatives";
  return fmt::format("Rests on {}, {}.\n", kernels, engine);
}

}  // namespace

std::string serve_text(const ServeResult& result) {
  if (!result.fits) return serve_fit_text(result.fit);
  std::string out = head_text(result) + "\n" + latency_table(result) + class_table(result) + throughput_text(result) +
                    curve_text(result) + timeline_text(result);
  out += "\n" + basis_words(result);
  return out + sentences_text("Assumptions", result.setup.serve.assumptions) +
         sentences_text("Doubts", result.setup.serve.doubts);
}

}  // namespace socle::report
