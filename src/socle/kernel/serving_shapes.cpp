#include "socle/kernel/serving_shapes.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::kernel {
namespace {

/// What the largest of a few skewed sums exceeds that of normal ones by.
constexpr double kHeavyTail = 0.35;
/// Exponent that the moments of weaker skews take; their share is interpolated.
constexpr double kLeastPower = 1.01;
/// Kernels for few rows hold them in the narrow side of a tile: 16 rows at least, not the 64 of the GEMM model.
constexpr double kSmallestTile = 64;
constexpr double kLeastShare = 0.25;
/// A roof that no memory traffic reaches.
constexpr BytesPerSecond kNoMemoryLimit{1e30};

double overlap(double a, double b) {
  const double a2 = a * a;
  const double b2 = b * b;
  return std::sqrt(std::sqrt(a2 * a2 + b2 * b2));
}

double matrix_elements(const ExpertShape& s) { return (s.gated ? 3.0 : 2.0) * s.hidden * s.ffn; }

double value_dim(const DecodeAttention& s) { return s.v_head_dim > 0 ? s.v_head_dim : s.head_dim; }

/// x^(1 - power) - 1 over 1 - power: the integral of x^-power from 1 to x.
struct PowerLaw {
  double exponent;  ///< 1 - power, below zero
  double log_largest;
  double norm;

  PowerLaw(double power, double largest) : exponent(1.0 - power), log_largest(std::log(largest)) {
    norm = std::expm1(exponent * log_largest) / exponent;
  }
  /// Mean of x^k.
  double moment(double k) const { return std::expm1((k + exponent) * log_largest) / (k + exponent) / norm; }
  double share_below(double x) const { return std::expm1(exponent * std::log(x)) / exponent / norm; }
};

}  // namespace

ExpertLoad expert_load(const ExpertShape& s) {
  SOCLE_CHECK(s.tokens > 0 && s.topk > 0 && s.experts >= s.topk && s.expert_parallel >= 1 && s.hidden > 0 &&
                  s.ffn > 0 && s.skew >= 0 && s.expert_parallel <= s.experts,
              "an expert layer has tokens, experts and widths, and no more ranks or choices than experts");
  const double local = s.experts / s.expert_parallel;
  const double pairs = s.tokens * s.topk / s.expert_parallel;
  if (s.skew == 0.0) return {pairs, std::min(local, pairs)};
  const double largest = std::max(0.8 * s.tokens, 2.0);
  const PowerLaw law(std::max(s.skew, kLeastPower), largest);
  const double mean = law.moment(1.0);
  const double spread = std::sqrt(std::max(law.moment(2.0) / (mean * mean) - 1.0, 0.0));
  const double tail = 1.0 + kHeavyTail / std::sqrt(local);
  const double hottest = std::min(
      {s.expert_parallel, largest / mean, 1.0 + std::sqrt(2.0 * std::log(s.expert_parallel) / local) * spread * tail});
  const double rows = s.tokens * s.topk / s.experts;
  const double least = std::clamp(0.5 * mean / rows, 1.0, largest);
  const double busy = std::max(1.0 - law.share_below(least), 1.0 - std::exp(-rows));
  const double share = std::min(s.skew / kLeastPower, 1.0);
  const double most = pairs * (1.0 + share * (hottest - 1.0));
  const double active = std::min(local * (1.0 + share * (busy - 1.0)), most);
  return {most, std::min(std::max(active, std::min(1.0, most)), local)};
}

KernelWork linear_work(const GemmShape& s, LinearBytes bytes) {
  return {gemm_flops(s), Bytes{s.batch * (bytes.weight * s.n * s.k + bytes.activation * s.m * s.k + 2.0 * s.m * s.n)}};
}

KernelWork expert_work(const ExpertShape& s, const ExpertLoad& load, double weight_bytes) {
  const double matrix = matrix_elements(s);
  return {Flops{2.0 * load.pairs * matrix}, Bytes{load.active * weight_bytes * matrix}};
}

double seen_context(const DecodeAttention& s) { return s.window > 0 ? std::min(s.context, s.window) : s.context; }

KernelWork decode_work(const DecodeAttention& s) {
  SOCLE_CHECK(s.sequences > 0 && s.q_heads > 0 && s.kv_heads > 0 && s.head_dim > 0 && s.context > 0,
              "decoding attends with heads to a cache");
  const double width = s.head_dim + value_dim(s);
  const double seen = seen_context(s);
  const double cache = s.kv_heads * seen * model::bytes_per_element(s.kv);
  return {Flops{2.0 * s.sequences * s.q_heads * seen * width}, Bytes{s.sequences * (cache + 2.0 * s.q_heads) * width}};
}

KernelWork decode_mla_work(const DecodeMla& s) {
  SOCLE_CHECK(s.sequences > 0 && s.heads > 0 && s.context > 0 && s.latent > 0, "decoding attends to a cache");
  const double cache = s.context * model::bytes_per_element(s.kv) * (s.latent + s.rope);
  const double width = 2.0 * s.latent + s.rope;
  return {Flops{2.0 * s.sequences * s.heads * s.context * width}, Bytes{s.sequences * (cache + 2.0 * s.heads * width)}};
}

