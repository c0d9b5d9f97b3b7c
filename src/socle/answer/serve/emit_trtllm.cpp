#include <fmt/format.h>

#include "socle/answer/serve/emit.hpp"

// Names of flags and settings: catalog/launch/tensorrt-llm.toml. The format of weights is the checkpoint's; before 1.0
// the PyTorch backend is to be asked for: recall.

namespace socle::answer {
namespace {

using model::DataType;

void check(const EmitResult& result) {
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  if (layout.data_parallel > 1 && layout.tensor_parallel > 1)
    cannot_say(result, "dp",
               fmt::format("attention is cut by tp or repeated on every chip, not {} groups of {}",
                           layout.data_parallel, layout.tensor_parallel),
               fmt::format("use tp = 1, dp = {}, or dp = 1", layout.ranks()));
}

std::string cache_word(const EmitResult& result) {
  switch (result.setup.serve.formats.kv) {
    case DataType::kFp8:
      return "fp8";
    case DataType::kBf16:
    case DataType::kFp16:
      return "auto";
    default:
      break;
  }
  cannot_say(result, "kv",
             fmt::format("a cache of {} is not known of it", setup::kv_format_name(result.setup.serve.formats.kv)),
             "use bf16 or fp8");
}

}  // namespace

LaunchWords trtllm_words(const EmitResult& result) {
  check(result);
  const setup::EmitSetup& setup = result.setup;
  const setup::ServeSetup& serve = setup.serve;
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  LaunchWords all{.launcher = {"trtllm-serve"},
                  .words = {{"", setup.model}},
                  .settings = {},
                  .settings_file = "extra-llm-api-options.yaml",
                  .notes = {}};
  std::vector<LaunchWord>& words = all.words;
  if (!at_least(serve.engine, 1, 0)) words.push_back({"--backend", "pytorch"});
  words.push_back({"--tp_size", std::to_string(layout.ranks())});
  if (layout.pipeline_parallel > 1) words.push_back({"--pp_size", std::to_string(layout.pipeline_parallel)});
  if (layout.expert_parallel > 1) words.push_back({"--ep_size", std::to_string(layout.expert_parallel)});
  words.push_back({"--max_batch_size", std::to_string(serve.max_num_seqs)});
  words.push_back({"--max_num_tokens", std::to_string(serve.max_num_batched_tokens)});
  if (serve.max_model_len_asked) words.push_back({"--max_seq_len", std::to_string(serve.max_model_len)});
  words.push_back({"--extra_llm_api_options", all.settings_file});
  if (layout.data_parallel > 1) all.settings.push_back({"enable_attention_dp", "true"});
  if (setup.prompt_wait > 0) {
    all.settings.push_back({"attention_dp_config.enable_balance", "true"});
    all.settings.push_back({"attention_dp_config.timeout_iters", std::to_string(setup.prompt_wait)});
    all.settings.push_back({"attention_dp_config.batching_wait_iters", "0"});
  }
  all.settings.push_back({"kv_cache_config.free_gpu_memory_fraction", share_text(result.fit.chosen.share)});
  all.settings.push_back({"kv_cache_config.dtype", cache_word(result), true});
  all.settings.push_back({"kv_cache_config.enable_block_reuse", setup.prefix_caching ? "true" : "false"});
  if (serve.adapters.any()) {
    all.settings.push_back({"lora_config.max_lora_rank", std::to_string(serve.adapters.rank)});
    all.settings.push_back({"lora_config.max_loras", std::to_string(serve.adapters.slots)});
    all.settings.push_back({"lora_config.max_cpu_loras", std::to_string(serve.adapters.host)});
  }
  if (serve.prediction) {
    all.settings.push_back({"speculative_config.decoding_type", "MTP", true});
    all.settings.push_back({"speculative_config.num_nextn_predict_layers", std::to_string(std::max(1, setup.drafts))});
  }
  if (result.nodes > 1)
    all.notes.push_back(fmt::format("{} nodes a replica: start it by mpirun -n {} with trtllm-llmapi-launch before it.",
                                    result.nodes, layout.chips()));
  return all;
}

}  // namespace socle::answer
