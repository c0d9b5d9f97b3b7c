#include "socle/setup/adapter_setup.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/catalog/host_link.hpp"
#include "socle/memory/serving_memory.hpp"
#include "socle/workload/adapters.hpp"

namespace socle::setup {
namespace {

constexpr int kRankDefault = 16;  // vLLM's max_lora_rank
// Ranks that vLLM takes. Source: vllm-project/vllm vllm/config (LoRAConfig, possible_max_ranks), as recalled.
constexpr std::array<int, 9> kVllmRanks{1, 8, 16, 32, 64, 128, 256, 320, 512};
constexpr Seconds kMatrixCopy{10e-6};       // estimate
constexpr BytesPerSecond kDisk{2e9};        // estimate
constexpr double kPopularityDefault = 1.0;  // assumption: Zipf's law itself

bool is_vllm(const catalog::Engine& engine) { return engine.family == "vllm" || engine.family == "vllm-ascend"; }

/// Adapters of one step. Sources, as recalled: vLLM max_loras 1; SGLang max_loras_per_batch 8; TensorRT-LLM LoraConfig
/// max_loras 4.
int slots_default(const catalog::Engine& engine) {
  if (engine.family == "sglang") return 8;
  return engine.family == "tensorrt-llm" ? 4 : 1;
}

}  // namespace

void set_up_adapters(const scenario::Scenario& scenario, ServeSetup& setup) {
  const scenario::LoraSection& asked = scenario.serving.lora;
  if (!asked.any()) return;
  Problems problems;
  const auto wrong = [&](const char* key, std::string message) {
    problems.add({scenario.source, 0, 0, fmt::format("serving.lora.{}", key), std::move(message)});
  };
  const auto note = [&](std::string sentence) { setup.assumptions.push_back(std::move(sentence)); };
  workload::AdapterServing& adapters = setup.adapters;
  adapters.rank = asked.rank.value_or(kRankDefault);
  adapters.slots = asked.max_loras.value_or(slots_default(setup.engine));
  adapters.attention_only = asked.targets == "attention";
  if (is_vllm(setup.engine) && std::find(kVllmRanks.begin(), kVllmRanks.end(), adapters.rank) == kVllmRanks.end())
    wrong("rank", fmt::format("{} has no room for rank {}; use one of {}", setup.engine.name, adapters.rank,
                              fmt::join(kVllmRanks, ", ")));
  if (is_vllm(setup.engine) && adapters.attention_only)
    wrong("targets",
          fmt::format("{} holds room for every matrix that can have an adapter; leave targets out", setup.engine.name));
  if (!asked.rank) note(fmt::format("The rank of adapters is not stated: {}.", kRankDefault));
  if (!asked.max_loras)
    note(fmt::format("max_loras is not stated: {}, as {} takes it.", adapters.slots, setup.engine.name));
  // vLLM keeps as many as the chip does, others all that were loaded: as recalled.
  const int all = std::max(adapters.slots, asked.adapters.value_or(adapters.slots));
  adapters.host = asked.max_cpu_loras.value_or(is_vllm(setup.engine) ? adapters.slots : all);
  if (adapters.host < adapters.slots)
    wrong("max_cpu_loras", fmt::format("max_cpu_loras = {} is less than max_loras = {}, which engines refuse; raise "
                                       "the one or lower the other",
                                       adapters.host, adapters.slots));
  const bool experts = std::any_of(setup.model.kinds.begin(), setup.model.kinds.end(),
                                   [](const model::Layer& layer) { return layer.feed_forward.experts > 0; });
  if (experts && !adapters.attention_only) note("Adapters leave experts alone: attention and dense blocks have them.");
  setup.doubts.push_back("Products of adapters are not measured: traffic and a third of the matrix peak (estimate).");
  problems.throw_if_any();
}

void give_adapters(const scenario::Scenario& scenario, const ServeSetup& serve, RequestsSetup& requests) {
  if (!serve.adapters.any()) return;
  const scenario::LoraSection& asked = scenario.serving.lora;
  const workload::AdapterTraffic traffic{.adapters = asked.adapters.value_or(serve.adapters.slots),
                                         .exponent = asked.popularity.value_or(kPopularityDefault),
                                         .share = asked.share.value_or(1.0)};
  if (!asked.adapters)
    requests.assumptions.push_back(
        fmt::format("The number of adapters is not stated: {}, as many as the chip holds.", traffic.adapters));
  if (!asked.popularity && traffic.adapters > 1)
    requests.assumptions.push_back("The k-th adapter is asked for 1/k as often as the first (Zipf's law).");
  if (traffic.adapters > serve.adapters.host)
    requests.assumptions.push_back(
        fmt::format("An adapter that is not in the host's memory is read from disk at {} (estimate).",
                    format_bytes_per_second(kDisk)));
  requests.make = [inner = std::move(requests.make),
                   traffic](std::uint32_t seed) -> std::unique_ptr<workload::RequestSource> {
    return std::make_unique<workload::AdapterSource>(inner(seed), traffic, seed);
  };
}

AdapterCopies adapter_copies(const ServeSetup& setup, const workload::ServingLayout& layout) {
  const memory::AdapterBytes bytes = memory::adapter_bytes(setup.model, layout, setup.adapters);
  const Seconds from_host = bytes.matrices * kMatrixCopy + bytes.on_chip / catalog::host_link_bandwidth(setup.chip);
  return {from_host, from_host + bytes.whole / kDisk};
}

}  // namespace socle::setup
