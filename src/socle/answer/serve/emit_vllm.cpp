#include <fmt/format.h>

#include "socle/answer/serve/emit.hpp"

// Names of flags and their defaults by version: catalog/launch/vllm.toml. --data-parallel-size,
// --enable-expert-parallel and --speculative-config from 0.8 on, "mtp" in place of "deepseek_mtp" from 0.14 on: recall.

namespace socle::answer {
namespace {

using model::DataType;

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
  cannot_say(result, "kv", fmt::format("it has no cache of {}", setup::kv_format_name(result.setup.serve.formats.kv)),
             "use bf16 or fp8");
}

std::string dtype_word(const setup::ServeSetup& setup) {
  if (setup.formats.matrices == model::WeightFormat::kFp16) return "float16";
  return setup.formats.matrices == model::WeightFormat::kBf16 ? "bfloat16" : "auto";
}

void check(const EmitResult& result) {
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  const bool old = !at_least(result.setup.serve.engine, 0, 8);
  if (old && layout.data_parallel > 1)
    cannot_say(result, "dp", "it has no --data-parallel-size", "use dp = 1, or a version from 0.8 on");
  if (old && layout.expert_parallel > 1)
    cannot_say(result, "ep", "it has no --enable-expert-parallel", "use ep = 1, or a version from 0.8 on");
  if (layout.expert_parallel > 1 && layout.expert_parallel != layout.ranks())
    cannot_say(result, "ep",
               fmt::format("experts are shared out over all tp x dp = {} chips or over none, not over {}",
                           layout.ranks(), layout.expert_parallel),
               fmt::format("use ep = 1 or {}", layout.ranks()));
  if (old && result.setup.serve.prediction)
    cannot_say(result, "mtp", "it has no multi-token prediction", "leave --mtp out, or use a version from 0.8 on");
}

void add_nodes(const EmitResult& result, LaunchWords& words) {
  if (result.nodes == 1) return;
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  const int node = result.setup.serve.chips_per_node;
  const int group = layout.tensor_parallel * layout.pipeline_parallel;
  if (layout.data_parallel == 1) {
    words.words.push_back({"--distributed-executor-backend", "ray"});
    words.notes.push_back(
        fmt::format("{} nodes a replica: start Ray on all of them, and this command on the first.", result.nodes));
    return;
  }
  if (group > node || node % group != 0)
    cannot_say(result, "dp", fmt::format("groups of tp x pp = {} chips do not fill nodes of {}", group, node),
               "use sizes that divide a node");
  words.words.push_back({"--data-parallel-size-local", std::to_string(node / group)});
  words.words.push_back({"--data-parallel-address", "HEAD_ADDRESS", true});
  words.words.push_back({"--data-parallel-rpc-port", "13345"});
  words.notes.push_back(
      fmt::format("{} nodes a replica: this is the command of the first, whose address is HEAD_ADDRESS; node k of the "
                  "others adds --headless --data-parallel-start-rank {} x k.",
                  result.nodes, node / group));
}

}  // namespace

LaunchWords vllm_words(const EmitResult& result) {
  check(result);
  const setup::EmitSetup& setup = result.setup;
  const setup::ServeSetup& serve = setup.serve;
  const workload::ServingLayout& layout = result.fit.chosen.layout;
  LaunchWords all{
      .launcher = {"vllm", "serve"}, .words = {{"", setup.model}}, .settings = {}, .settings_file = {}, .notes = {}};
  std::vector<LaunchWord>& words = all.words;
  words.push_back({"--tensor-parallel-size", std::to_string(layout.tensor_parallel)});
  if (layout.pipeline_parallel > 1)
    words.push_back({"--pipeline-parallel-size", std::to_string(layout.pipeline_parallel)});
  if (layout.data_parallel > 1) words.push_back({"--data-parallel-size", std::to_string(layout.data_parallel)});
  if (layout.expert_parallel > 1) words.push_back({"--enable-expert-parallel"});
  add_nodes(result, all);
  words.push_back({"--dtype", dtype_word(serve)});
  if (weights_are(serve) == WeightsAre::kNarrowed) words.push_back({"--quantization", "fp8"});
  if (serve.engine.family == "vllm-ascend" && serve.formats.matrices == model::WeightFormat::kInt8)
    words.push_back({"--quantization", "ascend"});
  words.push_back({"--kv-cache-dtype", cache_word(result)});
  words.push_back({"--max-model-len", std::to_string(serve.max_model_len)});
  words.push_back({"--max-num-seqs", std::to_string(serve.max_num_seqs)});
  words.push_back({"--max-num-batched-tokens", std::to_string(serve.max_num_batched_tokens)});
  words.push_back({"--gpu-memory-utilization", share_text(result.fit.chosen.share)});
  if (setup.prefix_caching)
    words.push_back({"--enable-prefix-caching"});
  else if (serve.engine.prefix_caching)
    words.push_back({"--no-enable-prefix-caching"});
  if (serve.adapters.any()) {
    words.push_back({"--enable-lora"});
    words.push_back({"--max-loras", std::to_string(serve.adapters.slots)});
    words.push_back({"--max-lora-rank", std::to_string(serve.adapters.rank)});
    words.push_back({"--max-cpu-loras", std::to_string(serve.adapters.host)});
  }
  if (setup.kv_host > Bytes{} && at_least(serve.engine, 0, 11)) {  // from 0.11.1 on: recall
    words.push_back({"--kv-offloading-backend", "native"});
    words.push_back({"--kv-offloading-size", fmt::format("{}", setup.kv_host.value() / 1073741824.0)});
  }
  if (setup.order == "priority") words.push_back({"--scheduling-policy", "priority"});
  if (serve.prediction) {
    const char* method = at_least(serve.engine, 0, 14) ? "mtp" : "deepseek_mtp";
    words.push_back({"--speculative-config", fmt::format("{{\"method\": \"{}\", \"num_speculative_tokens\": {}}}",
                                                         method, std::max(1, setup.drafts))});
  }
  return all;
}

}  // namespace socle::answer
