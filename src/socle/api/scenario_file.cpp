#include "socle/api/scenario_parts.hpp"

#include <fmt/format.h>

#include "socle/net/topologies/topologies.hpp"

namespace socle::api {
namespace {

using workload::PartialLayout;

std::optional<int> integer(const TomlTable& table, std::string_view key, int least, int most) {
  const auto value = table.optional_integer(key, least, most);
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

Named named(const TomlTable& table, std::string_view key) {
  const auto text = table.optional_string(key);
  if (text && text->empty()) table.problem(key, fmt::format("{} is an empty text; write a name", key));
  return {text.value_or(std::string()), table.position(key)};
}

/// A figure that zero makes no sense of.
template <typename T>
std::optional<T> positive(const TomlTable& table, std::string_view key) {
  const auto value = table.optional_quantity<T>(key);
  if (value && !(*value > T{})) table.problem(key, fmt::format("{} is zero; write {}", key, accepted_unit_text<T>()));
  return value;
}

std::optional<Money> positive_money(const TomlTable& table, std::string_view key) {
  const auto value = table.optional_quantity<Money>(key);
  if (value && !(value->amount > 0)) table.problem(key, fmt::format("{} is zero; write {}", key, accepted_unit_text<Money>()));
  return value;
}

template <typename Enum>
std::optional<Enum> choice(const TomlTable& table, std::string_view key, const std::vector<std::string>& names) {
  const auto index = table.optional_choice(key, names);
  if (!index) return std::nullopt;
  return static_cast<Enum>(*index);
}

void read_model(const TomlTable& table, ScenarioModel& model) {
  model.name = named(table, "name");
  model.config = named(table, "config");
  if (!model.name.empty() && !model.config.empty()) table.problem("config", "name and config are both given; write one of them");
}

void read_training(const TomlTable& table, ScenarioTraining& training) {
  training.tokens = positive<Tokens>(table, "tokens");
  if (training.tokens && training.tokens->value() > kTokensMax) {
    table.problem("tokens", fmt::format("tokens = {} is out of range; write at most {}", format_tokens(*training.tokens), format_tokens(Tokens{kTokensMax})));
  }
  training.sequence_length = integer(table, "sequence_length", 1, kSequenceMax);
  training.global_batch = integer(table, "global_batch", 1, kBatchMax);
  training.precision = choice<model::Recipe>(table, "precision", precision_names());
  training.attention = choice<workload::AttentionKernel>(table, "attention", attention_names());
  training.lora = table.optional_boolean("lora");
  training.lora_rank = integer(table, "lora_rank", 1, kLoraRankMax);
  training.mtp = table.optional_boolean("mtp");
}

void read_fabric(const TomlTable& table, ScenarioCluster& cluster) {
  std::vector<std::string> names = net::topology_names();
  names.push_back(kLeafSpine);
  if (const auto topology = table.optional_choice("topology", names)) cluster.topology = names[static_cast<std::size_t>(*topology)];
  if (const auto nic = positive<BytesPerSecond>(table, "nic")) cluster.overrides.nic = nic;
  if (const auto nics = integer(table, "nics", 1, 1024)) cluster.overrides.nics = nics;
  if (const auto share = table.optional_real("oversubscription", 1.0, 1000.0)) cluster.overrides.oversubscription = *share;
}

void read_overrides(const TomlTable& table, catalog::ClusterOverrides& overrides) {
  overrides.nic = positive<BytesPerSecond>(table, "nic");
  overrides.nics = integer(table, "nics", 1, 1024);
  overrides.nic_per_chip = positive<BytesPerSecond>(table, "nic_per_chip");
  overrides.scale_up_bandwidth = positive<BytesPerSecond>(table, "scale_up");
  overrides.scale_up_domain = integer(table, "scale_up_domain", 1, 100'000);
  if (const auto slice = table.optional_string("slice")) {
    const auto sides = catalog::parse_slice_sides(*slice);
    if (!sides.value) table.problem("slice", fmt::format("slice = \"{}\": {}", *slice, sides.problem));
    if (overrides.scale_up_domain) table.problem("slice", "slice and scale_up_domain are both given; write one of them");
    overrides.slice = sides.value;
  }
  overrides.memory = positive<Bytes>(table, "memory");
  overrides.memory_bandwidth = positive<BytesPerSecond>(table, "memory_bandwidth");
}

ScenarioCluster read_cluster(const TomlTable& table, bool candidate) {
  ScenarioCluster cluster;
  if (candidate) cluster.name = table.string_or("name", "");
  cluster.node = named(table, "node");
  cluster.chip = named(table, "chip");
  cluster.nodes = integer(table, "nodes", 1, kNodesMax);
  cluster.chips = integer(table, "chips", 1, kChipsMax);
  read_overrides(table, cluster.overrides);
  if (const auto fabric = table.optional_table("fabric")) read_fabric(*fabric, cluster);
  cluster.stack = named(table, "stack");
  cluster.power_cap = table.optional_real("power_cap", 0.3, 1.0).value_or(1.0);
  if (const auto rent = table.optional_string("rent")) {
    const Parsed<Money> parsed = parse_rent(*rent);
    if (!parsed.value) table.problem("rent", "rent = " + parsed.problem);
    cluster.rent_per_chip_hour = parsed.value;
  }
  cluster.price_per_node = positive_money(table, "price");
  if (!table.has("node") && !table.has("chip")) table.problem("node", "node is missing; write node = \"hgx-h100\" or chip = \"h100-sxm\"");
  if (table.has("node") && table.has("chip")) table.problem("chip", "node and chip are both given; write one of them");
  if (!candidate && !table.has("nodes") && !table.has("chips")) table.problem("nodes", "nodes is missing; write nodes = N, or chips = N");
  if (table.has("nodes") && table.has("chips")) table.problem("chips", "nodes and chips are both given; write one of them");
  return cluster;
}

void read_layout(const TomlTable& table, PartialLayout& layout) {
  const auto size = [&](const char* key) { return integer(table, key, 1, kParallelMax); };
  layout.tensor_parallel = size("tp");
  layout.sequence_parallel = table.optional_boolean("sp");
  layout.pipeline_parallel = size("pp");
  layout.virtual_pipeline = size("vpp");
  layout.context_parallel = size("cp");
  layout.expert_parallel = size("ep");
  layout.expert_tensor_parallel = size("etp");
  layout.data_parallel = size("dp");
  layout.microbatch = integer(table, "microbatch", 1, kMicrobatchMax);
  layout.schedule = choice<workload::Schedule>(table, "schedule", schedule_names());
  layout.recompute = choice<workload::Recompute>(table, "recompute", recompute_names());
  layout.recompute_layers = integer(table, "recompute_layers", 0, 100'000);
  layout.sharding = choice<workload::Sharding>(table, "sharding", sharding_names());
  layout.shard_size = size("shard_size");
  layout.offload_optimizer = table.optional_boolean("offload_optimizer");
  layout.overlap_grad_reduce = table.optional_boolean("overlap_grad_reduce");
  layout.overlap_param_gather = table.optional_boolean("overlap_param_gather");
  layout.overlap_tensor_parallel = table.optional_boolean("overlap_tensor_parallel");
  layout.overlap_expert_parallel = table.optional_boolean("overlap_expert_parallel");
}

void read_limits(const TomlTable& table, ScenarioLimits& limits) {
  limits.capex = positive_money(table, "capex");
  limits.opex = positive_money(table, "opex");
  if (const auto budget = positive_money(table, "budget")) {
    if (limits.opex) table.problem("budget", "opex and budget are both given; they mean the same, write one of them");
    limits.opex = budget;
  }
  limits.power = positive<Watts>(table, "power");
  limits.deadline = positive<Seconds>(table, "deadline");
  limits.chips = integer(table, "chips", 1, kChipsMax);
  limits.memory_headroom = table.optional_real("memory_headroom", 0.0, 0.9);
}

}  // namespace

void read_scenario_file(std::string_view text, const std::string& source, Scenario& scenario) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  if (const auto table = root.optional_table("model")) read_model(*table, scenario.model);
  if (const auto table = root.optional_table("training")) read_training(*table, scenario.training);
  if (const auto table = root.optional_table("cluster")) scenario.cluster = read_cluster(*table, false);
  for (const TomlTable& table : root.tables("candidate")) scenario.candidates.push_back(read_cluster(table, true));
  if (const auto table = root.optional_table("layout")) read_layout(*table, scenario.layout);
  if (const auto table = root.optional_table("limits")) read_limits(*table, scenario.limits);
  read_fabric_sections(root, scenario.network);
  if (const auto table = root.optional_table("fabric")) read_fabric_design(*table, scenario.fabric_design);
  document.finish();
}

Scenario read_scenario(std::string_view text, const std::string& source, const ScenarioFlags& flags) {
  Scenario scenario;
  scenario.source = source;
  Problems problems;
  try {
    if (!source.empty()) read_scenario_file(text, source, scenario);
  } catch (const InputError& error) {
    problems.add(error.problems());
  }
  apply_scenario_flags(flags, scenario, problems);
  problems.throw_if_any();
  return scenario;
}

}  // namespace socle::api
