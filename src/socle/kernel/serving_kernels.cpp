#include "socle/kernel/serving_kernels.hpp"

#include <algorithm>
#include <utility>

#include "socle/kernel/collective_time.hpp"

namespace socle::kernel {
namespace {

using model::WeightFormat;

/// Added to the relative error for each doubling beyond the measured grid (assumption).
constexpr double kErrorPerOctaveOutside = 0.02;
/// Most octaves outside the grid that still count as measured.
constexpr double kMeasuredMargin = 0.51;
/// Added to the relative error of a cache that was measured in another width (assumption).
constexpr double kBorrowedError = 0.1;
/// What `FittedPrefill::by_window` was fitted with where no window cuts.
constexpr double kNoWindow = 8192;
/// Least number of windows in the new tokens that it was fitted with where one cuts.
constexpr double kLeastCut = 2;
/// A measured table's answer, never below the floor.
Estimate corrected(Seconds modelled, double correction, double outside, Seconds floor, double error) {
  const Basis basis = outside <= kMeasuredMargin ? Basis::kMeasured : Basis::kCalibrated;
  return {std::max(correction * modelled, floor), basis, error + kErrorPerOctaveOutside * outside};
}

bool narrow_cache(model::DataType kv) { return model::bytes_per_element(kv) <= 1.0; }

double error_of(const ServingErrors& errors, double quantity, double small, double large) {
  if (quantity <= small) return errors.small;
  return quantity >= large ? errors.large : errors.all;
}

}  // namespace

ServingKernels::ServingKernels(const catalog::Chip& chip, const ChipKernels& kernels,
                               std::optional<ServingTables> tables)
    : kernels_(kernels), class_(chip_class(chip)), tables_(std::move(tables)) {
  roof_ = {kernels.peak(model::Recipe::kBf16), *chip.memory_bandwidth, 2.0};
  const FormatChoice choice{kernels, class_, *chip.memory_bandwidth, tables_ ? &*tables_ : nullptr};
  for (std::size_t i = 0; i < kWeightFormats; ++i) {
    linear_[i] = choose_linear(choice, static_cast<WeightFormat>(i));
    experts_[i] = choose_experts(choice, linear_[i], static_cast<WeightFormat>(i));
  }
}

Estimate ServingKernels::linear_time(const GemmShape& s, WeightFormat format, const EngineKernels& engine) const {
  const LinearFormat& one = linear_[index(format)];
  const bool fused = engine.fused_casts && one.multiplies_narrow() && format == WeightFormat::kFp8;
  const Seconds cast = fused ? one.cast_launch + cast_time(s, one.roof, one.parameters) : Seconds{};
  const Seconds modelled = (linear_model_time(s, one.bytes, one.roof, one.parameters) - cast) * misalignment(s);
  const Seconds floor = work_floor(linear_work(s, one.bytes), one.roof.peak, one.roof.memory_bandwidth);
  const double error = error_of(one.errors, s.m, 128, 2048);
  if (!one.table) return {std::max(modelled, floor), one.shape_basis, error};
  const FittedLinear& fit = *tables_->linear[*one.table];
  const GridValue found = fit.correction.at(s.m, s.n, s.k);
  Estimate result = corrected(modelled, found.value, found.outside, floor, error);
  if (fit.borrowed || *one.table != index(format)) result.basis = std::max(result.basis, Basis::kCalibrated);
  return result;
}

Estimate ServingKernels::expert_time(const ExpertShape& s, WeightFormat format, const EngineKernels& engine) const {
  const ExpertFormat& one = experts_[index(format)];
  const ExpertLoad load = expert_load(s);
  const Seconds modelled = expert_model_time(s, load, one.weight_bytes, one.roof, one.parameters);
  const Seconds floor = work_floor(expert_work(s, load, one.weight_bytes), one.roof.peak, one.roof.memory_bandwidth);
  const double error = error_of(one.errors, s.tokens, 256, 2048);
  if (!one.table) return {std::max(modelled, floor), Basis::kDatasheet, error};
  const FittedExperts& fit = *tables_->experts[*one.table];
  const double skew = 1.0 + s.skew;
  const double local = s.experts / s.expert_parallel;
  const GridValue first = fit.correction.at(load.pairs / local, local, s.hidden * s.ffn);
  const GridValue second = fit.by_skew.at(skew, s.tokens * s.topk / s.experts, s.gated ? 3.0 : 2.0);
  const GridValue third = fit.by_ranks.at(s.expert_parallel, s.tokens, skew);
  const double own = engine.fastest_experts ? fit.fastest.at(s.expert_parallel, s.tokens, skew).value : 1.0;
  return corrected(modelled, first.value * second.value * third.value * own, first.outside, floor, error);
}

template <class Fit>
const Fit* ServingKernels::cache_fit(const std::array<std::optional<Fit>, kCacheFormats>& fits, model::DataType kv) {
  const bool narrow = narrow_cache(kv);
  const auto& own = fits[static_cast<std::size_t>(narrow ? CacheFormat::kFp8 : CacheFormat::kBf16)];
  const auto& other = fits[static_cast<std::size_t>(narrow ? CacheFormat::kBf16 : CacheFormat::kFp8)];
  if (own) return &*own;
  return other ? &*other : nullptr;
}

Estimate ServingKernels::decode_attention_time(const DecodeAttention& s) const {
  const KernelWork work = decode_work(s);
  const Seconds floor = work_floor(work, roof_.peak, roof_.memory_bandwidth);
  const FittedDecode* fit = tables_ ? cache_fit(tables_->decode, s.kv) : nullptr;
  if (fit == nullptr) {
    const double error = unmeasured_error(class_);
    return {std::max(cache_model_time(work, roof_, default_cache_parameters(class_)), floor), Basis::kDatasheet, error};
  }
  if (narrow_cache(s.kv) && !tables_->decode[static_cast<std::size_t>(CacheFormat::kFp8)]) {
    // Nobody measured a narrow cache: a 16-bit one of as many bytes takes that time.
    DecodeAttention wide = s;
    wide.kv = model::DataType::kBf16;
    wide.context = std::max(1.0, s.context * model::bytes_per_element(s.kv) / 2.0);
    wide.window = s.window * model::bytes_per_element(s.kv) / 2.0;
    const Estimate same = decode_attention_time(wide);
    return {std::max(same.time, floor), std::max(same.basis, Basis::kCalibrated), same.relative_error + kBorrowedError};
  }
  const double seen = seen_context(s);
  const bool cut = seen < s.context;
  const GridValue first = fit->correction.at(s.sequences * s.kv_heads, seen, s.q_heads / s.kv_heads);
  const GridValue second = fit->by_width.at(s.head_dim, s.sequences * s.q_heads, seen);
  const GridValue third = fit->by_window.at(cut ? 2.0 : 1.0, s.head_dim, seen);
  const double error = cut ? fit->errors.window : error_of(fit->errors, work.traffic.value(), 1e7, 1e8);
  return corrected(cache_model_time(work, roof_, fit->parameters), first.value * second.value * third.value,
                   first.outside + second.outside, floor, error);
}

Estimate ServingKernels::decode_mla_time(const DecodeMla& s) const {
  const KernelWork work = decode_mla_work(s);
  const Seconds floor = work_floor(work, roof_.peak, roof_.memory_bandwidth);
  const FittedMla* fit = tables_ ? cache_fit(tables_->mla, s.kv) : nullptr;
  if (fit == nullptr) {
    const double error = unmeasured_error(class_);
    return {std::max(cache_model_time(work, roof_, default_mla_parameters(class_)), floor), Basis::kDatasheet, error};
  }
  const GridValue found = fit->correction.at(s.sequences, s.context, s.heads);
  const double error = error_of(fit->errors, work.traffic.value(), 1e7, 1e8);
  return corrected(cache_model_time(work, roof_, fit->parameters), found.value, found.outside, floor, error);
}

Estimate ServingKernels::prefill_core(const AttentionShape& s, const PrefillAttention& asked) const {
  const bool wide_keys = s.v_head_dim > 0 && s.v_head_dim < s.head_dim;
  const FittedPrefill* fit = nullptr;
  if (tables_) fit = cache_fit(wide_keys ? tables_->prefill_mla : tables_->prefill, asked.kv);
  if (fit == nullptr) return kernels_.attention_time(s);
  const double value = s.v_head_dim > 0 ? s.v_head_dim : s.head_dim;
  const double cache = s.kv_heads * s.seq_kv * model::bytes_per_element(asked.kv);
  const Bytes traffic{s.batch * (2.0 * s.q_heads * s.seq_q + cache) * (s.head_dim + value)};
  const Seconds floor = work_floor({attention_flops(s), traffic}, roof_.peak, roof_.memory_bandwidth);
  AttentionShape open = s;
  open.window = 0;
  const bool cut = s.window > 0 && s.window < s.seq_kv;
  const GridValue first = fit->correction.at(equivalent_sequence(open), s.batch * s.q_heads, s.head_dim);
  double correction = first.value;
  if (!fit->by_window.empty()) {
    const double ratio = cut ? std::max(asked.tokens / asked.window, kLeastCut) : 1.0;
    correction *= fit->by_window.at(ratio, cut ? asked.window : kNoWindow, s.head_dim).value;
  }
  const double units = linear_[index(WeightFormat::kBf16)].parameters.compute_units;
  const Seconds modelled = attention_shape_time(s, roof_, fit->parameters, units);
  const double error = cut ? fit->errors.window : error_of(fit->errors, asked.tokens, 63, 2048);
  Estimate result = corrected(modelled, correction, first.outside, floor, error);
  if (asked.context > 0) result.basis = Basis::kCalibrated;  // only sequences without a past were measured
  return result;
}

Estimate ServingKernels::prefill_attention_time(const PrefillAttention& s) const {
  const auto after = [&](double past) {
    return prefill_core({.batch = s.sequences,
                         .q_heads = s.q_heads,
                         .kv_heads = s.kv_heads,
                         .head_dim = s.head_dim,
                         .v_head_dim = s.v_head_dim,
                         .seq_q = s.tokens,
                         .seq_kv = past + s.tokens,
                         .window = s.window},
                        s);
  };
  const double past = s.window > 0 ? std::min(s.context, s.window) : s.context;
  const Estimate whole = after(past);
  if (past == 0) return whole;
  // Few tokens against a long cache: query rows of one key head share its tiles, as in decoding.
  Estimate split = decode_attention_time({.sequences = s.sequences,
                                          .q_heads = s.q_heads * s.tokens,
                                          .kv_heads = s.kv_heads,
                                          .head_dim = s.head_dim,
                                          .v_head_dim = s.v_head_dim,
                                          .context = past + s.tokens,
                                          .kv = s.kv});
  if (split.time >= whole.time) return whole;
  split.time = std::min(std::max(split.time, after(0).time), whole.time);
  split.basis = std::max(split.basis, Basis::kCalibrated);
  return split;
}

Estimate ServingKernels::prefill_mla_time(const PrefillMla& s) const {
  return prefill_attention_time({.sequences = s.sequences,
                                 .q_heads = s.heads,
                                 .kv_heads = s.heads,
                                 .head_dim = s.qk_dim,
                                 .v_head_dim = s.v_dim,
                                 .tokens = s.tokens,
                                 .context = s.context,
                                 .kv = s.kv});
}

Estimate ServingKernels::all_reduce_time(int ranks, Bytes buffer, const EngineKernels& engine) const {
  const CollectiveEstimate library = kernels_.collective_time(Collective::kAllReduce, ranks, buffer);
  const Estimate usual{library.time, library.basis, library.relative_error};
  if (!tables_ || tables_->all_reduce.empty() || ranks < 2) return usual;
  const BytesPerSecond unused{1.0};  // the link counts only where there is no curve
  const CollectiveEstimate own =
      estimate_collective(engine.fastest_all_reduce ? tables_->fastest_all_reduce : tables_->all_reduce, unused,
                          {Collective::kAllReduce, ranks, buffer});
  return own.time < library.time ? Estimate{own.time, own.basis, own.relative_error} : usual;
}

double ServingKernels::expert_engine_spread(WeightFormat format) const {
  const ExpertFormat& one = experts_[index(format)];
  return one.table ? tables_->experts[*one.table]->median_over_fastest : 1.0;
}

}  // namespace socle::kernel
