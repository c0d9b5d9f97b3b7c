#include "socle/api/scenario_flags.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include <fmt/format.h>

#include "socle/api/scenario_parts.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle::api {
namespace {

/// Sets one key from text; returns what is wrong with it, or an empty text.
using Setter = std::function<std::string(Scenario&, const std::string&)>;

struct FlagEntry {
  ScenarioFlag flag;
  Setter set;
};

struct Range {
  int least, most;
};

std::string read_integer(const std::string& text, Range range, std::optional<int>& value) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool good = error == std::errc{} && stop == end && number >= range.least && number <= range.most;
  if (good) value = number;
  return good ? "" : fmt::format("write an integer from {} to {}", range.least, range.most);
}

std::string read_boolean(const std::string& text, std::optional<bool>& value) {
  if (text != "true" && text != "false") return "write true or false";
  value = text == "true";
  return {};
}

template <typename Enum>
std::string read_choice(const std::string& text, const std::vector<std::string>& names, std::optional<Enum>& value) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return fmt::format("write one of {}{}", fmt::join(names, ", "), did_you_mean(text, names));
  value = static_cast<Enum>(found - names.begin());
  return {};
}

Setter layout_size(std::optional<int> workload::PartialLayout::*member, int most = kParallelMax) {
  return [=](Scenario& s, const std::string& text) { return read_integer(text, {1, most}, s.layout.*member); };
}

ScenarioCluster& cluster_of(Scenario& scenario) {
  if (!scenario.cluster) scenario.cluster.emplace();
  return *scenario.cluster;
}

// Another machine brings its own network and prices: only what is no part of the hardware stays.
void replace_machine(Scenario& scenario) {
  const ScenarioCluster before = cluster_of(scenario);
  scenario.cluster = ScenarioCluster{.name = {}, .node = {}, .chip = {}, .nodes = before.nodes, .chips = before.chips, .topology = {}, .overrides = {},
                                     .stack = before.stack, .power_cap = before.power_cap, .rent_per_chip_hour = {}, .price_per_node = {}};
}

std::string set_cluster(Scenario& scenario, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::optional<int> nodes;
  if (colon == std::string::npos || colon == 0 || !read_integer(text.substr(colon + 1), {1, kNodesMax}, nodes).empty()) {
    return fmt::format("write NODE:COUNT with 1 to {} nodes, such as hgx-h100:16", kNodesMax);
  }
  replace_machine(scenario);
  scenario.cluster->node = {text.substr(0, colon), {}};
  scenario.cluster->nodes = nodes;
  scenario.cluster->chips.reset();
  return {};
}

std::string set_chip(Scenario& scenario, const std::string& text) {
  if (text.empty()) return "write a name such as h100-sxm";
  replace_machine(scenario);
  scenario.cluster->chip = {text, {}};
  return {};
}

std::string set_chips(Scenario& scenario, const std::string& text) {
  scenario.cluster = cluster_of(scenario);
  scenario.cluster->nodes.reset();
  return read_integer(text, {1, kChipsMax}, scenario.cluster->chips);
}

std::string set_slice(Scenario& scenario, const std::string& text) {
  const auto sides = catalog::parse_slice_sides(text);
  cluster_of(scenario).overrides.slice = sides.value;
  cluster_of(scenario).overrides.scale_up_domain.reset();
  return sides.problem;
}

std::string set_tokens(Scenario& scenario, const std::string& text) {
  const Parsed<Tokens> parsed = parse_unit_text<Tokens>(text);
  if (!parsed.value) return parsed.problem;
  if (!(parsed.value->value() > 0) || parsed.value->value() > kTokensMax) return fmt::format("write a count from 1 to {}", format_tokens(Tokens{kTokensMax}));
  scenario.training.tokens = parsed.value;
  return {};
}

std::string set_rent(Scenario& scenario, const std::string& text) {
  const Parsed<Money> parsed = parse_rent(text);
  if (parsed.value) cluster_of(scenario).rent_per_chip_hour = parsed.value;
  return parsed.problem;
}

