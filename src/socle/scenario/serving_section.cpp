#include "socle/scenario/serving_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = ServingSection;

constexpr int kParallelMax = 4'096;
constexpr int kSequencesMax = 1'000'000;
constexpr int kPromptWaitMax = 10'000;
constexpr int kBatchedTokensMax = 1 << 24;
constexpr double kShareLeast = 0.01;
constexpr int kReplicasMax = 16'384;
constexpr int kDraftsMax = 64;
constexpr double kSkewMax = 2.0;
constexpr std::array<model::DataType, 5> kKvFormats = {model::DataType::kBf16, model::DataType::kFp16,
                                                       model::DataType::kFp8, model::DataType::kInt8,
                                                       model::DataType::kFp4};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help) {
  return {.section = "serving",
          .name = name,
          .flag = flag,
          .value = value,
          .help = help,
          .questions = {Question::kServeFit, Question::kServe, Question::kServeEmit},
          .common = true};
}

/// Of a simulation, not of what fits.
KeyFacts simulated(const char* name, const char* flag, const char* value, const char* help) {
  KeyFacts about = facts(name, flag, value, help);
  about.questions = {Question::kServe};
  return about;
}

/// Of a deployment: simulated, and written into commands.
KeyFacts deployed(const char* name, const char* flag, const char* value, const char* help) {
  KeyFacts about = facts(name, flag, value, help);
  about.questions = {Question::kServe, Question::kServeEmit};
  return about;
}

KeyFacts rarely(KeyFacts about) {
  about.common = false;
  return about;
}

KeyFacts instead_of(std::vector<std::string> names, KeyFacts about) {
  about.instead_of = std::move(names);
  return about;
}

Key<Section> size(const char* name, const char* flag, const char* help, std::optional<int> Section::*member) {
  return integer_key<Section>(facts(name, flag, "N", help), member, 1, kParallelMax);
}

Key<Section> prefill_size(const char* name, const char* flag, const char* help, std::optional<int> Section::*member) {
  return integer_key<Section>(simulated(name, flag, "N", help), member, 1, kParallelMax);
}

Key<Section> format(const char* name, const char* flag, const char* help,
                    std::optional<model::WeightFormat> Section::*member) {
  return choice_key<model::WeightFormat, Section>(facts(name, flag, "FORMAT", help), member, weight_format_names());
}

/// An integer in a file, or a text as on the command line.
Key<Section> length_key() {
  KeyFacts about =
      facts("max_model_len", "--max-model-len", "N",
            "Longest sequence to serve, such as 32768, 32k (32,000) or 32K (32,768); default: the model's");
  about.accepts = fmt::format("an integer from 1 to {}, or a text such as \"32k\"", kModelLengthMax);
  about.example = "32768";
  return {std::move(about),
          [](const TomlTable& table, const std::string& name, Section& section) {
            if (!table.is_text(name)) {
              if (const auto value = table.optional_integer(name, 1, kModelLengthMax))
                section.max_model_len = static_cast<int>(*value);
              return;
            }
            const Parsed<int> parsed = parse_token_count(*table.optional_string(name));
            if (!parsed.value) table.problem(name, fmt::format("{}: {}", name, parsed.problem));
            section.max_model_len = parsed.value;
          },
          [](const std::string& text, Section& section) {
            const Parsed<int> parsed = parse_token_count(text);
            section.max_model_len = parsed.value;
            return parsed.problem;
          }};
}

