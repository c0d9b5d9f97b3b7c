#include "socle/answer/validate/serving_run.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"
#include "socle/setup/chip_spelling.hpp"
#include "socle/setup/serving_model.hpp"

namespace socle::answer {
namespace {

constexpr std::int64_t kTokensMax = 10'000'000;

int whole(const Json& object, const char* key, int otherwise, const std::string& source, int line = 0) {
  const Json* value = object.find(key);
  if (!value || value->is_null()) return otherwise;
  const std::int64_t number = value->as_int(key);
  if (number < 0 || number > kTokensMax)
    throw InputError(Problem{source, line, 0, key,
                             fmt::format("{} = {}; write a whole number from 0 to {}", key, number, kTokensMax)});
  return static_cast<int>(number);
}

double stamp(const Json& object, const char* key, const std::string& source, int line) {
  const Json* value = object.find(key);
  if (!value) throw InputError(Problem{source, line, 0, key, fmt::format("{} is missing", key)});
  const double time = value->as_double(key);
  if (!std::isfinite(time)) throw InputError(Problem{source, line, 0, key, fmt::format("{} is no time", key)});
  return time;
}

/// The first text of this key in nested objects and lists.
std::string text_within(const Json& value, std::string_view key) {
  if (value.is_object()) {
    if (const Json* found = value.find(key); found && found->is_string()) return found->as_string();
    for (const Json::Member& member : value.as_object()) {
      if (std::string text = text_within(member.second, key); !text.empty()) return text;
    }
  } else if (value.is_array()) {
    for (const Json& element : value.as_array()) {
      if (std::string text = text_within(element, key); !text.empty()) return text;
    }
  }
  return {};
}

std::vector<RecordedRequest> read_requests(const std::string& text, const std::string& source) {
  struct Stamped {
    double queued;
    RecordedRequest request;
  };
  std::vector<Stamped> all;
  int line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = std::string_view(text).substr(at, end - at);
    at = end + 1;
    ++line;
    if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Json json = parse_json(row, fmt::format("{}:{}", source, line));
    const double queued = stamp(json, "queued_ts", source, line);
    const double first = stamp(json, "first_token_ts", source, line), last = stamp(json, "last_token_ts", source, line);
    RecordedRequest request{.input = whole(json, "input_toks", 0, source, line),
                            .output = whole(json, "output_toks", 0, source, line),
                            .arrival = {},
                            .first_token = Seconds{first - queued},
                            .last_token = Seconds{last - queued}};
    if (request.input < 1 || request.output < 1 || first < queued || last < first)
      throw InputError(Problem{
          source, line, 0, {}, "a request has tokens in and out, and is queued, begun and ended in this order"});
    all.push_back({queued, request});
  }
  if (all.empty()) throw InputError(Problem{source, 0, 0, {}, "there are no requests"});
  std::stable_sort(all.begin(), all.end(), [](const Stamped& a, const Stamped& b) { return a.queued < b.queued; });
  std::vector<RecordedRequest> requests;
  for (Stamped& one : all) {
    one.request.arrival = Seconds{one.queued - all.front().queued};
    requests.push_back(one.request);
  }
  return requests;
}

}  // namespace

ServingRun read_serving_run(const catalog::Catalog& catalog, const RunFiles& files) {
  const Json meta = parse_json(files.meta, files.name + "/meta.json");
  const std::string source = files.name + "/meta.json";
  ServingRun run;
  run.name = files.name;
  run.requests = read_requests(files.requests, files.name + "/requests.jsonl");
  const Json* arguments = meta.find("engine_kwargs");
  const Json& kwargs = arguments && arguments->is_object() ? *arguments : meta;
  const std::string version = text_within(meta, "vllm_version");
  run.engine = version.empty() ? "vllm" : "vllm-" + version;
  std::string hardware = text_within(meta, "hardware");
  if (hardware.empty() && !files.config.empty())
    hardware = text_within(parse_json(files.config, files.name + "/config.json"), "hardware");
  run.chip = setup::chip_of_spelling(catalog, hardware);
  if (run.chip.empty()) run.unsupported = fmt::format("chip '{}' is not in the catalogue", printable(hardware));
  const std::string name = text_within(meta, "model");
  const auto model = setup::find_served_model(catalog, name);
  if (!model) run.unsupported = fmt::format("model '{}' is not in the catalogue", printable(name));
  if (!run.unsupported.empty()) return run;
  run.served.model = *model;
  workload::ServingLayout& layout = run.served.layout;
  layout.tensor_parallel = std::max(1, whole(kwargs, "tensor_parallel_size", 1, source));
  layout.pipeline_parallel = std::max(1, whole(kwargs, "pipeline_parallel_size", 1, source));
  layout.data_parallel = std::max(1, whole(kwargs, "data_parallel_size", 1, source));
  const Json* experts = kwargs.find("enable_expert_parallel");
  if (experts && experts->is_bool() && experts->as_bool()) layout.expert_parallel = layout.ranks();
  run.max_num_seqs = whole(kwargs, "max_num_seqs", 0, source);
  run.max_num_batched_tokens = whole(kwargs, "max_num_batched_tokens", 0, source);
  if (const Json* share = kwargs.find("gpu_memory_utilization"); share && share->is_number())
    run.share = share->as_double();
  run.served.formats = setup::served_formats(*model, std::nullopt, std::nullopt);
  return run;
}

}  // namespace socle::answer
