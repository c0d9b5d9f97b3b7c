#pragma once

#include <optional>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/model/precision.hpp"
#include "socle/scenario/key.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::scenario {

/// [training]: the job. What is empty takes the documented default.
struct TrainingSection {
  std::optional<Tokens> tokens;
  std::optional<int> sequence_length;
  std::optional<int> global_batch;  ///< sequences
  std::optional<model::Recipe> precision;
  std::optional<workload::AttentionKernel> attention;
  std::optional<bool> lora, mtp;
  std::optional<int> lora_rank, packed_length;
  std::optional<workload::LoraTargets> lora_targets;
  std::optional<workload::BaseFormat> base_format;
  std::optional<workload::Loss> loss;
  std::optional<workload::Optimizer> optimizer;
  std::optional<bool> master_weights;
  std::optional<workload::GradientType> gradient_type;
};

std::vector<Key<TrainingSection>> training_keys();

inline constexpr int kBatchMax = 10'000'000;

}  // namespace socle::scenario