std::vector<Key<Section>> engine_keys() {
  return {
      name_key<Section>(
          facts("engine", "--engine", "NAME",
                "Engine and version, such as vllm-0.19, sglang, tensorrt-llm-1.2; default: the newest vLLM"),
          &Section::engine, "vllm-0.19"),
      size("tp", "--tp", "Tensor-parallel size of one replica; default: the smallest that fits",
           &Section::tensor_parallel),
      size("pp", "--pp", "Pipeline stages; default 1, or more when a node is exceeded", &Section::pipeline_parallel),
      size("dp", "--dp", "Attention data parallel: groups of tp chips with a cache each; default 1",
           &Section::data_parallel),
      size("ep", "--ep", "Expert-parallel size, inside tp x dp; default 1, or all of them with dp",
           &Section::expert_parallel),
      integer_key<Section>(
          rarely(facts("redundant_experts", "--redundant-experts", "N",
                       "Copies of experts in each layer, which even out their load; ep divides the sum; default 0")),
          &Section::redundant_experts, 0, kParallelMax),
      format("weights", "--weights",
             "Format of weights; default: as the model is published, or bf16; fp8 of one in blocks: those",
             &Section::weights),
      format("experts", "--experts", "Format of routed experts; default: as the others", &Section::experts),
      one_of_key<Section>(facts("kv", "--kv", "FORMAT", "Format of the key-value cache; default bf16"), &Section::kv,
                          kv_format_names(), kv_format),
      real_key<Section>(facts("gpu_memory_utilization", "--gpu-memory-utilization", "X",
                              "Share of a chip that weights, activations and cache may take (vLLM)"),
                        &Section::gpu_memory_utilization, kShareLeast, 1.0),
      real_key<Section>(
          instead_of({"gpu_memory_utilization"}, facts("mem_fraction_static", "--mem-fraction-static", "X",
                                                       "Share of a chip that weights and cache may take (SGLang)")),
          &Section::mem_fraction_static, kShareLeast, 1.0),
      real_key<Section>(
          instead_of({"gpu_memory_utilization", "mem_fraction_static"},
                     facts("kv_free_fraction", "--kv-free-fraction", "X",
                           "Share of the memory left free that the cache may take (TensorRT-LLM, LMDeploy)")),
          &Section::kv_free_fraction, kShareLeast, 1.0),
      length_key(),
      integer_key<Section>(facts("max_num_seqs", "--max-num-seqs", "N", "Sequences of one step; default: the engine's"),
                           &Section::max_num_seqs, 1, kSequencesMax),
      integer_key<Section>(
          facts("max_num_batched_tokens", "--max-num-batched-tokens", "N", "Tokens of one step; default: the engine's"),
          &Section::max_num_batched_tokens, 1, kBatchedTokensMax),
      boolean_key<Section>(
          rarely(facts("mtp", "--mtp", "BOOL", "Load the model's multi-token-prediction modules; default false")),
          &Section::prediction)};
}

std::vector<Key<Section>> tier_keys() {
  return {
      quantity_key<Bytes, Section>(
          rarely(deployed("kv_host", "--kv-host", "SIZE",
                          "Host memory of a replica for caches of prompts, beyond the chips; default: none")),
          &Section::kv_host),
      quantity_key<Bytes, Section>(
          rarely(simulated("kv_disk", "--kv-disk", "SIZE",
                           "Disk of a replica for caches that the host has no room for; default: none")),
          &Section::kv_disk),
      quantity_key<BytesPerSecond, Section>(rarely(simulated("kv_disk_bandwidth", "--kv-disk-bandwidth", "RATE",
                                                             "Of that disk; default \"5 GB/s\", one drive (estimate)")),
                                            &Section::kv_disk_bandwidth)};
}

