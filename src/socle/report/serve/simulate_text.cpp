#include <cmath>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"
#include "socle/report/serve/simulate_report.hpp"

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
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  out += fmt::format("{} {} of {} x {}: {}", asked.replicas, asked.replicas == 1 ? "replica" : "replicas",
                     layout.chips(), setup.chip.name, layout_words(layout));
  if (asked.replicas > 1) out += fmt::format("; router {}", asked.router_name);
  if (asked.speculation.drafts > 0)
    out += fmt::format("; {} drafts, {:.2f} accepted", asked.speculation.drafts, asked.speculation.accepted);
  return out + "\n" + printable(asked.requests.description, 100) + "\n";
}

std::string milliseconds(Seconds time) {
  const double ms = time.value() * 1e3;
  return ms < 1e4 ? fmt::format("{:.4g}", ms) : format_whole(std::llround(ms));
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

std::string objective_words(const answer::Objectives& objectives) {
  std::string text;
  const auto add = [&](const char* name, const std::optional<Seconds>& limit) {
    if (limit) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, format_seconds(*limit));
  };
  add("TTFT", objectives.ttft);
  add("TPOT", objectives.tpot);
  add("E2E", objectives.e2e);
  return text;
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
  out += fmt::format("cache {} full on average, {} at most; preemptions {}; prompt tokens found cached {}\n",
                     format_percent(f.cache_mean), format_percent(f.cache_most), format_whole(f.preemptions),
                     format_percent(f.input_tokens > 0 ? f.cached_tokens / f.input_tokens : 0.0));
  if (f.refused > 0)
    out +=
        fmt::format("refused: {} requests are longer than max_model_len or the cache holds\n", format_whole(f.refused));
  const answer::Objectives& objectives = result.objectives;
  if (objectives.any())
    out += fmt::format("objectives ({}): kept by {} of the requests, {} are wanted; goodput {:.4g} requests/s\n",
                       objective_words(objectives), format_percent(f.share_met), format_percent(objectives.share),
                       f.goodput());
  if (result.tokens_per_joule)
    out += fmt::format("{:.3g} output tokens a joule, the chips at rated power, nothing else counted\n",
                       *result.tokens_per_joule);
  if (result.per_million_output)
    out += fmt::format("at the stated rent: {} a million output tokens, {} a million tokens in and out\n",
                       format_money(*result.per_million_output), format_money(*result.per_million_tokens));
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
  const double each = *result.capacity / result.setup.replicas;
  return out + fmt::format("the objectives hold up to {:.4g} requests/s: {:.4g} a replica, {:.4g} a chip\n",
                           *result.capacity, each, *result.capacity / result.chips);
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
  std::string out = head_text(result) + "\n" + latency_table(result) + throughput_text(result) + curve_text(result);
  out += "\n" + basis_words(result);
  return out + sentences_text("Assumptions", result.setup.serve.assumptions) +
         sentences_text("Doubts", result.setup.serve.doubts);
}

}  // namespace socle::report
