#pragma once

#include "socle/base/quantity.hpp"
#include "socle/kernel/shape_model.hpp"
#include "socle/model/precision.hpp"

namespace socle::kernel {

/// A fused mixture-of-experts layer on one rank, forward: routing, permutation, cast, up and gate product, activation,
/// down product, weighted sum, as the engines' kernels have it. The router's own product, shared experts and the
/// exchange between ranks are not in it. Requires: all > 0, topk <= experts, expert_parallel <= experts, skew >= 0.
struct ExpertShape {
  double tokens = 0;           ///< that the ranks of the expert group route together
  double topk = 1;             ///< experts of one token
  double experts = 1;          ///< routed experts of the layer
  double expert_parallel = 1;  ///< ranks that share out the experts; this one holds experts / expert_parallel
  double hidden = 0;
  double ffn = 0;     ///< width of one expert's slice on this rank: ffn / expert tensor parallel
  bool gated = true;  ///< three matrices an expert instead of two
  /// 0: every expert gets the same number of tokens. Otherwise the exponent of the power law that the loads of experts
  /// are drawn from (1.01 and 1.2 were measured); the rank is then the one with most work. In between: interpolated.
  double skew = 0;
};

/// One new token for each of `sequences` against `context` cached tokens (the mean). Heads are those of this rank.
/// Requires: all but window > 0.
struct DecodeAttention {
  double sequences = 1;
  double q_heads = 1;
  double kv_heads = 1;
  double head_dim = 128;
  double v_head_dim = 0;  ///< 0: as head_dim
  double context = 1;
  double window = 0;  ///< keys that a query sees at most; 0: all
  model::DataType kv = model::DataType::kBf16;
};

/// The same for multi-head latent attention, absorbed: all heads read one latent vector and one rotary key a token.
/// The attention core alone: products with absorbed and other matrices are not in it.
struct DecodeMla {
  double sequences = 1;
  double heads = 128;  ///< of this rank
  double context = 1;
  double latent = 512;
  double rope = 64;
  model::DataType kv = model::DataType::kBf16;
};

/// `tokens` new tokens of each sequence after `context` cached ones, causal.
struct PrefillAttention {
  double sequences = 1;
  double q_heads = 1;
  double kv_heads = 1;
  double head_dim = 128;
  double v_head_dim = 0;  ///< 0: as head_dim
  double tokens = 1;
  double context = 0;
  double window = 0;
  model::DataType kv = model::DataType::kBf16;
};

/// The same for MLA with expanded keys (192 wide) and values (128 wide); expanding them from the latent is not in it.
struct PrefillMla {
  double sequences = 1;
  double heads = 128;  ///< of this rank
  double tokens = 1;
  double context = 0;
  double qk_dim = 192;
  double v_dim = 128;
  model::DataType kv = model::DataType::kBf16;
};

/// What the rank with most work has to do.
struct ExpertLoad {
  double pairs = 0;   ///< of a token and an expert
  double active = 0;  ///< experts with at least one token, whose weights are read
};

/// Mean over drawings of the power law, as the measurements draw it (density x^-skew on 1 to 0.8 tokens, scaled,
/// rounded): pairs = tokens topk / ranks x (1 + sqrt(2 ln ranks / local experts) x spread x (1 + 0.35 / sqrt(local
/// experts))); active = local experts x the larger of the share that rounds to one token or more and 1 - exp(-rows per
/// expert). Balanced: tokens topk / ranks pairs, and min(local experts, pairs) active.
ExpertLoad expert_load(const ExpertShape& shape);

/// Parameters of a fused expert layer, for one chip and weight format.
struct ExpertParameters {
  double peak_fraction = 0.6;
  double memory_fraction = 0.8;
  Seconds launch{35e-6};    ///< of all its kernels
  double token_bytes = 13;  ///< traffic per token and hidden element: routing, cast, weighted sum
  double pair_bytes = 13;   ///< per pair and element of hidden and ffn: permutation, activation
  double tile_rows = 128;   ///< rows that each active expert computes beyond its own
};

/// Parameters of attention that reads a cache, for one chip and cache format.
struct CacheParameters {
  double peak_fraction = 0.08;    ///< of the 16-bit peak: query rows fill a part of a tile
  double memory_fraction = 0.85;  ///< of the datasheet bandwidth, large caches
  Seconds launch{10e-6};
  double half_bytes = 60e6;  ///< traffic at which the extra cost of a small one is half used up
};

/// Bytes that one operand of a linear layer takes in its product.
struct LinearBytes {
  double weight = 2;
  double activation = 2;
};

/// FLOPs and compulsory traffic of one kernel.
struct KernelWork {
  Flops flops{};
  Bytes traffic{};
};

KernelWork linear_work(const GemmShape& shape, LinearBytes bytes);
KernelWork expert_work(const ExpertShape& shape, const ExpertLoad& load, double weight_bytes);
/// A window caps the context.
KernelWork decode_work(const DecodeAttention& shape);
KernelWork decode_mla_work(const DecodeMla& shape);
/// Keys that one query sees.
double seen_context(const DecodeAttention& shape);

/// The least time that the datasheet allows.
Seconds work_floor(const KernelWork& work, FlopsPerSecond peak, BytesPerSecond bandwidth);

/// launch + (t_compute^4 + t_memory^4)^(1/4) + cast, where t_compute is that of `gemm_shape_time` (of fewer than 64
/// rows the share m / 64, a quarter at least), t_memory takes weights and activations at their own widths, and the cast
/// moves `quantise_bytes` an activation element.
Seconds linear_model_time(const GemmShape& shape, LinearBytes bytes, const Roof& roof, const ShapeParameters& p);

/// The traffic of the cast in it.
Seconds cast_time(const GemmShape& shape, const Roof& roof, const ShapeParameters& p);

/// launch + (t_compute^4 + t_memory^4)^(1/4) + traffic of tokens and pairs; t_compute counts pairs + active x
/// tile_rows.
Seconds expert_model_time(const ExpertShape& shape, const ExpertLoad& load, double weight_bytes, const Roof& roof,
                          const ExpertParameters& p);

/// launch + (t_compute^4 + t_memory^4)^(1/4); t_memory moves traffic + half_bytes x traffic / (traffic + half_bytes).
Seconds cache_model_time(const KernelWork& work, const Roof& roof, const CacheParameters& p);

/// Rounded by hand from the fits on the measured chips of a class (docs/design/kernel.md); classes without one rest on
/// assumptions. `weight_only`: 16-bit arithmetic on narrower weights.
ExpertParameters default_expert_parameters(ChipClass chip_class, bool weight_only);
CacheParameters default_cache_parameters(ChipClass chip_class);
CacheParameters default_mla_parameters(ChipClass chip_class);

}  // namespace socle::kernel