std::vector<Key<Section>> simulation_keys(const Vocabulary& vocabulary) {
  return {
      integer_key<Section>(deployed("replicas", "--replicas", "N", "Copies of the model behind one router; default 1"),
                           &Section::replicas, 1, kReplicasMax),
      integer_key<Section>(instead_of({"replicas"}, simulated("prefill_replicas", "--prefill-replicas", "N",
                                                              "Copies that compute prompts, apart from those that "
                                                              "decode; with decode_replicas")),
                           &Section::prefill_replicas, 1, kReplicasMax),
      integer_key<Section>(
          instead_of({"replicas"}, simulated("decode_replicas", "--decode-replicas", "N",
                                             "Copies that decode what prefill_replicas computed, of tp, dp and ep")),
          &Section::decode_replicas, 1, kReplicasMax),
      prefill_size("prefill_tp", "--prefill-tp", "Tensor-parallel size of prefill replicas; default: tp",
                   &Section::prefill_tensor_parallel),
      prefill_size("prefill_dp", "--prefill-dp", "Attention data parallel of prefill replicas; default: dp",
                   &Section::prefill_data_parallel),
      prefill_size("prefill_ep", "--prefill-ep", "Expert-parallel size of prefill replicas; default: as ep",
                   &Section::prefill_expert_parallel),
      boolean_key<Section>(
          rarely(simulated("dual_batch", "--dual-batch", "BOOL",
                           "Steps as two halves, the exchange of one under the compute of the other; default false")),
          &Section::dual_batch),
      word_key<Section>(simulated("router", "--router", "NAME",
                                  "How requests are shared among replicas; session and prefix-aware choose the "
                                  "data-parallel rank too; default round-robin"),
                        &Section::router, vocabulary.routers),
      word_key<Section>(deployed("scheduling_policy", "--scheduling-policy", "NAME",
                                 "Who is admitted next; default fcfs; priority and weight are of [[requests.class]]"),
                        &Section::scheduling_policy, vocabulary.orders),
      integer_key<Section>(deployed("max_waiting", "--max-waiting", "N",
                                    "Requests that may wait at a replica; others are rejected; default: no limit"),
                           &Section::max_waiting, 1, kSequencesMax),
      integer_key<Section>(rarely(deployed("prompt_wait_steps", "--prompt-wait-steps", "N",
                                           "Steps that prompts wait until every data-parallel rank has one "
                                           "(TensorRT-LLM's enable_balance); default: none")),
                           &Section::prompt_wait_steps, 1, kPromptWaitMax),
      boolean_key<Section>(deployed("prefix_caching", "--prefix-caching", "BOOL",
                                    "Keep prompts in the cache for requests that begin alike; default: the engine's"),
                           &Section::prefix_caching),
      integer_key<Section>(rarely(deployed("drafts", "--drafts", "N",
                                           "Speculative decoding: tokens guessed ahead in a step; default 0")),
                           &Section::drafts, 0, kDraftsMax),
      real_key<Section>(rarely(simulated("accepted", "--accepted", "X",
                                         "Probability that a draft is right, given that those before it are")),
                        &Section::accepted, 0.0, 1.0),
      real_key<Section>(
          rarely(simulated("skew", "--skew", "X", "Load of experts by a power law of this exponent; 0 is balanced")),
          &Section::skew, 0.0, kSkewMax)};
}

}  // namespace

const std::vector<std::string>& weight_format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const model::WeightFormatFacts& one : model::weight_formats()) list.emplace_back(one.name);
    return list;
  }();
  return names;
}

const std::vector<std::string>& kv_format_names() {
  static const std::vector<std::string> names{"bf16", "fp16", "fp8", "int8", "fp4"};
  return names;
}

model::DataType kv_format(std::size_t index) { return kKvFormats.at(index); }

Parsed<int> parse_token_count(std::string_view text) {
  const std::string problem =
      fmt::format("write an integer from 1 to {}, 32k (32,000) or 32K (32,768)", kModelLengthMax);
  const int scale = text.ends_with('k') ? 1000 : text.ends_with('K') ? 1024 : 1;
  if (scale > 1) text.remove_suffix(1);
  std::optional<int> count;
  if (!parse_whole(std::string(text), 1, kModelLengthMax / scale, count).empty()) return {std::nullopt, problem};
  return {*count * scale, {}};
}

std::vector<Key<Section>> serving_keys(const Vocabulary& vocabulary) {
  std::vector<Key<Section>> keys = engine_keys();
  for (auto&& part : {simulation_keys(vocabulary), tier_keys()}) keys.insert(keys.end(), part.begin(), part.end());
  return keys;
}
}  // namespace socle::scenario
