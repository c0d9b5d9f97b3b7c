#pragma once

#include <vector>

#include "socle/memory/serving_memory.hpp"

// One layer's part of serving_memory.
namespace socle::memory {

struct LayerWeights {
  Bytes dense{}, experts{};
};

/// Weights of one layer on one chip.
LayerWeights layer_weights(const model::Transformer& model, const model::Layer& layer,
                           const workload::ServingLayout& layout, const model::ServingFormats& formats);

/// Weights of the multi-token-prediction modules on one chip of the last stage.
Bytes prediction_weights(const model::Transformer& model, const workload::ServingLayout& layout,
                         const model::ServingFormats& formats);

/// Cache of one layer on one chip; empty for layers without one. Compressed keys are a group of their own.
std::vector<CacheGroup> mixer_cache(const model::Mixer& mixer, const workload::ServingLayout& layout,
                                    model::DataType format);

/// State of one sequence on one chip: recurrent states in fp32 and the last inputs of convolutions in 16 bit.
/// Source: vllm-project/vllm vllm/model_executor/layers/mamba/mamba_utils.py (mamba_ssm_cache_dtype of the published
/// configs is float32). Assumption: all linear mixers likewise.
Bytes mixer_state(const model::Mixer& mixer, const workload::ServingLayout& layout);

/// Live buffers of the widest layer for each token of a step, on one chip.
Bytes activation_per_token(const model::Transformer& model, const workload::ServingLayout& layout);

}  // namespace socle::memory
