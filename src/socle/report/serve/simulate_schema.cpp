#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

SchemaRows latency_rows(const std::string& name, const std::string& what, bool ranged) {
  const std::string key = "figures." + name;
  SchemaRows rows{{key, "object", what}, {key + ".mean_s", "number", "Mean, seconds."}};
  if (ranged) {
    rows.push_back({key + ".low_s", "number", "Low end of the range of the mean."});
    rows.push_back({key + ".high_s", "number", "High end of it."});
  }
  return joined(std::move(rows), {{key + ".p50_s", "number", "Median."},
                                  {key + ".p90_s", "number", "90th percentile."},
                                  {key + ".p95_s", "number", "95th percentile."},
                                  {key + ".p99_s", "number", "99th percentile."}});
}

SchemaRows figure_rows() {
  const SchemaRows counts{{"figures", "object", "Figures of the run."},
                          {"figures.requests", "integer", "Requests that came."},
                          {"figures.refused", "integer", "Requests longer than max_model_len or the cache holds."},
                          {"figures.preemptions", "integer", "Times that a running request lost its cache."},
                          {"figures.makespan_s", "number", "From the first arrival to the last token."}};
  const SchemaRows rates{
      {"figures.requests_per_s", "number", "Requests a second over the makespan."},
      {"figures.output_tokens_per_s", "number", "Output tokens a second."},
      {"figures.output_tokens_per_s_per_chip", "number", "The same of one chip."},
      {"figures.input_tokens_per_s", "number", "Prompt tokens a second, cached ones included."},
      {"figures.cached_share", "number", "Of the prompt tokens, those found in the prefix cache."},
      {"figures.share_met", "number", "Share of the requests that kept to all objectives; 1 without objectives."},
      {"figures.goodput_requests_per_s", "number", "Such requests a second."},
      {"figures.busy_share", "number", "Share of the time with a step under way."},
      {"figures.mean_running", "number", "Requests that run, on average over time."},
      {"figures.mean_waiting", "number", "Requests that wait."},
      {"figures.kv_share_mean", "number", "Share of the cache in use, on average."},
      {"figures.kv_share_max", "number", "The most of it."},
      {"figures.steps", "integer", "Steps that were simulated."},
      {"figures.events", "integer", "Events that carried them out."}};
  SchemaRows rows = joined(counts, latency_rows("ttft", "Time to first token.", true));
  rows = joined(rows, latency_rows("tpot", "Time per output token after the first, by request.", true));
  rows = joined(rows, latency_rows("itl", "Time between tokens, by token.", false));
  return joined(joined(rows, latency_rows("e2e", "Time from arrival to last token.", false)), rates);
}

}  // namespace

Schema serve_schema() {
  const SchemaRows head{{"provenance", "provenance", "Version, command and inputs."},
                        {"model", "string", "The model."},
                        {"engine", "string", "Slug of the engine's line."},
                        {"chip", "string", "Slug of the chip."},
                        {"weights", "string", "Format of the matrices."},
                        {"experts", "string", "Format of the routed experts."},
                        {"kv", "string", "Format of the cache."},
                        {"layout", "object", "How one replica is laid over its chips."},
                        {"layout.tp", "integer", "Tensor-parallel size."},
                        {"layout.pp", "integer", "Pipeline stages."},
                        {"layout.dp", "integer", "Attention data-parallel size."},
                        {"layout.ep", "integer", "Expert-parallel size."},
                        {"replicas", "integer", "Copies of the model."},
                        {"chips", "integer", "Chips of all of them."},
                        {"router", "string", "How requests are given to replicas."},
                        {"traffic", "string", "What is sent."},
                        {"offered_requests_per_s", "number", "Offered load; 0: the answers decide (closed loop)."},
                        {"kv_tokens", "integer", "Tokens that the cache of one replica's data-parallel rank holds."}};
  const SchemaRows tail{
      {"curve[]", "object", "The same requests at other loads, ascending; empty: a closed loop, or not asked for."},
      {"curve[].requests_per_s", "number", "Offered load."},
      {"curve[].ttft_mean_s", "number", "Mean time to first token."},
      {"curve[].ttft_p99_s", "number", "Its 99th percentile."},
      {"curve[].tpot_mean_s", "number", "Mean time per output token."},
      {"curve[].tpot_p99_s", "number", "Its 99th percentile."},
      {"curve[].output_tokens_per_s", "number", "Output tokens a second."},
      {"curve[].share_met", "number", "Share of the requests that kept to all objectives."},
      {"capacity_requests_per_s", "number|null",
       "The highest load at which the objectives hold; null: none asked for, or they hold at any load."},
      {"output_tokens_per_joule", "number|null",
       "Output tokens over the energy of the chips at rated power; null: it is not public."},
      {"price_per_million_output", "money|null", "Rent of the run for a million output tokens; null: no rent stated."},
      {"price_per_million_tokens", "money|null", "The same for a million tokens, in and out."},
      {"samples[]", "object", "The fleet over time."},
      {"samples[].time_s", "number", "Since the start."},
      {"samples[].waiting", "integer", "Requests that wait."},
      {"samples[].running", "integer", "Requests that run."},
      {"samples[].kv_share", "number", "Share of the cache in use."},
      {"basis", "string", "What the kernels' times rest on.", {"measured", "calibrated", "datasheet"}},
      {"overheads_measured", "boolean", "The engine's overheads were fitted on runs on this very chip."}};
  return {"socle.serve/1",
          "One deployment under traffic: `socle serve`. Where the model does not fit: socle.serve.fit/1.",
          {{"", "always", joined(joined(joined(head, figure_rows()), tail), sentence_rows())}},
          {provenance_shape(), money_shape()}};
}

}  // namespace socle::report
