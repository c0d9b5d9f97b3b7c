#include "socle/kernel/serving_tables.hpp"

#include <utility>

#include "socle/base/toml_reader.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/kernel/collective_time.hpp"

namespace socle::kernel {
namespace {

constexpr std::array<const char*, kCacheFormats> kCacheNames = {"bf16", "fp8"};
/// Datasheet peaks that expert products run against, and their names in the file.
const std::vector<std::string> kComputeNames = {"bf16", "fp8", "fp4"};
constexpr std::array<model::DataType, 3> kComputeTypes = {model::DataType::kBf16, model::DataType::kFp8,
                                                          model::DataType::kFp4};

Seconds microseconds(const TomlTable& table, const char* key) {
  return Seconds{1e-6 * table.required_real(key, 0.0, 1e6)};
}

/// Keys that inform people only (docs/design/kernel.md).
void ignore_notes(const TomlTable& table) {
  for (const std::string& key : table.keys()) {
    if (key.starts_with("bias_") || key == "rows" || key == "rejected" || key == "error_shape" || key == "measured") {
      table.ignore(key);
    }
  }
}

ServingErrors read_errors(const TomlTable& table) {
  ServingErrors errors;
  errors.all = table.required_real("error_all", 0.0, 10.0);
  errors.small = table.optional_real("error_small", 0.0, 10.0).value_or(errors.all);
  errors.large = table.optional_real("error_large", 0.0, 10.0).value_or(errors.all);
  errors.window = table.optional_real("error_window", 0.0, 10.0).value_or(errors.all);
  ignore_notes(table);
  return errors;
}

FittedLinear read_linear(const TomlTable& table) {
  FittedLinear fit;
  ShapeParameters& p = fit.parameters;
  p.peak_fraction = table.required_real("peak_fraction", 0.01, 1.0);
  p.memory_fraction = table.required_real("memory_fraction", 0.01, 1.0);
  p.launch = microseconds(table, "launch_us");
  p.quantise_bytes = table.required_real("cast_bytes", 0.0, 1e3);
  p.throttle = table.required_real("throttle", 0.0, 10.0);
  p.depth_ramp = table.required_real("depth_ramp", 0.0, 1e6);
  p.tile_intensity = table.required_real("tile_intensity", 0.0, 1e4);
  p.wave_weight = table.required_real("wave_weight", 0.0, 1.0);
  p.compute_units = table.required_real("compute_units", 1.0, 1e6);
  fit.correction = read_grid(table, {"log2_m", "log2_n", "log2_k"});
  fit.borrowed = table.optional_string("measured_on").has_value();
  fit.errors = read_errors(table);
  return fit;
}

FittedExperts read_experts(const TomlTable& table) {
  FittedExperts fit;
  ExpertParameters& p = fit.parameters;
  p.peak_fraction = table.required_real("peak_fraction", 0.01, 1.0);
  p.memory_fraction = table.required_real("memory_fraction", 0.01, 1.0);
  p.launch = microseconds(table, "launch_us");
  p.token_bytes = table.required_real("token_bytes", 0.0, 1e3);
  p.pair_bytes = table.required_real("pair_bytes", 0.0, 1e3);
  p.tile_rows = table.required_real("tile_rows", 0.0, 1e4);
  const auto compute = table.optional_choice("compute", kComputeNames);
  if (!compute) table.problem("compute", "an expert layer names the format of its products");
  fit.compute = kComputeTypes[static_cast<std::size_t>(compute.value_or(0))];
  fit.median_over_fastest = table.required_real("median_over_best", 0.5, 100.0);
  fit.correction = read_grid(table, {"log2_local_rows", "log2_groups", "log2_weight"});
  fit.by_skew = read_grid(table.required_table("by_skew"), {"log2_skew", "log2_rows", "log2_matrices"});
  fit.by_ranks = read_grid(table.required_table("by_ranks"), {"log2_ranks", "log2_tokens", "log2_skew"});
  fit.fastest = read_grid(table.required_table("fastest"), {"log2_ranks", "log2_tokens", "log2_skew"});
  fit.errors = read_errors(table);
  return fit;
}

CacheParameters read_cache(const TomlTable& table) {
  CacheParameters p;
  p.peak_fraction = table.required_real("peak_fraction", 0.001, 1.0);
  p.memory_fraction = table.required_real("memory_fraction", 0.01, 1.0);
  p.launch = microseconds(table, "launch_us");
  p.half_bytes = 1e6 * table.required_real("half_mb", 1e-6, 1e6);
  return p;
}

FittedDecode read_decode(const TomlTable& table) {
  FittedDecode fit;
  fit.parameters = read_cache(table);
  fit.correction = read_grid(table, {"log2_streams", "log2_context", "log2_group"});
  fit.by_width = read_grid(table.required_table("by_width"), {"log2_width", "log2_heads", "log2_context"});
  fit.by_window = read_grid(table.required_table("by_window"), {"log2_window", "log2_width", "log2_context"});
  fit.errors = read_errors(table);
  return fit;
}

FittedMla read_mla(const TomlTable& table) {
  FittedMla fit;
  fit.parameters = read_cache(table);
  fit.correction = read_grid(table, {"log2_sequences", "log2_context", "log2_heads"});
  if (table.has("median_over_best")) table.ignore("median_over_best");
  fit.errors = read_errors(table);
  return fit;
}

FittedPrefill read_prefill(const TomlTable& table) {
  FittedPrefill fit;
  AttentionParameters& p = fit.parameters;
  p.fraction = table.required_real("fraction", 0.01, 1.0);
  p.half_sequence = table.required_real("half_sequence", 0.0, 1e6);
  p.fill = table.required_real("fill", 0.0, 1e3);
  p.narrow_head = table.required_real("narrow_head", 0.01, 2.0);
  p.launch = microseconds(table, "launch_us");
  fit.correction = read_grid(table, {"log2_sequence", "log2_heads", "log2_head_dim"});
  if (const auto windows = table.optional_table("by_window")) {
    fit.by_window = read_grid(*windows, {"log2_cut", "log2_window", "log2_head_dim"});
  }
  fit.errors = read_errors(table);
  p.error = fit.errors.all;
  return fit;
}

/// Reads [section.<name>] for every name present.
template <class Fit, std::size_t N>
void read_all(const TomlTable& root, const char* section, const std::array<std::string_view, N>& names,
              Fit (*read)(const TomlTable&), std::array<std::optional<Fit>, N>& fits) {
  const auto table = root.optional_table(section);
  if (!table) return;
  for (std::size_t i = 0; i < N; ++i) {
    if (const auto one = table->optional_table(names[i])) fits[i] = read(*one);
  }
}

}  // namespace

ServingTables parse_serving_tables(std::string_view toml_text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(toml_text, source_name);
  const TomlTable root = document.root();
  ServingTables tables;
  root.required_integer("schema", 1, 1);
  tables.chip = root.required_string("chip");
  tables.source = root.required_string("source");
  root.required_string("licence");
  std::array<std::string_view, kWeightFormats> weights;
  for (std::size_t i = 0; i < kWeightFormats; ++i) weights[i] = model::weight_formats()[i].name;
  const std::array<std::string_view, kCacheFormats> caches = {kCacheNames[0], kCacheNames[1]};
  weights[static_cast<std::size_t>(model::WeightFormat::kFp16)] = "bf16";
  read_all(root, "linear", weights, read_linear, tables.linear);
  read_all(root, "experts", weights, read_experts, tables.experts);
  read_all(root, "decode_attention", caches, read_decode, tables.decode);
  read_all(root, "decode_mla", caches, read_mla, tables.mla);
  read_all(root, "prefill_attention", caches, read_prefill, tables.prefill);
  read_all(root, "prefill_mla", caches, read_prefill, tables.prefill_mla);
  for (const TomlTable& table : root.tables("collective")) {
    tables.all_reduce.push_back(read_collective_curve(table));
    tables.fastest_all_reduce.push_back(read_collective_curve(table, "fastest_ns"));
    if (tables.all_reduce.back().collective != Collective::kAllReduce) {
      table.problem("name", "a serving table holds all-reduce alone");
    }
  }
  document.finish();
  sort_curves(tables.all_reduce);
  sort_curves(tables.fastest_all_reduce);
  return tables;
}

std::optional<ServingTables> load_serving_tables(const catalog::Catalog& catalog, const catalog::Chip& chip) {
  const std::string silicon = catalog::measured_silicon(chip);
  const std::string path = "serving/" + silicon + ".toml";
  if (!catalog.has(path)) return std::nullopt;
  ServingTables tables = parse_serving_tables(catalog.text_of(path), catalog.source_of(path));
  if (silicon == chip.slug) return tables;
  const catalog::Chip donor = catalog.chip(silicon);
  if (donor.scale_up_bandwidth && chip.scale_up_bandwidth) {
    const double ratio = *donor.scale_up_bandwidth / *chip.scale_up_bandwidth;
    for (auto* curves : {&tables.all_reduce, &tables.fastest_all_reduce}) {
      for (CollectiveCurve& curve : *curves) curve = with_links(std::move(curve), ratio);
    }
  }
  return tables;
}

}  // namespace socle::kernel
