#include "socle/setup/train_setup.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/model/recipe_names.hpp"
#include "socle/setup/at_place.hpp"
#include "socle/setup/cluster_setup.hpp"
#include "socle/setup/model_setup.hpp"
#include "socle/setup/transport_setup.hpp"

namespace socle::setup {
namespace {

constexpr int kSequenceDefaultMax = 8192;
constexpr int kSequenceUnknownContext = 4096;
constexpr double kTokensPerBatch = 4.2e6;  // about what published runs of large models take per step (assumption)

std::optional<std::string> cluster_missing(const scenario::Scenario& scenario) {
  if (!scenario.cluster && !scenario.candidates.empty())
    return "socle train evaluates one cluster; name it with --cluster NODE:COUNT or in [cluster] instead of "
           "[[candidate]]";
  if (!scenario.cluster || (scenario.cluster->node.empty() && scenario.cluster->chip.empty())) {
    return "no cluster is named; use --cluster NODE:COUNT, --chip NAME --chips N, or [cluster]";
  }
  if (!scenario.cluster->nodes && !scenario.cluster->chips)
    return "the number of chips is missing; use --chips N, or nodes = N in [cluster]";
  return std::nullopt;
}

int default_batch(const TrainSetup& setup) {
  const workload::PartialLayout& layout = setup.layout;
  int batch = 1;
  while (2.0 * batch * setup.job.sequence_length <= kTokensPerBatch || batch * 8 < setup.cluster.chips) batch *= 2;
  const std::int64_t per_pass = std::int64_t{layout.data_parallel.value_or(1)} * layout.microbatch.value_or(1);
  if (per_pass >= scenario::kBatchMax) return batch;
  return static_cast<int>((batch + per_pass - 1) / per_pass * per_pass);
}

void fill_job(const scenario::TrainingSection& training, TrainSetup& setup) {
  workload::TrainingJob& job = setup.job;
  const auto note = [&](std::string sentence) { setup.assumptions.push_back(std::move(sentence)); };
  job.total_tokens = training.tokens.value_or(Tokens{});
  job.recipe = training.precision.value_or(model::Recipe::kBf16);
  setup.precision = model::name_of_recipe(job.recipe);
  if (!training.precision) note("The precision is not stated: bf16.");
  job.attention = training.attention.value_or(
      setup.machine.stack().flash_attention ? workload::AttentionKernel::kFlash : workload::AttentionKernel::kUnfused);
  job.dropout = setup.machine.stack().dropout;
  job.mtp = training.mtp.value_or(true);
  job.lora = training.lora.value_or(false);
  job.lora_rank = training.lora_rank.value_or(job.lora_rank);
  job.lora_targets = training.lora_targets.value_or(job.lora_targets);
  job.base_format = training.base_format.value_or(job.base_format);
  job.loss = training.loss.value_or(job.loss);
  job.optimizer = training.optimizer;
  job.master_weights = training.master_weights;
  job.gradient_type = training.gradient_type;
  job.packed_length = training.packed_length.value_or(0);
  if (job.lora && !training.lora_rank) note(fmt::format("The LoRA rank is not stated: {}.", job.lora_rank));
  job.sequence_length = training.sequence_length.value_or(
      std::min(setup.model.context > 0 ? setup.model.context : kSequenceUnknownContext, kSequenceDefaultMax));
  if (!training.sequence_length)
    note(fmt::format("The sequence length is not stated: {} (the model's context, {} at most).", job.sequence_length,
                     kSequenceDefaultMax));
  job.global_batch = training.global_batch.value_or(0);
  if (!training.global_batch) {
    job.global_batch = default_batch(setup);
    note(fmt::format("The global batch is not stated: {} sequences, {} a step.", job.global_batch,
                     format_tokens(Tokens{static_cast<double>(job.global_batch) * job.sequence_length})));
  }
}

/// What only acts beside another key, and what contradicts one.
void check_training(const scenario::Scenario& scenario, Problems& problems) {
  const scenario::TrainingSection& training = scenario.training;
  const auto refuse = [&](const char* key, std::string sentence) {
    problems.add({scenario.source, 0, 0, fmt::format("training.{}", key), std::move(sentence)});
  };
  const bool lora = training.lora.value_or(false);
  if (!lora && training.base_format.value_or(workload::BaseFormat::kBf16) != workload::BaseFormat::kBf16)
    refuse("base_format", "a quantised base is frozen and trains adapters only; set lora = true, or leave it out");
  if (!lora && training.lora_targets)
    refuse("lora_targets", "it says where adapters stand; set lora = true, or leave it out");
  if (training.packed_length && training.attention == workload::AttentionKernel::kUnfused)
    refuse("packed_length", "an unfused attention masks the whole square; use attention = \"flash\", or leave it out");
  if (training.packed_length && training.sequence_length && *training.packed_length > *training.sequence_length)
    refuse("packed_length", fmt::format("documents of {} tokens do not fit a sequence of {}; write at most {}",
                                        *training.packed_length, *training.sequence_length, *training.sequence_length));
}

/// What the stack's framework is not known to have.
void doubt_options(const scenario::Scenario& scenario, TrainSetup& setup) {
  const catalog::Stack& stack = setup.machine.stack();
  const auto doubt = [&](const char* what) {
    setup.doubts.push_back(fmt::format("{} is priced, but {} is not known to have it.", what, stack.name));
  };
  if (setup.layout.recompute == workload::Recompute::kOpSelective && !stack.op_selective)
    doubt("Recompute by operator");
  if (setup.layout.recompute_modules && !stack.recompute_modules) doubt("Recompute of named modules");
  if (setup.layout.reshard_after_forward && !stack.reshard_switch) doubt("The switch reshard_after_forward");
  if (scenario.training.base_format.value_or(workload::BaseFormat::kBf16) != workload::BaseFormat::kBf16)
    setup.assumptions.push_back("The quantised base is widened to 16 bits for every product, in a pass of its own.");
}

/// What a machine's NICs give is stated for the usual transport; another one gives its share of that.
void take_transport(const catalog::Catalog& catalog, const scenario::Scenario& scenario, TrainSetup& setup) {
  const catalog::Transport named = named_transport(catalog, scenario);
  machine::MachineSpec spec = setup.machine.spec();
  spec.nic_fraction *= named.share / catalog::transport(catalog, catalog::kUsualTransport).share;
  setup.machine = machine::Machine(std::move(spec), setup.machine.kernels());
  setup.assumptions.push_back(fmt::format("NICs: {}.", catalog::transport_text(named)));
}

/// A stack that is stated splits only along the axes that it has.
void keep_to_axes(TrainSetup& setup) {
  const catalog::Stack& stack = setup.machine.stack();
  const std::pair<const char*, std::optional<int> workload::PartialLayout::*> axes[] = {
      {"tp", &workload::PartialLayout::tensor_parallel},
      {"pp", &workload::PartialLayout::pipeline_parallel},
      {"cp", &workload::PartialLayout::context_parallel},
      {"ep", &workload::PartialLayout::expert_parallel}};
  for (const auto& [name, axis] : axes) {
    if (std::find(stack.lacks.begin(), stack.lacks.end(), name) == stack.lacks.end()) continue;
    std::optional<int>& ranks = setup.layout.*axis;
    if (ranks.value_or(1) > 1)
      setup.doubts.push_back(fmt::format("{} = {}: {} does not split along it (source: {}).", name, *ranks, stack.name,
                                         stack.provenance.source));
    else if (!ranks)
      setup.assumptions.push_back(fmt::format("{} = 1: {} does not split along it.", name, stack.name));
    if (!ranks) ranks = 1;
  }
}

/// Puts the machine on the middle of the plausible stacks that have the axes which the user splits along.
void take_middle(TrainSetup& setup) {
  if (!setup.job.lora) std::erase_if(setup.plausible, [](const catalog::Stack& stack) { return stack.adapters_only; });
  const workload::Layout axes{.tensor_parallel = setup.layout.tensor_parallel.value_or(1),
                              .pipeline_parallel = setup.layout.pipeline_parallel.value_or(1),
                              .context_parallel = setup.layout.context_parallel.value_or(1),
                              .expert_parallel = setup.layout.expert_parallel.value_or(1)};
  search::StackSpread spread =
      search::middle_for(setup.model, setup.job, axes, setup.machine, setup.plausible, setup.cluster.chips);
  if (spread.stacks.empty()) return;
  setup.machine = search::on_middle(setup.machine, setup.plausible, spread);
  setup.probe = std::move(spread);
}

}  // namespace

TrainSetup set_up_job(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::optional<std::string>& config) {
  Problems problems;
  const scenario::Named& model_name = scenario.model.name.empty() ? scenario.model.config : scenario.model.name;
  auto model =
      at_place(scenario, model_name, "model", problems, [&] { return look_up_model(catalog, scenario, config); });
  std::optional<ClusterSetup> cluster;
  if (const auto missing = cluster_missing(scenario)) {
    problems.add({scenario.source, 0, 0, "cluster", *missing});
  } else {
    scenario::ClusterSection wanted = *scenario.cluster;
    const bool known = wanted.stack.empty() || at_place(scenario, wanted.stack, "cluster.stack", problems,
                                                        [&] { return catalog.slug_of("stacks", wanted.stack.text); });
    if (!known) wanted.stack = {};  // told at its own place; the rest is still looked up
    cluster = at_place(scenario, wanted.node.empty() ? wanted.chip : wanted.node, "cluster", problems,
                       [&] { return set_up_cluster(catalog, wanted); });
  }
  check_training(scenario, problems);
  problems.throw_if_any();
  TrainSetup setup{.model = std::move(model->model),
                   .job = {},
                   .precision = {},
                   .layout = workload::settled(scenario.layout),
                   .machine = std::move(cluster->machine),
                   .plausible = std::move(cluster->plausible),
                   .cluster = std::move(cluster->facts),
                   .memory_headroom = scenario.limits.memory_headroom,
                   .limits = {},
                   .flow = {},
                   .assumptions = std::move(model->notes),
                   .doubts = std::move(cluster->doubts)};
  setup.assumptions.insert(setup.assumptions.end(), cluster->assumptions.begin(), cluster->assumptions.end());
  if (scenario.layout.schedule == workload::Schedule::kDualPipe && !scenario.layout.overlap_expert_parallel)
    setup.assumptions.push_back(
        "DualPipe hides the exchange of experts under another microbatch (overlap_expert_parallel = false: it does "
        "not).");
  if (!scenario.cluster->topology.empty() && !scenario.fabric.flow()) {
    setup.assumptions.push_back(
        fmt::format("The fabric's topology ({}) does not move these closed forms; network = \"flow\" in [fabric] runs "
                    "the messages through it.",
                    scenario.cluster->topology));
  }
  fill_job(scenario.training, setup);
  if (setup.plausible.empty())
    keep_to_axes(setup);
  else
    take_middle(setup);
  const catalog::Stack& stack = setup.machine.stack();
  if (setup.job.lora && !scenario.training.lora_targets && stack.adapts_all_matrices) {
    setup.job.lora_targets = workload::LoraTargets::kAll;
    setup.assumptions.push_back(fmt::format("lora_targets = \"all\": as {} has it.", stack.name));
  }
  doubt_options(scenario, setup);
  return setup;
}

std::optional<std::string> config_text(const scenario::Scenario& scenario, const FileReader& read_file) {
  if (scenario.model.config.empty()) return std::nullopt;
  return read_file(scenario.model.config.text);
}

TrainSetup set_up_train(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                        const std::optional<std::string>& config, const FileReader& read_file) {
  const bool flow = scenario.fabric.flow();
  scenario::Scenario on_machine = scenario;
  // The flow simulator finds where uplinks are shared: nothing is charged for it beforehand.
  if (flow && on_machine.cluster) on_machine.cluster->overrides.oversubscription = 1.0;
  TrainSetup setup = set_up_job(catalog, on_machine, config);
  if (!scenario.fabric.transport.empty()) take_transport(catalog, scenario, setup);
  if (flow) setup.flow = set_up_flow(catalog, scenario, read_file, setup.machine, setup.cluster.chips);
  setup.limits = run_limits(catalog, scenario.limits, setup.cluster);
  return setup;
}

}  // namespace socle::setup
