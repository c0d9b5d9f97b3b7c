#include "socle/setup/serve_setup.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/unit_text.hpp"
#include "socle/setup/adapter_setup.hpp"
#include "socle/setup/at_place.hpp"
#include "socle/setup/model_setup.hpp"

namespace socle::setup {
namespace {

using catalog::MemoryShare;

constexpr std::int64_t kReplicaMax = 1'000'000;  // chips
constexpr int kContextUnknown = 8192;
constexpr int kChunkedBeyond = 32'768;  // vLLM V0 chunks the prefill of longer contexts by itself
constexpr int kBatchedLeast = 2048;
constexpr double kGiB = 1073741824.0;
constexpr double kRoomyMemory = 60.0;  // GiB from which SGLang keeps a least reserve

struct Machine {
  catalog::Chip chip;
  int per_node = 8;
  std::optional<int> chips;
};

Machine look_up_machine(const catalog::Catalog& catalog, const scenario::Scenario& scenario) {
  if (!scenario.cluster || (scenario.cluster->node.empty() && scenario.cluster->chip.empty()))
    throw InputError(Problem{{}, 0, 0, "chip", "no chip is named; use --chip NAME, or chip or node in [cluster]"});
  const scenario::ClusterSection& cluster = *scenario.cluster;
  Machine machine;
  if (!cluster.node.empty()) {
    const catalog::Node node = catalog.node(cluster.node.text);
    machine.chip = catalog.chip(node.chip);
    machine.per_node = node.chips;
    if (cluster.nodes)
      machine.chips = static_cast<int>(std::min<std::int64_t>(std::int64_t{*cluster.nodes} * node.chips, 1 << 30));
  } else {
    machine.chip = catalog.chip(cluster.chip.text);
  }
  if (cluster.chips) machine.chips = cluster.chips;
  if (cluster.overrides.memory) {
    machine.chip.memory = cluster.overrides.memory;
    machine.chip.memory_usable.reset();
  }
  if (!machine.chip.memory)
    throw InputError(Problem{{},
                             0,
                             0,
                             "memory",
                             fmt::format("the memory of {} is not public; suppose a size with --memory \"64 GB\" or "
                                         "--assume {}.memory=\"64 GB\"",
                                         machine.chip.name, machine.chip.slug)});
  return machine;
}

/// vLLM, or its plugin where the chip needs one.
std::string engine_default(const std::optional<Machine>& machine) {
  return machine && machine->chip.slug.starts_with("ascend") ? "vllm-ascend" : "vllm";
}

/// Attention data parallel whose prompts wait for each other: attention_dp_config with enable_balance.
void check_prompt_wait(const scenario::Scenario& scenario, const catalog::Engine& engine, Problems& problems) {
  const scenario::ServingSection& serving = scenario.serving;
  if (!serving.prompt_wait_steps) return;
  const auto add = [&](std::string_view why) {
    problems.add({scenario.source, 0, 0, "serving.prompt_wait_steps",
                  fmt::format("prompt_wait_steps = {}: {}, or leave it out", *serving.prompt_wait_steps, why)});
  };
  if (engine.policy != catalog::EnginePolicy::kTrtllmNoEvict)
    add(fmt::format("{} has no such setting; name tensorrt-llm as the engine", engine.name));
  if (serving.prefill_replicas)
    add("prompts wait only on ranks that decode as well; write replicas in place of prefill_replicas");
  else if (serving.data_parallel.value_or(1) == 1)
    add("prompts wait for those of other data-parallel ranks; say dp as well");
}

/// What says something only together.
void check_together(const scenario::Scenario& scenario, const catalog::Engine& engine, const catalog::Chip& chip,
                    Problems& problems) {
  const scenario::ServingSection& serving = scenario.serving;
  const auto add = [&](const char* key, std::string message) {
    problems.add({scenario.source, 0, 0, key, std::move(message)});
  };
  const std::int64_t replica = std::int64_t{1} * serving.tensor_parallel.value_or(1) *
                               serving.pipeline_parallel.value_or(1) * serving.data_parallel.value_or(1);
  if (replica > kReplicaMax)
    add("serving.tp",
        fmt::format("tp * pp * dp = {} chips are too many; a replica has at most {}", replica, kReplicaMax));
  const std::vector<std::string>& vendors = engine.vendors;
  if (!vendors.empty() && std::find(vendors.begin(), vendors.end(), chip.vendor) == vendors.end())
    add("serving.engine", fmt::format("{} runs on chips of {} only, {} is of {}; name another engine or chip",
                                      engine.name, fmt::join(vendors, ", "), chip.name, chip.vendor));
  const bool vllm = engine.policy == catalog::EnginePolicy::kVllmV0 || engine.policy == catalog::EnginePolicy::kVllmV1;
  if (vllm && serving.max_num_seqs && serving.max_num_batched_tokens &&
      *serving.max_num_seqs > *serving.max_num_batched_tokens)
    add("serving.max_num_seqs",
        fmt::format("max_num_seqs = {} is more than max_num_batched_tokens = {}, which {} refuses; lower the one or "
                    "raise the other",
                    *serving.max_num_seqs, *serving.max_num_batched_tokens, engine.name));
}

/// The share that was asked for, and its name; a share of another engine would change its meaning in silence.
std::optional<double> asked_share(const scenario::Scenario& scenario, const catalog::Engine& engine,
                                  Problems& problems) {
  const scenario::ServingSection& serving = scenario.serving;
  const std::pair<MemoryShare, std::optional<double>> all[] = {{MemoryShare::kOfTotal, serving.gpu_memory_utilization},
                                                               {MemoryShare::kOfStatic, serving.mem_fraction_static},
                                                               {MemoryShare::kOfFree, serving.kv_free_fraction}};
  std::optional<double> asked;
  for (const auto& [share, value] : all) {
    if (!value) continue;
    if (share == engine.memory.share)
      asked = value;
    else
      problems.add({scenario.source, 0, 0, std::string(share_name(share)),
                    fmt::format("{} is not how {} sizes its cache; write {}", share_name(share), engine.name,
                                share_name(engine.memory.share))});
  }
  return asked;
}

/// A copy is an expert like the others: it takes as much memory, and tokens are shared among all of them.
void add_experts(const scenario::ServingSection& serving, ServeSetup& setup) {
  const int copies = serving.redundant_experts.value_or(0);
  if (copies == 0) return;
  bool routed = false;
  for (model::Layer& layer : setup.model.kinds) {
    model::FeedForward& ff = layer.feed_forward;
    if (ff.experts == 0) continue;
    if (ff.router_weights == 0) ff.router_weights = static_cast<double>(setup.model.hidden) * ff.experts;
    ff.experts += copies;
    routed = true;
  }
  if (!routed)
    throw InputError(Problem{setup.source, 0, 0, "serving.redundant_experts",
                             "redundant_experts: the model has no experts; leave it out"});
  setup.assumptions.push_back(
      fmt::format("Each layer holds {} experts twice; the parameters above count them so.", copies));
}

void fill_formats(const scenario::ServingSection& serving, ServeSetup& setup) {
  const auto published = published_formats(setup.model.weight_format);
  setup.formats_from = published ? "as published" : "default";
  if (published) setup.formats = *published;
  if (!published && !setup.model.weight_format.empty() && !serving.weights)
    setup.assumptions.push_back(
        fmt::format("The published weight format \"{}\" is not one that is known: bf16; say "
                    "--weights for another.",
                    setup.model.weight_format));
  if (serving.weights) {
    setup.formats.matrices = setup.formats.experts = *serving.weights;
    setup.formats_from = "as asked";
  }
  if (serving.experts) {
    setup.formats.experts = *serving.experts;
    setup.formats_from = "as asked";
  }
  setup.formats.kv = serving.kv.value_or(model::DataType::kBf16);
}

int batched_default(const catalog::Engine& engine, const catalog::EngineLimits& limits, int length) {
  if (!engine.batched_context || length > kChunkedBeyond) return limits.max_num_batched_tokens;
  return std::max(length, kBatchedLeast);
}

void fill_limits(const scenario::ServingSection& serving, ServeSetup& setup) {
  const auto note = [&](std::string sentence) { setup.assumptions.push_back(std::move(sentence)); };
  setup.max_model_len_asked = serving.max_model_len.has_value();
  setup.max_model_len = serving.max_model_len.value_or(setup.model.context > 0 ? setup.model.context : kContextUnknown);
  if (!setup.max_model_len_asked) {
    note(setup.model.context > 0
             ? fmt::format("max_model_len is not stated: the model's context, {}.", format_whole(setup.max_model_len))
             : fmt::format("max_model_len is not stated and the model's context not known: {}.", kContextUnknown));
  }
  if (setup.model.context > 0 && setup.max_model_len > setup.model.context)
    setup.doubts.push_back(
        fmt::format("max_model_len {} is beyond the {} tokens that the model was published for: engines "
                    "refuse it unless its config says more.",
                    format_whole(setup.max_model_len), format_whole(setup.model.context)));
  const catalog::EngineLimits& limits = limits_on(setup.engine, setup.chip.slug, setup.chip_memory);
  setup.max_num_seqs = serving.max_num_seqs.value_or(limits.max_num_seqs);
  setup.max_num_batched_tokens =
      serving.max_num_batched_tokens.value_or(batched_default(setup.engine, limits, setup.max_model_len));
  if (!serving.max_num_seqs || !serving.max_num_batched_tokens)
    note(fmt::format("Limits of a step as {} takes them on this chip: max_num_seqs {}, max_num_batched_tokens {}.",
                     setup.engine.name, format_whole(setup.max_num_seqs), format_whole(setup.max_num_batched_tokens)));
}

void note_defaults(const scenario::Scenario& scenario, ServeSetup& setup) {
  if (scenario.serving.engine.empty())
    setup.assumptions.push_back(
        fmt::format("The engine is not stated: {}, the newest line of its kind.", setup.engine.name));
  if (setup.formats_from == "default") setup.assumptions.push_back("The weights are published in 16 bit: bf16.");
  if (!setup.chip.memory_usable)
    setup.doubts.push_back(
        fmt::format("What programs can have of the memory of {} is not known: 99 % is taken.", setup.chip.name));
  setup.doubts.push_back(fmt::format("{}: {}.", setup.engine.slug, setup.engine.provenance.checked));
}

int graph_sequences(const ServeSetup& setup, int tensor_parallel) {
  const catalog::Engine& engine = setup.engine;
  if (engine.graph_sequences_factor > 0) {
    const double wanted = engine.graph_sequences_factor * setup.max_num_seqs;
    return static_cast<int>(std::min(
        {wanted, static_cast<double>(engine.graph_sequences_max), static_cast<double>(setup.max_num_batched_tokens)}));
  }
  const catalog::EngineLimits& limits = limits_on(engine, setup.chip.slug, setup.chip_memory);
  return tensor_parallel >= 4 ? limits.graph_sequences_wide : limits.graph_sequences;
}

memory::PoolRule pool_rule(MemoryShare share) {
  if (share == MemoryShare::kOfTotal) return memory::PoolRule::kOfTotal;
  return share == MemoryShare::kOfStatic ? memory::PoolRule::kOfStatic : memory::PoolRule::kOfFree;
}

}  // namespace

std::optional<model::ServingFormats> published_formats(std::string_view text) {
  using model::WeightFormat;
  constexpr std::string_view kExperts = ", experts ";
  const auto one = [](std::string_view name) -> std::optional<WeightFormat> {
    for (const model::WeightFormatFacts& facts : model::weight_formats()) {
      if (facts.name == name) return facts.format;
    }
    if (name == "fp4") return WeightFormat::kMxFp4;
    if (name == "int4" || name == "awq" || name == "gptq") return WeightFormat::kInt4WeightOnly;
    return std::nullopt;
  };
  const std::size_t comma = text.find(kExperts);
  const auto matrices = one(text.substr(0, comma));
  if (!matrices) return std::nullopt;
  if (comma == std::string_view::npos) {
    // MXFP4 of gpt-oss is of its experts alone.
    const bool experts_only = *matrices == WeightFormat::kMxFp4;
    return model::ServingFormats{.matrices = experts_only ? WeightFormat::kBf16 : *matrices, .experts = *matrices};
  }
  const auto experts = one(text.substr(comma + kExperts.size()));
  if (!experts) return std::nullopt;
  return model::ServingFormats{.matrices = *matrices, .experts = *experts};
}

std::string_view weight_format_name(model::WeightFormat format) { return model::facts(format).name; }

std::string_view kv_format_name(model::DataType format) {
  const std::vector<std::string>& names = scenario::kv_format_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (scenario::kv_format(i) == format) return names[i];
  }
  return "bf16";
}

