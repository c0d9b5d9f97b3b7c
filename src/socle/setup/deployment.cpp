#include "socle/setup/deployment.hpp"

#include <algorithm>

#include "socle/base/check.hpp"
#include "socle/catalog/host_link.hpp"
#include "socle/setup/adapter_setup.hpp"

namespace socle::setup {
namespace {

serve::Policy policy_of(catalog::EnginePolicy policy) {
  switch (policy) {
    case catalog::EnginePolicy::kVllmV0:
      return serve::vllm_v0;
    case catalog::EnginePolicy::kSglang:
      return serve::sglang;
    case catalog::EnginePolicy::kTrtllmNoEvict:
      return serve::trtllm_no_evict;
    case catalog::EnginePolicy::kVllmV1:
    case catalog::EnginePolicy::kLmdeploy:  // prompts and decodes in one step, recompute
      break;
  }
  return serve::vllm_v1;
}

serve::EngineTiming engine_timing(const catalog::ServingTiming& timing, std::vector<int> graph_sizes) {
  return {.step = timing.step,
          .per_sequence = timing.per_sequence,
          .per_prompt = timing.per_prompt,
          .edge = {timing.request, timing.prompt_token},
          .decode = timing.decode,
          .prefill = timing.prefill,
          .device_layer = timing.device_layer,
          .expert_layer = timing.expert_layer,
          .hidden_launch = timing.hidden_launch,
          .graph_sizes = std::move(graph_sizes),
          .eager_layer = timing.eager_layer};
}

}  // namespace

Deployment deploy(const ServeSetup& setup, const workload::ServingLayout& layout, const memory::ServingMemory& memory,
                  const catalog::ServingTiming& timing) {
  SOCLE_CHECK(memory.blocks > 0, "what is deployed fits");
  Deployment deployment;
  deployment.served = {
      .model = setup.model, .layout = layout, .formats = setup.formats, .speculation = {}, .skew = timing.skew};
  deployment.served.kernels = {.fastest_experts = setup.engine.fastest_experts,
                               .fused_casts = setup.engine.fused_casts,
                               .fastest_all_reduce = setup.engine.fastest_all_reduce};
  deployment.facts = timing;
  deployment.batches = layout.pipeline_parallel;
  const int batches = deployment.batches;
  serve::ReplicaOptions& replica = deployment.replica;
  replica.limits = {.blocks = memory.blocks / batches,
                    .block_tokens = memory.block_tokens,
                    .max_sequences = std::max(1, setup.max_num_seqs / batches),
                    .max_step_tokens = setup.max_num_batched_tokens,
                    .watermark = setup.engine.watermark,
                    .prefix_caching = setup.engine.prefix_caching,
                    .prefix_tokens = (512 + memory.block_tokens - 1) / memory.block_tokens * memory.block_tokens};
  deployment.served.adapters = replica.limits.adapters = setup.adapters;
  replica.lanes = layout.data_parallel;
  replica.policy = policy_of(setup.engine.policy);
  replica.policy_options = {.chunked_prefill = setup.engine.chunked_prefill};
  replica.edge = net::to_picoseconds(timing.edge);
  const int largest = rules_on(setup, layout).graph_sequences;
  deployment.timing = engine_timing(timing, largest > 0 ? captured_sizes(setup.engine, largest) : std::vector<int>{});
  if (setup.adapters.any()) {
    const AdapterCopies copies = adapter_copies(setup, layout);
    deployment.timing.adapter_from_host = copies.from_host;
    deployment.timing.adapter_from_disk = copies.from_disk;
  }
  return deployment;
}

namespace {

// A name's cache lies on all chips of a lane, each of which loads its part over its own link; the disk is shared.
void add_tiers(const ServeSimulationSetup& setup, const workload::ServingLayout& layout,
               const memory::ServingMemory& memory, Deployment& deployment) {
  serve::LaneLimits& limits = deployment.replica.limits;
  if (!setup.tiers.any() || !limits.prefix_caching) return;
  const Bytes on_chip = memory.kv_bytes_per_token * static_cast<double>(limits.prefix_tokens);
  const Bytes name = on_chip * static_cast<double>(layout.tensor_parallel * layout.pipeline_parallel);
  const double lanes = static_cast<double>(layout.data_parallel) * deployment.batches;
  limits.tiers = {.host = static_cast<std::int64_t>(setup.tiers.host / name / lanes),
                  .disk = static_cast<std::int64_t>(setup.tiers.disk / name / lanes)};
  deployment.timing.name_from_host = on_chip / catalog::host_link_bandwidth(setup.serve.chip);
  deployment.timing.name_from_disk = deployment.timing.name_from_host + name / setup.tiers.disk_bandwidth;
}

}  // namespace

Deployment deploy(const ServeSimulationSetup& setup, const workload::ServingLayout& layout,
                  const memory::ServingMemory& memory) {
  Deployment deployment = deploy(setup.serve, layout, memory, setup.timing);
  deployment.served.speculation = setup.speculation;
  deployment.served.dual_batch = setup.dual_batch;
  if (setup.skew) deployment.served.skew = *setup.skew;
  serve::LaneLimits& limits = deployment.replica.limits;
  limits.step_sixteenths = setup.speculation.step_sixteenths();
  limits.max_tokens = setup.serve.max_model_len;
  limits.order = setup.order;
  for (const RequestClass& one : setup.requests.classes) limits.classes.push_back({one.priority, one.weight});
  if (setup.max_waiting > 0)
    deployment.replica.max_waiting = std::max<std::int64_t>(1, setup.max_waiting / deployment.batches);
  deployment.replica.lane_choice = setup.lane_choice;
  deployment.replica.prompt_wait = setup.prompt_wait;
  if (setup.prefix_caching) limits.prefix_caching = *setup.prefix_caching;
  const int named = setup.requests.prefix_tokens;
  if (named > 0 && named % limits.block_tokens == 0)
    limits.prefix_tokens = named;
  else
    limits.prefix_caching = false;  // nothing that could be found, or names that cut blocks
  add_tiers(setup, layout, memory, deployment);
  return deployment;
}

Deployment deploy_prefill(const ServeSimulationSetup& setup, const workload::ServingLayout& layout,
                          const memory::ServingMemory& memory) {
  ServeSimulationSetup prompts = setup;
  prompts.speculation = {};
  return deploy(prompts, layout, memory);
}

serve::TransferLinks transfer_links(const workload::ServingLayout& prefill, const workload::ServingLayout& decode,
                                    const machine::MachineSpec& prefill_spec, const machine::MachineSpec& decode_spec) {
  const auto nic = [](const machine::MachineSpec& spec) { return spec.nic_per_chip * spec.nic_fraction; };
  const auto of_one = [](const workload::ServingLayout& l) { return l.tensor_parallel * l.pipeline_parallel; };
  // Each of the smaller replicas that stand for a pipeline has its part.
  return {.prefill = nic(prefill_spec) * prefill.ranks(),
          .decode = nic(decode_spec) * decode.ranks(),
          .one = std::min(nic(prefill_spec) * of_one(prefill), nic(decode_spec) * of_one(decode)),
          .latency = std::max(prefill_spec.nic_latency, decode_spec.nic_latency)};
}

}  // namespace socle::setup
