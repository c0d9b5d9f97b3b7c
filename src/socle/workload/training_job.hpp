#pragma once

#include "socle/base/quantity.hpp"
#include "socle/model/precision.hpp"

namespace socle::workload {

enum class AttentionKernel { kFlash, kUnfused };

/// What is trained, layout aside.
struct TrainingJob {
  int sequence_length = 0;  ///< tokens
  int global_batch = 0;     ///< sequences per optimizer step
  Tokens total_tokens{};    ///< length of the run; 0 = unknown
  model::Recipe recipe = model::Recipe::kBf16;
  AttentionKernel attention = AttentionKernel::kFlash;
  bool dropout = false;  ///< dropout masks are drawn, stored and read
  bool mtp = true;       ///< train the model's multi-token-prediction modules, when it has any
  bool lora = false;     ///< the base is frozen; adapters of `lora_rank` beside the attention projections train
  int lora_rank = 16;
};

}  // namespace socle::workload
