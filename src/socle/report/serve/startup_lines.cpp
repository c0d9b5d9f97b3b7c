#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

using catalog::EnginePolicy;

constexpr double kGiB = 1073741824.0;

std::string digits_of(std::int64_t value) {  // with commas from four digits on, as Python writes them
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

}  // namespace

// Sources: vllm-project/vllm vllm/v1/core/kv_cache_utils.py and vllm/executor/executor_base.py; sgl-project/sglang
// python/sglang/srt/managers/scheduler.py; TensorRT-LLM and TurboMind: recall.
std::vector<std::string> startup_lines(const setup::ServeSetup& setup, const answer::FitRow& row) {
  if (!row.memory || row.memory->tokens == 0) return {};
  const memory::ServingMemory& held = *row.memory;
  // Beside recurrent states, engines stretch blocks to the size of a state and print what follows from that.
  if (held.state_per_sequence > Bytes{}) return {};
  const std::string concurrency = fmt::format("Maximum concurrency for {} tokens per request: {:.2f}x",
                                              digits_of(setup.max_model_len), row.concurrency);
  switch (setup.engine.policy) {
    case EnginePolicy::kVllmV0:
      return {fmt::format("# GPU blocks: {}", held.blocks), concurrency};
    case EnginePolicy::kVllmV1:
      return {fmt::format("GPU KV cache size: {} tokens", digits_of(held.tokens)), concurrency};
    case EnginePolicy::kSglang:
      return {fmt::format("max_total_num_tokens={}, chunked_prefill_size={}, context_len={}", held.tokens,
                          setup.max_num_batched_tokens, setup.max_model_len)};
    case EnginePolicy::kTrtllmNoEvict:
      return {fmt::format("Allocated {:.2f} GiB for max tokens in paged KV cache ({}).", held.kv_pool.value() / kGiB,
                          held.tokens)};
    case EnginePolicy::kLmdeploy:
      break;
  }
  return {fmt::format("[BlockManager] max_block_count = {}", held.blocks)};
}

}  // namespace socle::report