ServeSetup set_up_serve(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                        const std::optional<std::string>& config) {
  Problems problems;
  const scenario::ServingSection& serving = scenario.serving;
  const scenario::Named& model_name = scenario.model.name.empty() ? scenario.model.config : scenario.model.name;
  auto model =
      at_place(scenario, model_name, "model", problems, [&] { return look_up_model(catalog, scenario, config); });
  const scenario::Named none;
  const scenario::Named& machine_name = !scenario.cluster                ? none
                                        : scenario.cluster->node.empty() ? scenario.cluster->chip
                                                                         : scenario.cluster->node;
  auto machine =
      at_place(scenario, machine_name, "cluster", problems, [&] { return look_up_machine(catalog, scenario); });
  auto engine = at_place(scenario, serving.engine, "serving.engine", problems, [&] {
    return catalog::resolve_engine(catalog, serving.engine.empty() ? engine_default(machine) : serving.engine.text);
  });
  std::optional<double> share;
  if (engine) share = asked_share(scenario, *engine, problems);
  if (engine) check_prompt_wait(scenario, *engine, problems);
  if (engine && machine) check_together(scenario, *engine, machine->chip, problems);
  problems.throw_if_any();
  ServeSetup setup;
  setup.source = scenario.source;
  setup.model = std::move(model->model);
  setup.engine = *std::move(engine);
  setup.chip = machine->chip;
  setup.chip_memory = catalog::usable_memory(machine->chip);
  setup.chips_per_node = machine->per_node;
  setup.chips = machine->chips;
  setup.tensor_parallel = serving.tensor_parallel;
  setup.pipeline_parallel = serving.pipeline_parallel;
  setup.data_parallel = serving.data_parallel;
  setup.expert_parallel = serving.expert_parallel;
  setup.share = share;
  setup.prediction = serving.prediction.value_or(false);
  setup.assumptions = std::move(model->notes);
  add_experts(serving, setup);
  fill_formats(serving, setup);
  fill_limits(serving, setup);
  set_up_adapters(scenario, setup);
  note_defaults(scenario, setup);
  if (setup.prediction && setup.model.mtp_layers == 0)
    throw InputError(Problem{scenario.source, 0, 0, "serving.mtp",
                             "mtp: the model has no multi-token-prediction modules; leave it out"});
  return setup;
}

