#pragma once

#include <array>

#include "socle/base/quantity.hpp"
#include "socle/catalog/chip.hpp"
#include "socle/model/precision.hpp"

namespace socle::kernel {

/// C[m,n] = A[m,k] B[k,n], `batch` independent times in one kernel. Counts are `double` because averages
/// (tokens per expert, uneven shards) are legal. Requires: all > 0.
struct GemmShape {
  double m = 0;
  double n = 0;
  double k = 0;
  double batch = 1;
};

/// One GEMM per expert, all in one kernel; `m` = average rows (tokens) per expert. Weight gradient: m, n = weight
/// dimensions, k = tokens per expert. Requires: all > 0.
struct GroupedGemmShape {
  double groups = 0;
  double m = 0;
  double n = 0;
  double k = 0;
};

/// One fused attention core: `q_heads` and `kv_heads` are what this rank holds. head_dim = width of query and key,
/// v_head_dim that of value (0: the same). causal: the seq_q queries are the last of seq_kv positions.
/// window: keys seen by each query, 0 = all.
struct AttentionShape {
  double batch = 1;
  double q_heads = 0;
  double kv_heads = 0;
  double head_dim = 0;
  double v_head_dim = 0;
  double seq_q = 0;
  double seq_kv = 0;
  bool causal = true;
  double window = 0;
};

enum class Collective { kAllReduce, kAllGather, kReduceScatter, kAllToAll };
inline constexpr int kCollectives = 4;

/// Kinds of matrix engine whose kernels behave alike.
enum class ChipClass {
  kSm80,      ///< synchronous tensor cores: A100, L40S, GDDR parts (also RTX PRO 6000)
  kSm90,      ///< asynchronous warp-group tensor cores: H100, H200, H20
  kSm100,     ///< tensor memory: B200, B300, GB200, GB300
  kSystolic,  ///< TPU, Trainium: few large systolic arrays, compiled programs
  kCube,      ///< Ascend: one cube unit per core
  kOther,     ///< AMD, Gaudi and the rest: nothing measured here
};

/// Parameters of the shape model for one chip and one number format.
struct ShapeParameters {
  double peak_fraction = 0.8;     ///< of the datasheet peak, that a large GEMM reaches before power limits act
  double throttle = 0.1;          ///< added relative time of a long kernel under the power limit
  Seconds throttle_time{1e-3};    ///< kernel length at which half of it acts
  double depth_ramp = 128;        ///< k elements that prologue and epilogue of one tile cost
  double tile_intensity = 16;     ///< tile harmonic size (tm tn / (tm + tn)) at which a tile runs at half rate
  double wave_weight = 0.3;       ///< 0: work spreads smoothly over compute units, 1: whole waves
  double memory_fraction = 0.85;  ///< of the datasheet bandwidth, that large transfers reach
  Seconds launch{3e-6};           ///< start of one kernel on the device
  double compute_units = 128;     ///< SMs, cube cores, arrays
  double quantise_bytes = 0;      ///< traffic per element of casting a 16-bit tensor to this format; 0: no cast
  double error = 0.15;            ///< mean absolute relative error at large shapes
  double error_small = 0.35;      ///< the same at launch- and memory-bound shapes
};

/// Parameters of the attention model for one chip, forward, causal, 16 bit.
struct AttentionParameters {
  double fraction = 0.6;        ///< of the 16-bit datasheet peak, that a long sequence with wide heads approaches
  double half_sequence = 1100;  ///< sequence at which half of it is reached: softmax, diagonal blocks, prologue
  double fill = 1.0;            ///< 128-row query tiles per compute unit at which half the units work
  double narrow_head = 0.6;     ///< relative rate of heads narrower than 128
  Seconds launch{8e-6};
  double error = 0.3;  ///< mean absolute relative error
};

/// Datasheet figures that one format's kernels run against.
struct Roof {
  FlopsPerSecond peak;
  BytesPerSecond memory_bandwidth;
  double operand_bytes = 2;  ///< per element of A and B; the output always takes 2
};

ChipClass chip_class(const catalog::Chip& chip);

/// Default parameters of a class, rounded by hand from the fits on its measured chips (docs/design/kernel.md); classes
/// without a measured chip rest on assumptions and take wider errors. compute_units is estimated from the chip's 16-bit
/// peak.
ShapeParameters default_parameters(ChipClass chip_class, model::Recipe recipe, FlopsPerSecond peak_16bit);

/// The same for grouped GEMMs over experts.
ShapeParameters default_grouped_parameters(ChipClass chip_class, model::Recipe recipe, FlopsPerSecond peak_16bit);

/// FLOPs and compulsory traffic (each operand once), and the least time they allow on the datasheet.
Flops gemm_flops(const GemmShape& shape);
Bytes gemm_traffic(const GemmShape& shape, double operand_bytes);
Seconds gemm_floor(const GemmShape& shape, const Roof& roof);

/// Slow-down of a GEMM whose rows do not start on 16-byte borders, so that loads cannot use the full width: 1 when the
/// contiguous sizes n and k are multiples of 8 elements, 2 for multiples of 4, 3 for multiples of 2, 5 for odd sizes.
/// Source: cuBLAS alignment rules (NVIDIA deep-learning performance guide); the factors are an assumption.
double misalignment(const GemmShape& shape);

/// Shape model of one (batched) GEMM: launch + (t_compute^4 + t_memory^4)^(1/4), where t_compute takes the best of
/// several output tiles: waves(tiles / units) x tile x (k + depth_ramp) / rate(tile), and slows down by up to
/// `throttle` when long. docs/design/kernel.md derives it. Never below `gemm_floor`.
Seconds gemm_shape_time(const GemmShape& shape, const Roof& roof, const ShapeParameters& parameters);

/// Forward FLOPs of an attention core, counting only visible (query, key) pairs: 2 (head_dim + v_head_dim) each.
Flops attention_flops(const AttentionShape& shape);
/// Q, K, V read and O written once, 2 bytes each.
Bytes attention_traffic(const AttentionShape& shape);

/// sqrt(2 visible pairs per sequence): the length of the causal sequence that does the same work.
double equivalent_sequence(const AttentionShape& shape);

/// Defaults of a class: rounded by hand from the fits on its measured chips (docs/design/kernel.md), or assumptions.
AttentionParameters default_attention_parameters(ChipClass chip_class);

/// Forward time: launch + max(FLOPs / (peak x fraction x narrow_head x s / (s + half_sequence) x t / (t + fill x
/// units)), traffic / bandwidth), s = `equivalent_sequence`, t = batch x heads x ceil(seq_q / 128). Never below the
/// datasheet.
Seconds attention_shape_time(const AttentionShape& shape, const Roof& roof, const AttentionParameters& parameters,
                             double compute_units);

/// Time of a kernel that moves `traffic`: launch + traffic / (memory_fraction x bandwidth).
Seconds memory_shape_time(Bytes traffic, const Roof& roof, const ShapeParameters& parameters);

}  // namespace socle::kernel
