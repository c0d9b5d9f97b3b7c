#include <fmt/format.h>

#include "socle/answer/serve/emit.hpp"

// Names of flags: catalog/launch/sglang.toml. Limits are of all groups of --enable-dp-attention together, and experts
// of 0.4 are shared out by --enable-ep-moe over all chips: recall (server_args.py, tp_worker.py).

namespace socle::answer {
namespace {

using model::DataType;

constexpr int kRendezvousPort = 20000;

std::string cache_word(const EmitResult& result) {
  switch (result.setup.serve.formats.kv) {
    case DataType::kFp8:
      return "fp8_e4m3";
    case DataType::kBf16:
    case DataType::kFp16:
      return "auto";
    default:
      break;
  }
  cannot_say(result, "kv", fmt::format("it has no cache of {}", setup::kv_format_name(result.setup.serve.formats.kv)),
             "use bf16 or fp8");
}

void add_experts(const EmitResult& result, std::vector<LaunchWord>& words) {
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  if (layout.expert_parallel == 1) return;
  if (at_least(result.setup.serve.engine, 0, 5)) {
    words.push_back({"--ep-size", std::to_string(layout.expert_parallel)});
    return;
  }
  if (layout.expert_parallel != layout.ranks())
    cannot_say(result, "ep",
               fmt::format("experts are shared out over all {} chips or over none, not over {}", layout.ranks(),
                           layout.expert_parallel),
               fmt::format("use ep = 1 or {}", layout.ranks()));
  words.push_back({"--enable-ep-moe"});
}

}  // namespace

LaunchWords sglang_words(const EmitResult& result) {
  const setup::EmitSetup& setup = result.setup;
  const setup::ServeSetup& serve = setup.serve;
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  const int groups = layout.data_parallel;
  LaunchWords all{.launcher = {"python3", "-m", "sglang.launch_server"},
                  .words = {{"--model-path", setup.model}},
                  .settings = {},
                  .settings_file = {},
                  .notes = {}};
  std::vector<LaunchWord>& words = all.words;
  words.push_back({"--tp-size", std::to_string(layout.tensor_parallel * groups)});
  if (layout.pipeline_parallel > 1) words.push_back({"--pp-size", std::to_string(layout.pipeline_parallel)});
  if (groups > 1) {
    words.push_back({"--dp-size", std::to_string(groups)});
    words.push_back({"--enable-dp-attention"});
  }
  add_experts(result, words);
  if (result.nodes > 1) {
    words.push_back({"--nnodes", std::to_string(result.nodes)});
    words.push_back({"--node-rank", "NODE_RANK", true});
    words.push_back({"--dist-init-addr", "HEAD_ADDRESS", true});
    all.notes.push_back(
        fmt::format("{} nodes a replica: run it on each, with NODE_RANK from 0 on and HEAD_ADDRESS the "
                    "first one's host and port, such as node0:{}.",
                    result.nodes, kRendezvousPort));
  }
  const bool half = serve.formats.matrices == model::WeightFormat::kFp16;
  words.push_back({"--dtype", half                                                   ? "float16"
                              : serve.formats.matrices == model::WeightFormat::kBf16 ? "bfloat16"
                                                                                     : "auto"});
  if (weights_are(serve) == WeightsAre::kNarrowed) words.push_back({"--quantization", "fp8"});
  words.push_back({"--kv-cache-dtype", cache_word(result)});
  if (serve.max_model_len_asked) words.push_back({"--context-length", std::to_string(serve.max_model_len)});
  words.push_back({"--max-running-requests", std::to_string(serve.max_num_seqs * groups)});
  words.push_back({"--chunked-prefill-size", std::to_string(serve.max_num_batched_tokens * groups)});
  words.push_back({"--mem-fraction-static", share_text(result.fit.chosen.share)});
  if (!setup.prefix_caching) words.push_back({"--disable-radix-cache"});
  if (serve.adapters.any()) {
    words.push_back({"--enable-lora"});
    words.push_back({"--max-loras-per-batch", std::to_string(serve.adapters.slots)});
    words.push_back({"--max-lora-rank", std::to_string(serve.adapters.rank)});
    words.push_back({"--max-loaded-loras", std::to_string(serve.adapters.host)});
    words.push_back({"--lora-target-modules", serve.adapters.attention_only ? "q_proj" : "all"});
    if (serve.adapters.attention_only)
      for (const char* one : {"k_proj", "v_proj", "o_proj"}) words.push_back({"", one});
  }
  if (setup.kv_host > Bytes{}) {
    words.push_back({"--enable-hierarchical-cache"});
    words.push_back({"--hicache-size", fmt::format("{}", setup.kv_host.value() / 1e9 / layout.chips())});
  }
  if (setup.order == "priority") {
    words.push_back({"--enable-priority-scheduling"});
    words.push_back({"--schedule-low-priority-values-first"});
  }
  if (setup.max_waiting > 0) {
    if (setup.max_waiting % groups != 0)
      cannot_say(result, "max_waiting", fmt::format("each of {} groups has a queue of its own", groups),
                 fmt::format("use a multiple of {}", groups));
    words.push_back({"--max-queued-requests", std::to_string(setup.max_waiting / groups)});
  }
  if (serve.prediction) {
    const int drafts = std::max(1, setup.drafts);
    words.push_back({"--speculative-algorithm", "EAGLE"});
    words.push_back({"--speculative-num-steps", std::to_string(drafts)});
    words.push_back({"--speculative-eagle-topk", "1"});
    words.push_back({"--speculative-num-draft-tokens", std::to_string(drafts + 1)});
  }
  return all;
}

}  // namespace socle::answer