Seconds work_floor(const KernelWork& work, FlopsPerSecond peak, BytesPerSecond bandwidth) {
  return std::max(work.flops / peak, work.traffic / bandwidth);
}

Seconds cast_time(const GemmShape& s, const Roof& roof, const ShapeParameters& p) {
  return Bytes{p.quantise_bytes * s.m * s.k * s.batch} / (p.memory_fraction * roof.memory_bandwidth);
}

Seconds linear_model_time(const GemmShape& s, LinearBytes bytes, const Roof& roof, const ShapeParameters& p) {
  ShapeParameters compute_only = p;
  compute_only.launch = Seconds{0};
  compute_only.throttle = 0;
  const double filled = std::clamp(s.m / kSmallestTile, kLeastShare, 1.0);
  Seconds compute = filled * gemm_shape_time(s, {roof.peak, kNoMemoryLimit, 0.0}, compute_only);
  compute *= 1.0 + p.throttle * (compute / (compute + p.throttle_time));
  const BytesPerSecond rate = p.memory_fraction * roof.memory_bandwidth;
  const Seconds memory = linear_work(s, bytes).traffic / rate;
  return p.launch + Seconds{overlap(compute.value(), memory.value())} + cast_time(s, roof, p);
}

Seconds expert_model_time(const ExpertShape& s, const ExpertLoad& load, double weight_bytes, const Roof& roof,
                          const ExpertParameters& p) {
  const double matrix = matrix_elements(s);
  const BytesPerSecond rate = p.memory_fraction * roof.memory_bandwidth;
  const Seconds compute =
      Flops{2.0 * (load.pairs + load.active * p.tile_rows) * matrix} / (p.peak_fraction * roof.peak);
  const Seconds memory = Bytes{load.active * weight_bytes * matrix} / rate;
  const Bytes extra{p.token_bytes * s.tokens * s.hidden + p.pair_bytes * load.pairs * (s.hidden + s.ffn)};
  return p.launch + Seconds{overlap(compute.value(), memory.value())} + extra / rate;
}

Seconds cache_model_time(const KernelWork& work, const Roof& roof, const CacheParameters& p) {
  const Seconds compute = work.flops / (p.peak_fraction * roof.peak);
  const double bytes = work.traffic.value();
  const Bytes moved{bytes + p.half_bytes * bytes / (bytes + p.half_bytes)};
  const Seconds memory = moved / (p.memory_fraction * roof.memory_bandwidth);
  return p.launch + Seconds{overlap(compute.value(), memory.value())};
}

ExpertParameters default_expert_parameters(ChipClass chip_class, bool weight_only) {
  ExpertParameters p;
  switch (chip_class) {
    case ChipClass::kSm80:
      p = {0.55, 0.8, Seconds{30e-6}, 10, 7, 64};
      break;
    case ChipClass::kSm90:
      p = {0.75, 0.85, Seconds{34e-6}, 12, 13, 64};
      break;
    case ChipClass::kSm100:
      p = {0.8, 0.8, Seconds{29e-6}, 13, 13, 64};
      break;
    case ChipClass::kSystolic:
    case ChipClass::kCube:
    case ChipClass::kOther:
      p = {0.5, 0.7, Seconds{50e-6}, 15, 15, 64};
      break;
  }
  if (weight_only) {  // unpacking takes the units that multiply
    p.peak_fraction *= 0.5;
    p.memory_fraction *= 0.8;
    p.tile_rows = 16;
  }
  return p;
}

CacheParameters default_cache_parameters(ChipClass chip_class) {
  switch (chip_class) {
    case ChipClass::kSm80:
      return {0.1, 0.75, Seconds{11e-6}, 20e6};
    case ChipClass::kSm90:
      return {0.06, 0.83, Seconds{11e-6}, 70e6};
    case ChipClass::kSm100:
      return {0.06, 0.9, Seconds{10e-6}, 60e6};
    case ChipClass::kSystolic:
    case ChipClass::kCube:
    case ChipClass::kOther:
      break;
  }
  return {0.08, 0.65, Seconds{15e-6}, 60e6};
}

CacheParameters default_mla_parameters(ChipClass chip_class) {
  switch (chip_class) {
    case ChipClass::kSm80:
      return {0.16, 0.5, Seconds{13e-6}, 30e6};
    case ChipClass::kSm90:
      return {0.65, 0.85, Seconds{13e-6}, 50e6};
    case ChipClass::kSm100:
      return {0.9, 0.75, Seconds{10e-6}, 60e6};
    case ChipClass::kSystolic:
    case ChipClass::kCube:
    case ChipClass::kOther:
      break;
  }
  return {0.4, 0.6, Seconds{18e-6}, 60e6};
}

}  // namespace socle::kernel
