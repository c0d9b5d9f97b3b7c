#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

SchemaRows latency_rows(const std::string& key, const std::string& what, bool ranged) {
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
                          {"figures.rejected", "integer", "Requests that came when as many waited as may."},
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
  SchemaRows rows = joined(counts, latency_rows("figures.ttft", "Time to first token.", true));
  rows = joined(rows, latency_rows("figures.tpot", "Time per output token after the first, by request.", true));
  rows = joined(rows, latency_rows("figures.itl", "Time between tokens, by token.", false));
  return joined(joined(rows, latency_rows("figures.e2e", "Time from arrival to last token.", false)), rates);
}

SchemaRows class_rows() {
  const SchemaRows head{
      {"classes[]", "object", "Figures of each class of requests; none: all are alike."},
      {"classes[].name", "string", "Its name."},
      {"classes[].priority", "integer", "The lower, the sooner, where the scheduling policy is priority."},
      {"classes[].weight", "integer", "Its share, where the scheduling policy is fair."},
      {"classes[].slo_ttft_s", "number|null", "Time to the first token, at most; null: no limit."},
      {"classes[].slo_tpot_s", "number|null", "Time per output token, at most."},
      {"classes[].slo_e2e_s", "number|null", "Time to the last token, at most."},
      {"classes[].share_wanted", "number", "Share of its requests that must keep them."},
      {"classes[].requests", "integer", "Requests that came."},
      {"classes[].refused", "integer", "Requests longer than max_model_len or the cache holds."},
      {"classes[].rejected", "integer", "Requests that came when as many waited as may."},
      {"classes[].preemptions", "integer", "Times that one of them lost its cache."}};
  const SchemaRows tail{{"classes[].input_tokens_per_s", "number", "Prompt tokens a second over the makespan."},
                        {"classes[].output_tokens_per_s", "number", "Output tokens a second over it."},
                        {"classes[].share_met", "number", "Share of its requests that kept to all its objectives."},
                        {"classes[].goodput_requests_per_s", "number", "Such requests a second."}};
  SchemaRows rows = joined(head, latency_rows("classes[].ttft", "Time to first token.", false));
  rows = joined(rows, latency_rows("classes[].tpot", "Time per output token after the first.", false));
  return joined(joined(rows, latency_rows("classes[].e2e", "Time from arrival to last token.", false)), tail);
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
                        {"dual_batch", "boolean", "Steps run as two halves, one exchanging under the other."},
                        {"prefill", "object|null", "Replicas that only compute prompts; null: all do both."},
                        {"prefill.replicas", "integer", "How many; `replicas` and `layout` are of those that decode."},
                        {"prefill.chips", "integer", "Chips of all of them."},
                        {"prefill.layout", "object", "How one of them is laid over its chips."},
                        {"prefill.layout.tp", "integer", "Tensor-parallel size."},
                        {"prefill.layout.pp", "integer", "Pipeline stages."},
                        {"prefill.layout.dp", "integer", "Attention data-parallel size."},
                        {"prefill.layout.ep", "integer", "Expert-parallel size."},
                        {"prefill.busy_share", "number", "Share of the time with a step under way there."},
                        {"prefill.decode_busy_share", "number", "The same of the replicas that decode."},
                        {"prefill.transfer_bytes_per_token", "number", "Cache of a token that goes to the other side."},
                        {"prefill.transfer_mean_s", "number", "From a prompt's end to its cache's arrival, mean."},
                        {"prefill.transfer_p99_s", "number", "Its 99th percentile."},
                        {"replicas", "integer", "Copies of the model; those that decode where prompts are apart."},
                        {"chips", "integer", "Chips of all of them."},
                        {"router", "string", "How requests are given to replicas."},
                        {"tiers", "object|null", "Caches of prompts beyond the chips; null: none."},
                        {"tiers.host_tokens", "integer", "Tokens that the host of one replica has room for."},
                        {"tiers.disk_tokens", "integer", "Tokens that its disk has room for."},
                        {"tiers.from_host_tokens", "integer", "Prompt tokens that were loaded from the host."},
                        {"tiers.from_disk_tokens", "integer", "Prompt tokens that were loaded from disk."},
                        {"tiers.block_tokens", "integer", "Tokens of one load."},
                        {"tiers.block_from_host_s", "number", "Time of it from the host."},
                        {"tiers.block_from_disk_s", "number", "Time of it from disk."},
                        {"tiers.block_compute_s", "number", "Time to compute as many tokens alone."},
                        {"adapters", "object|null", "Low-rank adapters beside the model; null: none."},
                        {"adapters.rank", "integer", "Rank of a slot."},
                        {"adapters.max_loras", "integer", "Slots on the chip."},
                        {"adapters.max_cpu_loras", "integer", "Adapters in the host's memory."},
                        {"adapters.from_host", "integer", "Copies out of the host's memory."},
                        {"adapters.from_disk", "integer", "Copies from disk."},
                        {"adapters.from_host_s", "number", "Time of a copy out of the host's memory."},
                        {"adapters.from_disk_s", "number", "Time of one from disk."},
                        {"scheduling_policy", "string", "Who is admitted next: fcfs, priority or fair."},
                        {"max_waiting", "integer|null", "Requests that may wait at a replica; null: any number."},
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
      {"split", "object|null", "Rent shared out by the time that prompts and generation take; null: no rent stated."},
      {"split.prompt_share", "number", "Of that time."},
      {"split.per_million_input", "money", "Of prompt tokens that were computed; those found cached take none."},
      {"split.per_million_output", "money", "Of generated tokens, prompts apart."},
      {"samples[]", "object", "The fleet over time."},
      {"samples[].time_s", "number", "Since the start."},
      {"samples[].waiting", "integer", "Requests that wait."},
      {"samples[].running", "integer", "Requests that run."},
      {"samples[].kv_share", "number", "Share of the cache in use."},
      {"timeline", "object|null", "How much of the run a timeline has; null: none was asked for."},
      {"timeline.steps", "integer", "Steps of all replicas."},
      {"timeline.steps_kept", "integer", "Of them, from the beginning on, those in the timeline."},
      {"timeline.until_s", "number", "When the last of those ended."},
      {"basis", "string", "What the kernels' times rest on.", {"measured", "calibrated", "datasheet"}},
      {"overheads_measured", "boolean", "The engine's overheads were fitted on runs on this very chip."}};
  return {"socle.serve/1",
          "One deployment under traffic: `socle serve`. Where the model does not fit: socle.serve.fit/1.",
          {{"", "always", joined(joined(joined(joined(head, figure_rows()), class_rows()), tail), sentence_rows())}},
          {provenance_shape(), money_shape()}};
}

}  // namespace socle::report
