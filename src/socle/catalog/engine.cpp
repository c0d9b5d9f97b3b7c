#include "socle/catalog/engine.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/error.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/base/utf8.hpp"

namespace socle::catalog {
namespace {

constexpr const char* kFolder = "engines/";
constexpr std::string_view kSuffix = ".toml";
constexpr int kTokensMax = 1 << 24;
constexpr int kSequencesMax = 1'000'000;

const std::vector<std::string>& policy_names() {
  static const std::vector<std::string> names{"vllm-v0", "vllm-v1", "sglang", "trtllm-no-evict", "lmdeploy"};
  return names;
}
const std::vector<std::string>& preemption_names() {
  static const std::vector<std::string> names{"recompute", "swap", "retract", "none"};
  return names;
}
const std::vector<std::string>& share_names() {
  static const std::vector<std::string> names{"gpu_memory_utilization", "mem_fraction_static", "kv_free_fraction"};
  return names;
}

template <typename Enum>
Enum choice(const TomlTable& table, const char* key, const std::vector<std::string>& names) {
  if (!table.has(key)) table.problem(key, fmt::format("{} is missing; write one of: {}", key, fmt::join(names, ", ")));
  return static_cast<Enum>(table.optional_choice(key, names).value_or(0));
}

Bytes bytes(const TomlTable& table, const char* key) { return table.optional_quantity<Bytes>(key).value_or(Bytes{}); }

int whole(const TomlTable& table, const char* key, int fallback, int least, int most) {
  return static_cast<int>(table.optional_integer(key, least, most).value_or(fallback));
}

void read_scheduler(const TomlTable& table, Engine& engine) {
  engine.policy = choice<EnginePolicy>(table, "policy", policy_names());
  engine.chunked_prefill = table.boolean_or("chunked_prefill", true);
  engine.prefix_caching = table.boolean_or("prefix_caching", true);
  engine.async_scheduling = table.boolean_or("async_scheduling", false);
  engine.block_tokens = static_cast<int>(table.required_integer("block_tokens", 1, 4096));
  engine.preemption = choice<Preemption>(table, "preemption", preemption_names());
  engine.watermark = table.optional_real("watermark", 0.0, 0.5).value_or(0.0);
  engine.batched_context = table.boolean_or("batched_context", false);
  engine.scheduler_source = table.required_string("source");
}

void read_limits(const TomlTable& root, Engine& engine) {
  for (const TomlTable& table : root.tables("limits")) {
    EngineLimits limits;
    limits.memory_min = bytes(table, "memory_min");
    limits.only = table.optional_strings("only").value_or(std::vector<std::string>{});
    limits.except = table.optional_strings("except").value_or(std::vector<std::string>{});
    limits.max_num_seqs = static_cast<int>(table.required_integer("max_num_seqs", 1, kSequencesMax));
    limits.max_num_batched_tokens = static_cast<int>(table.required_integer("max_num_batched_tokens", 1, kTokensMax));
    limits.graph_sequences = whole(table, "graph_sequences", 0, 0, kSequencesMax);
    limits.graph_sequences_wide = whole(table, "graph_sequences_wide", limits.graph_sequences, 0, kSequencesMax);
    engine.limits.push_back(std::move(limits));
  }
  engine.limits_source = root.required_string("limits_source");
  const auto everywhere = [](const EngineLimits& l) {
    return !(l.memory_min > Bytes{}) && l.only.empty() && l.except.empty();
  };
  if (engine.limits.empty() || !everywhere(engine.limits.back()))
    root.problem("limits", "the last [[limits]] must hold on every chip: without memory_min, only and except");
}

void read_graphs(const TomlTable& table, Engine& engine) {
  for (const TomlTable& size : table.tables("sizes")) {
    engine.graph_sizes.push_back({.from = static_cast<int>(size.required_integer("from", 1, kTokensMax)),
                                  .to = static_cast<int>(size.required_integer("to", 1, kTokensMax)),
                                  .step = whole(size, "step", 1, 1, kTokensMax)});
  }
  engine.graph_sequences_factor = table.optional_real("sequences_factor", 0.0, 16.0).value_or(0.0);
  engine.graph_sequences_max = whole(table, "sequences_max", 512, 1, kSequencesMax);
  engine.memory.graph_modes = whole(table, "modes", 1, 0, 4);
  engine.memory.graph_per_layer = bytes(table, "per_layer");
  engine.graphs_source = table.required_string("source");
}

void read_share_default(const TomlTable& table, ShareDefault& share) {
  share.value = table.required_real("default", 0.01, 1.0);
  const std::vector<double> by_tp = table.optional_reals("default_by_tp").value_or(std::vector<double>{});
  for (std::size_t i = 0; i + 1 < by_tp.size(); i += 2)
    share.by_tp.emplace_back(static_cast<int>(by_tp[i]), by_tp[i + 1]);
  if (by_tp.size() % 2 != 0) table.problem("default_by_tp", "default_by_tp holds pairs: a tp and its share");
  share.by_tp_memory_max = bytes(table, "default_by_tp_memory_max");
  share.reserve = bytes(table, "reserve");
  share.reserve_per_token = bytes(table, "reserve_per_token");
  share.reserve_per_graph_sequence = bytes(table, "reserve_per_graph_sequence");
  share.reserve_per_chip = bytes(table, "reserve_per_chip");
  share.reserve_min = bytes(table, "reserve_min");
}

void read_memory(const TomlTable& table, EngineMemory& memory) {
  memory.share = choice<MemoryShare>(table, "share", share_names());
  read_share_default(table, memory.share_default);
  memory.context_inside = table.boolean_or("context_inside", false);
  memory.graphs_inside = table.boolean_or("graphs_inside", false);
  memory.refuses_long_context = table.boolean_or("refuses_long_context", true);
  memory.pads_groups = table.boolean_or("pads_groups", false);
  memory.frees_windows = table.boolean_or("frees_windows", true);
  memory.context = table.required_quantity<Bytes>("context");
  memory.collectives = bytes(table, "collectives");
  memory.other = bytes(table, "other");
  memory.sampler_bytes_per_logit = table.required_real("sampler_bytes_per_logit", 0.0, 1000.0);
  memory.source = table.required_string("source");
}

void read_kernels(const TomlTable& root, Engine& engine) {
  const auto kernels = root.optional_table("kernels");
  if (!kernels) return;
  engine.fused_casts = kernels->boolean_or("fused_casts", false);
  engine.fastest_experts = kernels->boolean_or("fastest_experts", false);
  engine.fastest_all_reduce = kernels->boolean_or("fastest_all_reduce", false);
  engine.kernels_source = kernels->required_string("source");
}

void read_timing(const TomlTable& root, Engine& engine) {
  const auto timing = root.optional_table("timing");
  if (!timing) return;
  engine.step_fixed = timing->optional_quantity<Seconds>("step_fixed");
  engine.step_per_sequence = timing->optional_quantity<Seconds>("step_per_sequence");
  engine.request = timing->optional_quantity<Seconds>("request");
  timing->ignore("source");
}

Engine parse_engine(std::string_view text, const std::string& source, std::string slug) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  Engine engine;
  engine.slug = std::move(slug);
  engine.name = root.required_string("name");
  engine.family = root.required_string("family");
  engine.from = root.required_string("from");
  engine.to = root.string_or("to", engine.from);
  engine.released = root.string_or("released", "");
  root.optional_strings("aliases");
  engine.vendors = root.optional_strings("vendors").value_or(std::vector<std::string>{});
  read_scheduler(root.required_table("scheduler"), engine);
  read_limits(root, engine);
  read_graphs(root.required_table("graphs"), engine);
  read_memory(root.required_table("memory"), engine.memory);
  read_kernels(root, engine);
  read_timing(root, engine);
  const TomlTable provenance = root.required_table("provenance");
  engine.provenance = {.source = provenance.required_string("source"),
                       .confidence = provenance.string_or("confidence", "estimate"),
                       .checked = provenance.string_or("checked", ""),
                       .notes = provenance.string_or("notes", "")};
  document.finish();
  return engine;
}

/// "0.19.1" as numbers; empty when it is none.
std::vector<int> numbers_of(std::string_view version) {
  std::vector<int> numbers;
  while (!version.empty()) {
    int number = 0;
    const auto [stop, error] = std::from_chars(version.data(), version.data() + version.size(), number);
    if (error != std::errc{} || number < 0) return {};
    numbers.push_back(number);
    const auto read = static_cast<std::size_t>(stop - version.data());
    // What follows a release ("0.5.6.post2", "1.0rc3") does not move it to another line.
    if (read == version.size() || version[read] != '.') return numbers;
    version.remove_prefix(read + 1);
    if (version.starts_with("post") || version.starts_with("dev")) return numbers;
  }
  return numbers;
}

/// The line's precision: "0.19.1" belongs to "0.19".
std::vector<int> cut(std::vector<int> version, const std::string& like) {
  version.resize(std::min(version.size(), numbers_of(like).size()));
  return version;
}

std::string normal(std::string_view name) {
  std::string text = lower_case(name);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == ' ' || c == '_' || c == '='; }, '-');
  while (text.find("--") != std::string::npos) text.erase(text.find("--"), 1);
  return text;
}

