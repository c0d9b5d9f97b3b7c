#include "socle/kernel/shape_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "socle/base/check.hpp"

namespace socle::kernel {
namespace {

/// An output tile, with what the inner loop would otherwise divide by.
struct Tile {
  double per_row;
  double per_column;
  double area;
  double per_intensity;  ///< 1 / (rows columns / (rows + columns))
};
constexpr Tile tile(double rows, double columns) {
  return {1.0 / rows, 1.0 / columns, rows * columns, (rows + columns) / (rows * columns)};
}
constexpr std::array<Tile, 5> kTiles = {tile(256, 128), tile(128, 256), tile(128, 128), tile(128, 64), tile(64, 64)};
constexpr double kLargestTileIntensity = 256.0 * 128.0 / (256.0 + 128.0);
/// Shortest k that one slice of a split-k kernel takes.
constexpr double kSplitDepth = 512.0;

/// (a^4 + b^4)^(1/4): the larger of two overlapping times, rounded where they meet.
double overlap(double a, double b) {
  const double a2 = a * a;
  const double b2 = b * b;
  return std::sqrt(std::sqrt(a2 * a2 + b2 * b2));
}

/// std::ceil for 0 <= x < 2^63, without a call into the mathematical library: this is the innermost loop.
double ceiling(double x) {
  const double whole = static_cast<double>(static_cast<std::int64_t>(x));
  return whole < x ? whole + 1.0 : whole;
}

/// Multiply-adds x 2 that the most loaded compute unit executes, divided by its relative rate, for the best tile.
double work_per_unit(const GemmShape& s, const ShapeParameters& p) {
  const double per_unit = s.batch / p.compute_units;
  const double split = std::min(s.k, kSplitDepth);
  double best = std::numeric_limits<double>::max();
  for (const Tile& tile : kTiles) {
    const double load = ceiling(s.m * tile.per_row) * ceiling(s.n * tile.per_column) * per_unit;
    // Fewer tiles than units: one wave, and k is split among the idle ones. Written without branches, for speed.
    const double waves = std::max(1.0, load + p.wave_weight * (ceiling(load) - load));
    const double depth = std::min(s.k, std::max(s.k * load, split));
    const double slowness = 1.0 + p.tile_intensity * tile.per_intensity;
    best = std::min(best, waves * tile.area * (depth + p.depth_ramp) * slowness);
  }
  return 2.0 * best * kLargestTileIntensity / (kLargestTileIntensity + p.tile_intensity);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// 16-bit peak of one compute unit, for estimating their number: A100 312/108, H100 989/132, B200 2250/148,
/// Ascend 910B3 313/20, TPU v5p 459/8 arrays, MI300X 1307/304 TFLOP/s (datasheet peaks; unit counts public).
double unit_peak(ChipClass chip_class) {
  switch (chip_class) {
    case ChipClass::kSm80:
      return 2.9e12;
    case ChipClass::kSm90:
      return 7.5e12;
    case ChipClass::kSm100:
      return 15.2e12;
    case ChipClass::kSystolic:
      return 57e12;
    case ChipClass::kCube:
      return 15.65e12;
    case ChipClass::kOther:
      return 4.3e12;
  }
  return 4.3e12;
}

/// Visible (query, key) pairs of one head of one sequence: query i sees min(window, seq_kv - seq_q + i) keys, i as a
/// continuous variable (s^2 / 2 for a full causal square, the usual convention).
double visible_pairs(const AttentionShape& s) {
  const double window = s.window > 0 ? std::min(s.window, s.seq_kv) : s.seq_kv;
  if (!s.causal) return s.seq_q * window;
  const double first = s.seq_kv - s.seq_q;                       // keys before the first query
  const double ramp = std::clamp(window - first, 0.0, s.seq_q);  // queries that do not see a full window yet
  return ramp * (first + 0.5 * ramp) + (s.seq_q - ramp) * window;
}

}  // namespace

ChipClass chip_class(const catalog::Chip& chip) {
  if (contains(chip.software, "CANN")) return ChipClass::kCube;
  if (contains(chip.software, "XLA") || contains(chip.software, "Neuron")) return ChipClass::kSystolic;
  if (!contains(chip.software, "CUDA")) return ChipClass::kOther;
  if (contains(chip.memory_type, "GDDR")) return ChipClass::kSm80;
  if (chip.peak_of(catalog::PeakFormat::kFp4)) return ChipClass::kSm100;
  if (chip.peak_of(catalog::PeakFormat::kFp8)) return ChipClass::kSm90;
  return ChipClass::kSm80;
}

ShapeParameters default_parameters(ChipClass chip_class, model::Recipe recipe, FlopsPerSecond peak_16bit) {
  const double bytes = model::bytes_per_element(model::gemm_type(recipe));
  const bool narrow = bytes < 2.0;
  ShapeParameters p{.depth_ramp = 140, .tile_intensity = 40, .wave_weight = 0.25, .memory_fraction = 0.75};
  switch (chip_class) {
    case ChipClass::kSm80:
      p.peak_fraction = narrow ? 0.75 : 0.82;
      p.throttle = narrow ? 0.25 : 0.1;
      break;
    case ChipClass::kSm90:
      p.peak_fraction = narrow ? 0.75 : 0.835;
      p.throttle = narrow ? 0.22 : 0.13;
      p.depth_ramp = narrow ? 280 : 134;
      p.tile_intensity = narrow ? 60 : 0.5;
      p.error = 0.10;
      break;
    case ChipClass::kSm100:
      p.peak_fraction = bytes < 1.0 ? 0.46 : (narrow ? 0.80 : 0.72);
      p.throttle = bytes < 1.0 ? 0.05 : (narrow ? 0.38 : 0.09);
      p.depth_ramp = bytes < 1.0 ? 440 : (narrow ? 915 : 35);
      p.error = 0.12;
      break;
    case ChipClass::kSystolic:
      p.peak_fraction = 0.85;
      p.error = 0.20;
      p.error_small = 0.5;
      break;
    case ChipClass::kCube:
      p.peak_fraction = 0.75;
      p.error = 0.20;
      p.error_small = 0.5;
      break;
    case ChipClass::kOther:
      p.peak_fraction = 0.65;
      p.error = 0.25;
      p.error_small = 0.5;
      break;
  }
  if (narrow) {
    p.launch = Seconds{3.5e-6};
    p.memory_fraction = 0.66;
    p.quantise_bytes = bytes < 1.0 ? 2.7 : 5.5;
  }
  p.compute_units = std::max(1.0, std::round(peak_16bit.value() / unit_peak(chip_class)));
  return p;
}

ShapeParameters default_grouped_parameters(ChipClass chip_class, model::Recipe recipe, FlopsPerSecond peak_16bit) {
  ShapeParameters p = default_parameters(chip_class, recipe, peak_16bit);
  p.peak_fraction *= 0.85;
  p.depth_ramp += 200;
  p.wave_weight = 1.0;
  p.error += 0.10;
  return p;
}

Flops gemm_flops(const GemmShape& s) { return Flops{2.0 * s.m * s.n * s.k * s.batch}; }

Bytes gemm_traffic(const GemmShape& s, double operand_bytes) {
  return Bytes{s.batch * (operand_bytes * (s.m * s.k + s.k * s.n) + 2.0 * s.m * s.n)};
}

double misalignment(const GemmShape& shape) {
  double factor = 1.0;
  for (const double size : {shape.n, shape.k}) {
    if (size != std::floor(size) || size > 1e9) continue;  // averages and huge sizes carry no alignment
    const long long whole = static_cast<long long>(size);
    factor = std::max(factor, whole % 8 == 0 ? 1.0 : whole % 4 == 0 ? 2.0 : whole % 2 == 0 ? 3.0 : 5.0);
  }
  return factor;
}

Seconds gemm_floor(const GemmShape& shape, const Roof& roof) {
  return std::max(gemm_flops(shape) / roof.peak, gemm_traffic(shape, roof.operand_bytes) / roof.memory_bandwidth);
}

Seconds gemm_shape_time(const GemmShape& s, const Roof& roof, const ShapeParameters& p) {
  SOCLE_CHECK(s.m > 0 && s.n > 0 && s.k > 0 && s.batch > 0, "a GEMM has positive dimensions");
  const double unit_rate = roof.peak.value() * p.peak_fraction / p.compute_units;
  double compute = work_per_unit(s, p) / unit_rate;
  compute *= 1.0 + p.throttle * compute / (compute + p.throttle_time.value());
  const double memory =
      gemm_traffic(s, roof.operand_bytes).value() / (p.memory_fraction * roof.memory_bandwidth.value());
  return std::max(p.launch + Seconds{overlap(compute, memory)}, gemm_floor(s, roof));
}

Flops attention_flops(const AttentionShape& s) {
  const double value_dim = s.v_head_dim > 0 ? s.v_head_dim : s.head_dim;
  return Flops{2.0 * s.batch * s.q_heads * visible_pairs(s) * (s.head_dim + value_dim)};
}

double equivalent_sequence(const AttentionShape& s) { return std::sqrt(2.0 * visible_pairs(s)); }

AttentionParameters default_attention_parameters(ChipClass chip_class) {
  AttentionParameters p{.fraction = 0.5, .half_sequence = 1000, .fill = 1.0, .narrow_head = 0.6, .error = 0.4};
  switch (chip_class) {
    case ChipClass::kSm80:
      return {0.55, 435, 0.5, 0.9, Seconds{7e-6}, 0.2};
    case ChipClass::kSm90:
      return {0.68, 1000, 0.57, 0.68, Seconds{10e-6}, 0.15};
    case ChipClass::kSm100:
      return {0.73, 1140, 1.2, 0.46, Seconds{10e-6}, 0.2};
    case ChipClass::kSystolic:
    case ChipClass::kCube:
      break;
    case ChipClass::kOther:
      p.fraction = 0.45;
      break;
  }
  return p;
}

Seconds attention_shape_time(const AttentionShape& s, const Roof& roof, const AttentionParameters& p,
                             double compute_units) {
  SOCLE_CHECK(s.batch > 0 && s.q_heads > 0 && s.kv_heads > 0 && s.head_dim > 0 && s.seq_q > 0 && s.seq_kv > 0,
              "an attention core has positive dimensions");
  const double sequence = equivalent_sequence(s);
  const double tiles = s.batch * s.q_heads * std::ceil(s.seq_q / 128.0);
  const double width = s.head_dim < 128.0 ? p.narrow_head : 1.0;
  const double share =
      p.fraction * width * sequence / (sequence + p.half_sequence) * tiles / (tiles + p.fill * compute_units);
  const Seconds compute = attention_flops(s) / (share * roof.peak);
  const Seconds memory = attention_traffic(s) / roof.memory_bandwidth;
  return p.launch + std::max(compute, memory);
}

Bytes attention_traffic(const AttentionShape& s) {
  const double value_dim = s.v_head_dim > 0 ? s.v_head_dim : s.head_dim;
  const double query = s.q_heads * s.seq_q * (s.head_dim + value_dim);
  const double key = s.kv_heads * s.seq_kv * (s.head_dim + value_dim);
  return Bytes{2.0 * s.batch * (query + key)};
}

Seconds memory_shape_time(Bytes traffic, const Roof& roof, const ShapeParameters& p) {
  return p.launch + traffic / (p.memory_fraction * roof.memory_bandwidth);
}

}  // namespace socle::kernel
