#pragma once

#include <optional>
#include <vector>

#include "socle/model/serving_format.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/lora_section.hpp"
#include "socle/scenario/named.hpp"
#include "socle/scenario/vocabulary.hpp"

namespace socle::scenario {

/// [serving]: a served model, the engine that runs it, and how many replicas of it. What is empty takes the engine's
/// default.
struct ServingSection {
  bool in_file = false;  ///< the scenario's file has the section
  Named engine;
  std::optional<int> tensor_parallel, pipeline_parallel, data_parallel, expert_parallel;
  std::optional<int> redundant_experts;  ///< copies of experts in each layer, beside the experts themselves
  std::optional<model::WeightFormat> weights, experts;  ///< experts: of the routed ones
  std::optional<model::DataType> kv;
  std::optional<double> gpu_memory_utilization, mem_fraction_static, kv_free_fraction;  ///< one of the three
  std::optional<int> max_model_len, max_num_seqs, max_num_batched_tokens;
  std::optional<bool> prediction;  ///< multi-token-prediction modules are loaded
  std::optional<int> replicas;
  std::optional<int> prefill_replicas, decode_replicas;  ///< in place of `replicas`: prompts are computed apart
  std::optional<int> prefill_tensor_parallel, prefill_data_parallel, prefill_expert_parallel;  ///< empty = the others'
  std::optional<bool> dual_batch;        ///< exchanges of one half of a batch under the compute of the other
  std::string router;                    ///< empty = round-robin
  std::string scheduling_policy;         ///< empty = fcfs
  std::optional<int> max_waiting;        ///< requests that may wait at a replica; empty: any number
  std::optional<int> prompt_wait_steps;  ///< that prompts wait until every data-parallel rank has one; empty: none
  std::optional<bool> prefix_caching;
  std::optional<int> drafts;       ///< tokens guessed ahead in each step
  std::optional<double> accepted;  ///< probability that a draft is right, given that those before it are
  std::optional<double> skew;      ///< of the load of experts: exponent of a power law, 0 = balanced
  LoraSection lora;
  std::optional<Bytes> kv_host, kv_disk;            ///< of a replica, for caches of prompts beyond the chips
  std::optional<BytesPerSecond> kv_disk_bandwidth;  ///< of a replica
};

std::vector<Key<ServingSection>> serving_keys(const Vocabulary& vocabulary);

/// Names of weight formats, and of formats of the key-value cache.
const std::vector<std::string>& weight_format_names();
const std::vector<std::string>& kv_format_names();
model::DataType kv_format(std::size_t index);

/// "32768", "32k" (32,000) or "32K" (32,768), as vLLM reads them.
Parsed<int> parse_token_count(std::string_view text);

inline constexpr int kModelLengthMax = 100'000'000;

}  // namespace socle::scenario