InputError unknown(std::string_view name, const std::vector<Engine>& engines) {
  std::vector<std::string> known;
  for (const Engine& engine : engines) {
    if (std::find(known.begin(), known.end(), engine.family) == known.end()) known.push_back(engine.family);
  }
  for (const Engine& engine : engines) known.push_back(engine.slug);
  return InputError(
      Problem{{},
              0,
              0,
              "engine",
              fmt::format("unknown engine \"{}\"{}{} `socle catalog engines` lists them", printable(name),
                          did_you_mean(normal(name), known), nearest_name(normal(name), known) ? "" : ";")});
}

std::string_view at(const std::vector<std::string>& names, std::size_t index) { return names[index]; }

}  // namespace

std::string_view policy_name(EnginePolicy policy) { return at(policy_names(), static_cast<std::size_t>(policy)); }
std::string_view preemption_name(Preemption p) { return at(preemption_names(), static_cast<std::size_t>(p)); }
std::string_view share_name(MemoryShare share) { return at(share_names(), static_cast<std::size_t>(share)); }

std::vector<Engine> load_engines(const Catalog& catalog) {
  std::vector<Engine> engines;
  Problems problems;
  for (const std::string& path : catalog.paths_under(kFolder)) {
    if (!path.ends_with(kSuffix)) continue;
    const std::size_t from = std::string_view(kFolder).size();
    try {
      engines.push_back(parse_engine(catalog.text_of(path), catalog.source_of(path),
                                     path.substr(from, path.size() - from - kSuffix.size())));
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  problems.throw_if_any();
  std::sort(engines.begin(), engines.end(), [](const Engine& a, const Engine& b) {
    return std::tuple(a.family, numbers_of(a.from), a.slug) < std::tuple(b.family, numbers_of(b.from), b.slug);
  });
  return engines;
}

Engine resolve_engine(const Catalog& catalog, std::string_view name) {
  const std::vector<Engine> engines = load_engines(catalog);
  const std::string wanted = normal(name);
  const Engine* found = nullptr;
  for (const Engine& engine : engines) {
    if (engine.slug == wanted) return engine;
    if (engine.family == wanted) found = &engine;  // the last is the newest
  }
  if (found != nullptr) return *found;
  const std::size_t dash = wanted.rfind('-');
  const std::vector<int> version = dash == std::string::npos ? std::vector<int>{} : numbers_of(wanted.substr(dash + 1));
  if (version.empty()) throw unknown(name, engines);
  const std::string family = wanted.substr(0, dash);
  const Engine* oldest = nullptr;
  for (const Engine& engine : engines) {
    if (engine.family != family) continue;
    if (oldest == nullptr) oldest = &engine;
    if (cut(version, engine.from) >= numbers_of(engine.from)) found = &engine;
  }
  if (oldest == nullptr) throw unknown(name, engines);
  if (found == nullptr)
    throw InputError(Problem{{},
                             0,
                             0,
                             "engine",
                             fmt::format("\"{}\" is older than the oldest line that is known; write {} or newer",
                                         printable(name), oldest->slug)});
  return *found;
}

const EngineLimits& limits_on(const Engine& engine, std::string_view chip, Bytes memory) {
  const std::string named = lower_case(chip);
  const auto is_among = [&](const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return named.find(name) != named.npos; });
  };
  for (const EngineLimits& limits : engine.limits) {
    const bool meant = limits.only.empty() || is_among(limits.only);
    if (memory >= limits.memory_min && meant && !is_among(limits.except)) return limits;
  }
  return engine.limits.back();
}

std::vector<int> captured_sizes(const Engine& engine, int largest) {
  std::vector<int> sizes;
  for (const GraphSizes& range : engine.graph_sizes) {
    for (int size = range.from; size <= std::min(range.to, largest); size += range.step) sizes.push_back(size);
  }
  return sizes;
}

}  // namespace socle::catalog
