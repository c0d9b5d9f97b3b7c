#include "socle/migrate/serving/serving_needs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"

namespace socle::migrate {
namespace {

/// Flags that ask for a feature, by what they begin with.
constexpr std::array<std::pair<std::string_view, const char*>, 15> kAskers{{
    {"--enable-lora", "lora"},
    {"--lora-", "lora"},
    {"--speculative-", "speculative_decoding"},
    {"--num-speculative-tokens", "speculative_decoding"},
    {"--kv-transfer-config", "disaggregation"},
    {"--disaggregation-mode", "disaggregation"},
    {"--guided-decoding-backend", "guided_decoding"},
    {"--grammar-backend", "guided_decoding"},
    {"--limit-mm-per-prompt", "multimodal"},
    {"--mm-", "multimodal"},
    {"--decode-context-parallel-size", "context_parallel"},
    {"-dcp", "context_parallel"},
    {"--prefill-context-parallel-size", "context_parallel"},
    {"--enable-sleep-mode", "sleep_mode"},
    {"--is-embedding", "pooling"},
}};

struct Size {
  const char* takes;
  const char* feature;
};
constexpr std::array<Size, 4> kSizes{
    {{"tp", "tensor_parallel"}, {"pp", "pipeline_parallel"}, {"dp", "data_parallel"}, {"ep", "expert_parallel"}}};

std::string takes_of(const catalog::LaunchTable& table, const std::string& flag) {
  const catalog::LaunchFlag* known = table.find(flag);
  return known == nullptr ? std::string() : known->takes;
}

/// Says true, or nothing that says false.
bool switched_on(const LaunchItem& item) { return item.values.empty() || item.values.front().text != "false"; }

class Needs {
 public:
  void ask(const char* kind, std::string item, const std::string& from, int line) {
    const bool known =
        std::any_of(list.begin(), list.end(), [&](const ServingNeed& need) { return need.item == item; });
    if (!known) list.push_back({.kind = kind, .item = std::move(item), .from = from, .line = line});
  }
  std::vector<ServingNeed> list;
};

/// The connector's name within --kv-transfer-config; empty where it is no JSON.
std::string connector_of(const LaunchItem& item) {
  if (item.values.empty()) return {};
  try {
    const Json json = parse_json(item.values.front().text, item.flag);
    const Json* name = json.find("kv_connector");
    return name != nullptr && name->is_string() ? name->as_string() : std::string();
  } catch (const InputError&) { return {}; }
}

}  // namespace

std::vector<ServingNeed> needs_of(const LaunchRecord& record, const catalog::LaunchTable& table) {
  Needs needs;
  bool caching = true, graphs = true, chunks = true;
  for (const LaunchItem& item : record.items) {
    const std::string takes = takes_of(table, item.flag);
    for (const Size& size : kSizes) {
      if (takes == size.takes && value_text(item) != "1") needs.ask("feature", size.feature, item.flag, item.line);
    }
    if (takes == "expert_parallel" && switched_on(item)) needs.ask("feature", "expert_parallel", item.flag, item.line);
    for (const auto& [start, feature] : kAskers) {
      if (item.flag.starts_with(start) && switched_on(item)) needs.ask("feature", feature, item.flag, item.line);
    }
    if (item.flag == "--kv-transfer-config") {
      const std::string connector = connector_of(item);
      if (!connector.empty()) needs.ask("connector", connector, item.flag, item.line);
    }
    if ((item.flag == "--task" || item.flag == "--runner" || item.flag == "--convert") &&
        (value_text(item).starts_with("embed") || value_text(item) == "pooling"))
      needs.ask("feature", "pooling", item.flag, item.line);
    caching = caching && item.flag != "--no-enable-prefix-caching" && item.flag != "--disable-radix-cache";
    graphs = graphs && item.flag != "--enforce-eager" && item.flag != "--disable-cuda-graph";
    chunks = chunks && item.flag != "--no-enable-chunked-prefill";
  }
  if (chunks) needs.ask("feature", "chunked_prefill", "default", 0);
  if (caching) needs.ask("feature", "prefix_caching", "default", 0);
  if (graphs) needs.ask("feature", "graph_mode", "default", 0);
  return std::move(needs.list);
}

}  // namespace socle::migrate
