#pragma once

#include <optional>

#include "socle/base/quantity.hpp"
#include "socle/model/precision.hpp"

namespace socle::workload {

enum class AttentionKernel { kFlash, kUnfused };

/// How the vocabulary loss holds logits.
enum class Loss {
  kFull,     ///< logits and their gradient in fp32
  kFused,    ///< one kernel: the gradient overwrites the 16-bit logits
  kChunked,  ///< head and loss over chunks of tokens, backward at once: logits of one chunk
};

enum class Optimizer {
  kAdam,             ///< fp32 master weight and two fp32 moments
  kAdamBf16Moments,  ///< fp32 master weight and two bf16 moments
  kAdam8Bit,         ///< moments in 8 bits with a scale for each block of 256
  kPrecisionAware,   ///< half of the master weight beside the bf16 weight, and two bf16 moments
  kMuon,             ///< fp32 master weight and momentum; updates of matrices are orthogonalised
  kSgd,              ///< fp32 master weight and momentum
};

enum class GradientType { kFp32, kBf16 };

/// Format of the frozen base under adapters.
enum class BaseFormat { kBf16, kNf4, kInt8, kFp8, kMxFp4 };

/// Matrices that have an adapter.
enum class LoraTargets { kAttention, kAll };

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
  LoraTargets lora_targets = LoraTargets::kAttention;
  BaseFormat base_format = BaseFormat::kBf16;  ///< of the frozen base's layers; only read with `lora`
  Loss loss = Loss::kFull;
  std::optional<Optimizer> optimizer{};         ///< empty: Adam with the bytes of the stack
  std::optional<bool> master_weights{};         ///< empty: as the optimizer has them
  std::optional<GradientType> gradient_type{};  ///< of buffer and reduction; empty: the stack's
  int packed_length = 0;  ///< tokens of one document: sequences are packed of such; 0 = not packed
};

}  // namespace socle::workload
