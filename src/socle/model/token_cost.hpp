#pragma once

#include "socle/model/transformer.hpp"

// What one token costs: operations and cached bytes, by architecture alone.
namespace socle::model {

/// FLOPs of the forward pass for each token.
struct TokenFlops {
  double matrices = 0;   ///< 2 for each weight that a product of matrices reads, experts by topk, the head included
  double attention = 0;  ///< scores and their products with values, scans of linear mixers; causal: a token sees the
                         ///< tokens before it, on average over the sequence
  double total() const { return matrices + attention; }
};

/// Averaged over a sequence of that many tokens. Training is three times as much, without recomputation.
/// Requires: sequence >= 1.
TokenFlops token_flops(const Transformer& model, int sequence);

/// FLOPs of a linear mixer's scan for each token and head, chunks of 128 tokens; those of Mamba-1, which no product of
/// matrices expresses, 9 for each channel and state. Source: Dao and Gu 2024 (arXiv 2405.21060), section 6; Gu and Dao
/// 2023 (arXiv 2312.00752), appendix D.
double scan_flops_per_head(const Mixer& mixer);
inline constexpr double kScanChunk = 128.0;

/// Elements that a sequence keeps between steps.
struct CacheSize {
  double per_token = 0;   ///< by one more token while windows are not full: keys and values, latents, indexer keys
  double at_context = 0;  ///< of a whole sequence: windows and chunks hold no more than their size
  double state = 0;       ///< of linear mixers, whatever the length: states and the last inputs of convolutions
};

/// Requires: context >= 0.
CacheSize cache_size(const Transformer& model, double context);

}  // namespace socle::model