ServeSetup set_up_served(model::Transformer model, catalog::Engine engine, const catalog::Chip& chip,
                         const model::ServingFormats& formats) {
  ServeSetup setup;
  setup.model = std::move(model);
  setup.engine = std::move(engine);
  setup.chip = chip;
  setup.chip_memory = catalog::usable_memory(chip);
  setup.formats = formats;
  fill_limits(scenario::ServingSection{}, setup);
  return setup;
}

double share_on(const ServeSetup& setup, const workload::ServingLayout& layout) {
  if (setup.share) return *setup.share;
  const catalog::ShareDefault& rule = setup.engine.memory.share_default;
  const Bytes stated = catalog::visible_memory(*setup.chip.memory);
  if (!rule.by_tp.empty() && stated <= rule.by_tp_memory_max) {
    double share = rule.value;
    for (const auto& [tp, value] : rule.by_tp) {
      if (layout.tensor_parallel * layout.data_parallel >= tp) share = value;
    }
    return share;
  }
  if (!(rule.reserve > Bytes{})) return rule.value;
  Bytes reserve = rule.reserve + std::max(setup.max_num_batched_tokens, kBatchedLeast) * rule.reserve_per_token +
                  graph_sequences(setup, layout.tensor_parallel) * rule.reserve_per_graph_sequence +
                  layout.chips() * rule.reserve_per_chip;
  if (stated > Bytes{kRoomyMemory * kGiB}) reserve = std::max(reserve, rule.reserve_min);
  return std::max(0.01, (stated - reserve) / stated);
}