std::vector<FlagEntry> job_flags() {
  return {
      {{"--model", "NAME", "Model of the catalogue"},
       [](Scenario& s, const std::string& text) { s.model = {{text, {}}, {}}; return std::string(text.empty() ? "write a name such as llama-3.1-405b" : ""); }},
      {{"--cluster", "NODE:COUNT", "Nodes of the catalogue, such as hgx-h100:16"}, set_cluster},
      {{"--chip", "NAME", "Chip of the catalogue, in nodes of eight; with --chips"}, set_chip},
      {{"--chips", "N", "How many chips"}, set_chips},
      {{"--slice", "XxYxZ", "Chips along each side of a slice, where links make a torus (TPU)"}, set_slice},
      {{"--stack", "SLUG", "Software stack of the catalogue; default: the latest for the chip"},
       [](Scenario& s, const std::string& text) { cluster_of(s).stack = {text, {}}; return std::string(); }},
      {{"--rent", "AMOUNT", "Rent, such as \"2.1 USD/chip-hour\""}, set_rent},
      {{"--tokens", "COUNT", "Length of the run, such as 15.6T"}, set_tokens},
      {{"--seq", "N", "Sequence length in tokens"},
       [](Scenario& s, const std::string& text) { return read_integer(text, {1, kSequenceMax}, s.training.sequence_length); }},
      {{"--global-batch", "N", "Sequences per optimizer step"},
       [](Scenario& s, const std::string& text) { return read_integer(text, {1, kBatchMax}, s.training.global_batch); }},
      {{"--precision", "NAME", "bf16, fp16, fp8, fp8-block, mxfp8, nvfp4, int8 or fp32"},
       [](Scenario& s, const std::string& text) { return read_choice(text, precision_names(), s.training.precision); }},
      {{"--attention", "KIND", "flash or unfused"},
       [](Scenario& s, const std::string& text) { return read_choice(text, attention_names(), s.training.attention); }},
      {{"--lora", "BOOL", "true: train adapters on a frozen base"},
       [](Scenario& s, const std::string& text) { return read_boolean(text, s.training.lora); }},
  };
}

std::vector<FlagEntry> layout_flags() {
  using workload::PartialLayout;
  return {
      {{"--tp", "N", "Tensor-parallel size; every layout size left out is searched"}, layout_size(&PartialLayout::tensor_parallel)},
      {{"--sp", "BOOL", "Sequence parallel"}, [](Scenario& s, const std::string& text) { return read_boolean(text, s.layout.sequence_parallel); }},
      {{"--pp", "N", "Pipeline-parallel size"}, layout_size(&PartialLayout::pipeline_parallel)},
      {{"--vpp", "N", "Model chunks per pipeline stage"}, layout_size(&PartialLayout::virtual_pipeline)},
      {{"--cp", "N", "Context-parallel size"}, layout_size(&PartialLayout::context_parallel)},
      {{"--ep", "N", "Expert-parallel size"}, layout_size(&PartialLayout::expert_parallel)},
      {{"--etp", "N", "Tensor-parallel size of experts"}, layout_size(&PartialLayout::expert_tensor_parallel)},
      {{"--dp", "N", "Data-parallel size"}, layout_size(&PartialLayout::data_parallel)},
      {{"--microbatch", "N", "Sequences per microbatch"}, layout_size(&PartialLayout::microbatch, kMicrobatchMax)},
      {{"--schedule", "NAME", "gpipe, 1f1b, interleaved, zb-h1, zb-v or dualpipe"},
       [](Scenario& s, const std::string& text) { return read_choice(text, schedule_names(), s.layout.schedule); }},
      {{"--recompute", "KIND", "none, selective or full"},
       [](Scenario& s, const std::string& text) { return read_choice(text, recompute_names(), s.layout.recompute); }},
      {{"--sharding", "KIND", "none, zero1, zero2 or zero3"},
       [](Scenario& s, const std::string& text) { return read_choice(text, sharding_names(), s.layout.sharding); }},
  };
}

std::vector<FlagEntry> all_flags() {
  std::vector<FlagEntry> flags = job_flags();
  for (FlagEntry& entry : layout_flags()) flags.push_back(std::move(entry));
  return flags;
}

}  // namespace

std::vector<ScenarioFlag> scenario_flags() {
  std::vector<ScenarioFlag> flags;
  for (FlagEntry& entry : all_flags()) flags.push_back(std::move(entry.flag));
  return flags;
}

void apply_scenario_flags(const ScenarioFlags& flags, Scenario& scenario, Problems& problems) {
  if (flags.count("--cluster") != 0 && (flags.count("--chip") != 0 || flags.count("--chips") != 0)) {
    problems.add({{}, 0, 0, "--cluster", "--cluster is given beside --chip or --chips; write one or the other"});
  }
  for (const FabricFlag& flag : fabric_flags()) {
    const auto found = flags.find(flag.flag);
    if (found == flags.end()) continue;
    const std::string problem = set_fabric_flag(flag.flag, found->second, scenario.network);
    if (!problem.empty()) problems.add({{}, 0, 0, flag.flag, fmt::format("{} = \"{}\": {}", flag.flag, printable(found->second, 40), problem)});
  }
  // In the order of the list, so that --chips counts what --chip named.
  for (const FlagEntry& entry : all_flags()) {
    const auto found = flags.find(entry.flag.name);
    if (found == flags.end()) continue;
    const std::string problem = entry.set(scenario, found->second);
    if (problem.empty()) continue;
    problems.add({{}, 0, 0, entry.flag.name, fmt::format("{} = \"{}\": {}", entry.flag.name, printable(found->second, 40), problem)});
  }
}

}  // namespace socle::api
