#include "socle/workload/bench_log.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"

namespace socle::workload {
namespace {

[[noreturn]] void refuse(const std::string& source, std::string text) {
  throw InputError(Problem{source, 0, 0, {}, std::move(text)});
}

/// A figure under the first of these keys; keys with dots go into members.
std::optional<double> figure(const Json& json, std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys) {
    const Json* at = &json;
    while (at && !key.empty()) {
      const std::size_t dot = std::min(key.find('.'), key.size());
      at = at->is_object() ? at->find(key.substr(0, dot)) : nullptr;
      key.remove_prefix(std::min(key.size(), dot + 1));
    }
    if (at && at->is_number() && std::isfinite(at->as_double())) return at->as_double();
  }
  return std::nullopt;
}

double needed(const std::optional<double>& value, const char* what, const std::string& source) {
  if (value && *value > 0) return *value;
  refuse(source, fmt::format("{} is missing or not above 0; give the result of vllm bench serve, sglang.bench_serving, "
                             "GenAI-Perf or AIPerf, as JSON or as printed",
                             what));
}

BenchPoint checked(BenchPoint point) {
  const bool sound = point.requests <= 100'000'000 && point.input <= 1e8 && point.output <= 1e7 &&
                     point.ttft.value() < 1e7 && point.tpot.value() < 1e6;
  if (!sound) refuse(point.source, "its figures are beyond anything that a server does");
  return point;
}

/// One result of vllm bench serve or sglang.bench_serving.
BenchPoint serving_result(const Json& json, const std::string& source) {
  BenchPoint point;
  point.source = source;
  point.requests = static_cast<std::int64_t>(needed(figure(json, {"completed", "num_prompts"}), "completed", source));
  const double requests = static_cast<double>(point.requests);
  point.input = needed(figure(json, {"total_input_tokens", "total_input"}), "total_input_tokens", source) / requests;
  point.output =
      needed(figure(json, {"total_output_tokens", "total_output"}), "total_output_tokens", source) / requests;
  point.ttft = Seconds{needed(figure(json, {"mean_ttft_ms"}), "mean_ttft_ms", source) * 1e-3};
  point.tpot = Seconds{needed(figure(json, {"mean_tpot_ms", "mean_itl_ms"}), "mean_tpot_ms", source) * 1e-3};
  if (const auto most = figure(json, {"max_concurrency"}); most && *most >= 1)
    point.concurrency = static_cast<int>(std::min(*most, 1e6));
  if (const auto rate = figure(json, {"request_rate"}); rate && *rate > 0) point.rate = *rate;  // "inf" is a text
  return checked(std::move(point));
}

/// One profile_export of GenAI-Perf or AIPerf.
BenchPoint profile(const Json& json, const std::string& source) {
  BenchPoint point;
  point.source = source;
  point.input = needed(figure(json, {"input_sequence_length.avg"}), "input_sequence_length.avg", source);
  point.output = needed(figure(json, {"output_sequence_length.avg"}), "output_sequence_length.avg", source);
  point.ttft = Seconds{needed(figure(json, {"time_to_first_token.avg"}), "time_to_first_token.avg", source) * 1e-3};
  point.tpot = Seconds{needed(figure(json, {"inter_token_latency.avg"}), "inter_token_latency.avg", source) * 1e-3};
  point.requests = static_cast<std::int64_t>(
      figure(json, {"request_count.avg", "input_config.loadgen.request_count"}).value_or(1000.0));
  if (const auto most =
          figure(json, {"input_config.perf_analyzer.stimulus.concurrency", "input_config.loadgen.concurrency"});
      most && *most >= 1)
    point.concurrency = static_cast<int>(std::min(*most, 1e6));
  if (const auto rate =
          figure(json, {"input_config.perf_analyzer.stimulus.request_rate", "input_config.loadgen.request_rate"});
      rate && *rate > 0)
    point.rate = *rate;
  return checked(std::move(point));
}

BenchPoint point_of(const Json& json, const std::string& source) {
  return json.find("time_to_first_token") ? profile(json, source) : serving_result(json, source);
}

/// The figure after "label:" of a printed report; "inf" is none.
std::optional<double> printed(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(at + label.size());
  rest = rest.substr(0, rest.find('\n'));
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t", colon + 1)));
  double value = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc{} || stop == rest.data() || !std::isfinite(value)) return std::nullopt;
  return value;
}

BenchPoint printed_point(std::string_view text, const std::string& source) {
  BenchPoint point;
  point.source = source;
  point.requests =
      static_cast<std::int64_t>(needed(printed(text, "Successful requests"), "\"Successful requests\"", source));
  const double requests = static_cast<double>(point.requests);
  point.input = needed(printed(text, "Total input tokens"), "\"Total input tokens\"", source) / requests;
  point.output = needed(printed(text, "Total generated tokens"), "\"Total generated tokens\"", source) / requests;
  point.ttft = Seconds{needed(printed(text, "Mean TTFT (ms)"), "\"Mean TTFT (ms)\"", source) * 1e-3};
  const auto tpot = printed(text, "Mean TPOT (ms)");
  point.tpot = Seconds{needed(tpot ? tpot : printed(text, "Mean ITL (ms)"), "\"Mean TPOT (ms)\"", source) * 1e-3};
  auto most = printed(text, "Maximum request concurrency");
  if (!most) most = printed(text, "Max request concurrency");
  if (most && *most >= 1) point.concurrency = static_cast<int>(std::min(*most, 1e6));
  auto rate = printed(text, "Request rate configured (RPS)");
  if (!rate) rate = printed(text, "Traffic request rate");
  if (rate && *rate > 0) point.rate = *rate;
  return checked(std::move(point));
}

}  // namespace

std::vector<BenchPoint> read_bench_log(std::string_view text, const std::string& source) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) refuse(source, "is empty");
  std::vector<BenchPoint> points;
  if (text[first] != '{') {  // several reports may stand in one file, each below its own heading
    constexpr std::string_view kHeading = "Serving Benchmark Result";
    for (std::size_t at = text.find(kHeading); at != std::string_view::npos;) {
      const std::size_t next = text.find(kHeading, at + 1);
      points.push_back(printed_point(text.substr(at, next == std::string_view::npos ? next : next - at),
                                     fmt::format("{}#{}", source, points.size() + 1)));
      at = next;
    }
    if (points.empty())
      refuse(source,
             "is no result of a load generator; give that of vllm bench serve, sglang.bench_serving, GenAI-Perf "
             "or AIPerf, as JSON or as printed");
    return points;
  }
  // One document, or one a line.
  try {
    points.push_back(point_of(parse_json(text, source), source));
    return points;
  } catch (const InputError&) {
    if (text.find("\n{") == std::string_view::npos) throw;
  }
  int line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    at = end + 1;
    ++line;
    if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string place = fmt::format("{}:{}", source, line);
    points.push_back(point_of(parse_json(row, place), place));
  }
  return points;
}

}  // namespace socle::workload