memory::ServingRules rules_on(const ServeSetup& setup, const workload::ServingLayout& layout) {
  const catalog::EngineMemory& engine = setup.engine.memory;
  const int largest = graph_sequences(setup, layout.tensor_parallel);
  const auto sizes = static_cast<int>(catalog::captured_sizes(setup.engine, largest).size());
  return {.rule = pool_rule(engine.share),
          .share = share_on(setup, layout),
          .total = setup.chip_memory,
          .batched_tokens = setup.max_num_batched_tokens,
          // An engine that does not profile itself rarely samples for more sequences than its largest graph.
          .sequences = engine.share == MemoryShare::kOfStatic && sizes > 0 ? std::min(setup.max_num_seqs, largest)
                                                                           : setup.max_num_seqs,
          .block_tokens = setup.engine.block_tokens,
          .sampler_bytes_per_logit = engine.sampler_bytes_per_logit,
          .context = engine.context + (layout.chips() > 1 ? engine.collectives : Bytes{}),
          .context_inside = engine.context_inside,
          .other = engine.other,
          .graphs = sizes * engine.graph_modes,
          .graph_sequences = sizes > 0 ? largest : 0,
          .graph_per_layer = engine.graph_per_layer,
          .graphs_inside = engine.graphs_inside,
          .frees_windows = engine.frees_windows,
          .pads_groups = engine.pads_groups,
          .prediction = setup.prediction,
          .adapters = setup.adapters};
}

}  // namespace socle::setup
