#include "socle/kernel/shape_model.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "socle/base/check.hpp"

namespace socle::kernel {
namespace {

struct Tile {
  double rows;
  double columns;
};
constexpr std::array<Tile, 5> kTiles = {{{256, 128}, {128, 256}, {128, 128}, {128, 64}, {64, 64}}};
constexpr double kLargestTileIntensity = 256.0 * 128.0 / (256.0 + 128.0);
/// Shortest k that one slice of a split-k kernel takes.
constexpr double kSplitDepth = 512.0;

/// (a^4 + b^4)^(1/4): the larger of two overlapping times, rounded where they meet.
double overlap(double a, double b) {
  const double a2 = a * a;
  const double b2 = b * b;
  return std::sqrt(std::sqrt(a2 * a2 + b2 * b2));
}

/// Multiply-adds x 2 that the most loaded compute unit executes, divided by its relative rate, for the best tile.
double work_per_unit(const GemmShape& s, const ShapeParameters& p) {
  double best = 0.0;
  for (const Tile& tile : kTiles) {
    const double tiles = std::ceil(s.m / tile.rows) * std::ceil(s.n / tile.columns) * s.batch;
    const double load = tiles / p.compute_units;
    double waves = 1.0;
    double depth = s.k;
    if (load >= 1.0) {
      waves = p.wave_weight * std::ceil(load) + (1.0 - p.wave_weight) * load;
    } else {
      depth = std::max(s.k * load, std::min(s.k, kSplitDepth));
    }
    const double intensity = tile.rows * tile.columns / (tile.rows + tile.columns);
    const double rate = intensity / (intensity + p.tile_intensity) *
                        (kLargestTileIntensity + p.tile_intensity) / kLargestTileIntensity;
    const double work = 2.0 * waves * tile.rows * tile.columns * (depth + p.depth_ramp) / rate;
    if (best == 0.0 || work < best) best = work;
  }
  return best;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// 16-bit peak of one compute unit, for estimating their number: A100 312/108, H100 989/132, B200 2250/148,
/// Ascend 910B3 313/20, TPU v5p 459/8 arrays, MI300X 1307/304 TFLOP/s (datasheet peaks; unit counts public).
double unit_peak(ChipClass chip_class) {
  switch (chip_class) {
    case ChipClass::kSm80: return 2.9e12;
    case ChipClass::kSm90: return 7.5e12;
    case ChipClass::kSm100: return 15.2e12;
    case ChipClass::kSystolic: return 57e12;
    case ChipClass::kCube: return 15.65e12;
    case ChipClass::kOther: return 4.3e12;
  }
  return 4.3e12;
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
  ShapeParameters p;
  const bool narrow = model::bytes_per_element(model::gemm_type(recipe)) < 2.0;
  switch (chip_class) {
    case ChipClass::kSm80: p.peak_fraction = narrow ? 0.75 : 0.85; break;
    case ChipClass::kSm90: p.peak_fraction = narrow ? 0.70 : 0.82; p.throttle = 0.15; break;
    case ChipClass::kSm100: p.peak_fraction = narrow ? 0.65 : 0.80; p.depth_ramp = 256; break;
    case ChipClass::kSystolic: p.peak_fraction = 0.85; p.error = 0.2; p.error_small = 0.5; break;
    case ChipClass::kCube: p.peak_fraction = 0.75; p.error = 0.2; p.error_small = 0.5; break;
    case ChipClass::kOther: p.peak_fraction = 0.65; p.error = 0.25; p.error_small = 0.5; break;
  }
  if (narrow) p.quantise_bytes = 5.0;  // largest value first (read 2), then read 2 and write 1
  p.compute_units = std::max(1.0, std::round(peak_16bit.value() / unit_peak(chip_class)));
  return p;
}

ShapeParameters default_grouped_parameters(ChipClass chip_class, model::Recipe recipe, FlopsPerSecond peak_16bit) {
  ShapeParameters p = default_parameters(chip_class, recipe, peak_16bit);
  p.peak_fraction *= 0.85;
  p.error += 0.10;
  return p;
}

Flops gemm_flops(const GemmShape& s) { return Flops{2.0 * s.m * s.n * s.k * s.batch}; }

Bytes gemm_traffic(const GemmShape& s, double operand_bytes) {
  return Bytes{s.batch * (operand_bytes * (s.m * s.k + s.k * s.n) + 2.0 * s.m * s.n)};
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

/// Visible (query, key) pairs of one head of one sequence: query i sees min(window, seq_kv - seq_q + i) keys, i as a
/// continuous variable (s^2 / 2 for a full causal square, the usual convention).
static double visible_pairs(const AttentionShape& s) {
  const double window = s.window > 0 ? std::min(s.window, s.seq_kv) : s.seq_kv;
  if (!s.causal) return s.seq_q * window;
  const double first = s.seq_kv - s.seq_q;                       // keys before the first query
  const double ramp = std::clamp(window - first, 0.0, s.seq_q);  // queries that do not see a full window yet
  return ramp * (first + 0.5 * ramp) + (s.seq_q - ramp) * window;
}

Flops attention_flops(const AttentionShape& s) {
  const double value_dim = s.v_head_dim > 0 ? s.v_head_dim : s.head_dim;
  return Flops{2.0 * s.batch * s.q_heads * visible_pairs(s) * (s.head_dim + value_dim)};
}

double equivalent_sequence(const AttentionShape& s) { return std::sqrt(2.0 * visible_pairs(s)); }

double attention_shape_utilisation(const AttentionShape& s, ChipClass chip_class, double compute_units) {
  double fraction = 0.5;
  double half_sequence = 512.0;
  switch (chip_class) {
    case ChipClass::kSm80: fraction = 0.62; break;
    case ChipClass::kSm90: fraction = 0.62; break;
    case ChipClass::kSm100: fraction = 0.55; half_sequence = 1024.0; break;
    case ChipClass::kSystolic: fraction = 0.50; half_sequence = 1024.0; break;
    case ChipClass::kCube: fraction = 0.45; half_sequence = 1024.0; break;
    case ChipClass::kOther: fraction = 0.40; break;
  }
  const double sequence = equivalent_sequence(s);
  const double tiles = s.batch * s.q_heads * std::ceil(s.seq_q / 128.0);
  const double fill = tiles / (tiles + compute_units);
  const double width = std::min(1.0, 0.5 + 0.5 * s.head_dim / 128.0);  // head_dim 64 reaches about three quarters
  return fraction * width * fill * sequence / (sequence + half_sequence);
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
