#include "socle/kernel/kernel_tables.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"

namespace socle::kernel {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr std::array<const char*, kTableFormats> kFormatNames = {"bf16", "fp8", "fp8_block", "nvfp4"};
const std::vector<std::string> kCollectiveNames = {"all-reduce", "all-gather", "reduce-scatter", "all-to-all"};

Seconds microseconds(const TomlTable& table, const char* key) {
  return Seconds{1e-6 * table.required_real(key, 0.0, 1e6)};
}

std::vector<double> ascending(const TomlTable& table, const char* key) {
  auto values = table.optional_reals(key).value_or(std::vector<double>{});
  if (values.empty() || !std::is_sorted(values.begin(), values.end(), std::less_equal<>{})) {
    table.problem(key, std::string(key) + " must list one or more numbers in strictly ascending order");
    return {0.0};
  }
  return values;
}

/// Keys that inform people only (docs/design/kernel.md).
void ignore_notes(const TomlTable& table) {
  for (const std::string& key : table.keys()) {
    const bool note = key.starts_with("bias_") || key.starts_with("shape_") || key.starts_with("grid_error") ||
                      key == "rows" || key == "rejected" || key == "sustained_with_cast" || key == "row_bytes" ||
                      key == "overhead_us" || key == "median_over_best" || key == "median_over_used";
    if (note) table.ignore(key);
  }
}

FittedShapes read_shapes(const TomlTable& table, const std::array<const char*, 3>& axis_keys) {
  FittedShapes fit;
  ShapeParameters& p = fit.parameters;
  p.peak_fraction = table.required_real("peak_fraction", 0.01, 1.0);
  p.throttle = table.required_real("throttle", 0.0, 10.0);
  p.depth_ramp = table.required_real("depth_ramp", 0.0, 1e6);
  p.tile_intensity = table.required_real("tile_intensity", 0.0, 1e4);
  p.wave_weight = table.required_real("wave_weight", 0.0, 1.0);
  p.memory_fraction = table.required_real("memory_fraction", 0.01, 1.0);
  p.launch = microseconds(table, "launch_us");
  p.quantise_bytes = table.required_real("quantise_bytes", 0.0, 1e3);
  p.compute_units = table.required_real("compute_units", 1.0, 1e6);
  const double error_all = table.required_real("error_all", 0.0, 10.0);
  p.error = table.required_real("error_large", 0.0, 10.0);
  p.error_small = table.optional_real("error_small", 0.0, 10.0).value_or(error_all);
  fit.sustained = table.required_real("sustained", 0.0, 1.0);
  fit.correction = read_grid(table, axis_keys);
  ignore_notes(table);
  return fit;
}

FittedAttention read_attention(const TomlTable& table) {
  FittedAttention fit;
  fit.parameters.fraction = table.required_real("fraction", 0.01, 1.0);
  fit.parameters.half_sequence = table.required_real("half_sequence", 0.0, 1e6);
  fit.parameters.fill = table.required_real("fill", 0.0, 1e3);
  fit.parameters.narrow_head = table.required_real("narrow_head", 0.01, 2.0);
  fit.parameters.launch = microseconds(table, "launch_us");
  fit.parameters.error = table.required_real("error_large", 0.0, 10.0);
  table.required_real("error_all", 0.0, 10.0);
  fit.sustained = table.required_real("sustained", 0.0, 1.0);
  fit.correction = read_grid(table, {"log2_sequence", "log2_heads", "log2_head_dim"});
  ignore_notes(table);
  return fit;
}

/// Reads [section.<format>] for every format present.
void read_formats(const TomlTable& root, const char* section, const std::array<const char*, 3>& axis_keys,
                  std::array<std::optional<FittedShapes>, kTableFormats>& fits) {
  const auto table = root.optional_table(section);
  if (!table) return;
  for (std::size_t i = 0; i < kTableFormats; ++i) {
    if (const auto format = table->optional_table(kFormatNames[i])) fits[i] = read_shapes(*format, axis_keys);
  }
}

}  // namespace

Grid3 read_grid(const TomlTable& table, const std::array<const char*, 3>& axis_keys) {
  Grid3 grid;
  std::size_t nodes = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    grid.axes[i].nodes = ascending(table, axis_keys[i]);
    nodes *= grid.axes[i].nodes.size();
  }
  const auto values = table.optional_reals("correction").value_or(std::vector<double>{});
  if (values.size() != nodes || std::any_of(values.begin(), values.end(), [](double v) { return v <= 0.0; })) {
    table.problem("correction", "correction has " + std::to_string(values.size()) + " numbers; the axes ask for " +
                                    std::to_string(nodes) + ", all of them above zero");
    grid.values.assign(nodes, 1.0F);
    return grid;
  }
  for (const double per_mille : values) grid.values.push_back(static_cast<float>(per_mille / 1000.0));
  return grid;
}

CollectiveCurve read_collective_curve(const TomlTable& table, const char* times_key) {
  CollectiveCurve curve;
  const auto name = table.optional_choice("name", kCollectiveNames);
  if (!name) table.problem("name", "a collective needs a name");
  curve.collective = static_cast<Collective>(name.value_or(0));
  curve.ranks = static_cast<int>(table.required_integer("ranks", 2, 1 << 20));
  curve.error = table.required_real("error", 0.0, 10.0);
  table.required_real("bus_gb_s", 0.0, kLargest);
  curve.log2_bytes = ascending(table, "log2_bytes");
  const auto times = table.optional_reals(times_key).value_or(std::vector<double>{});
  const bool usable = times.size() == curve.log2_bytes.size() && std::is_sorted(times.begin(), times.end()) &&
                      !times.empty() && times.front() > 0.0;
  if (!usable) {
    table.problem(times_key, fmt::format("{} must give one time per entry of log2_bytes, above zero and never falling",
                                         times_key));
    curve.log2_seconds.assign(curve.log2_bytes.size(), 0.0);
    return curve;
  }
  for (const double nanoseconds : times) curve.log2_seconds.push_back(std::log2(1e-9 * nanoseconds));
  return curve;
}

void sort_curves(std::vector<CollectiveCurve>& curves) {
  std::stable_sort(curves.begin(), curves.end(), [](const CollectiveCurve& a, const CollectiveCurve& b) {
    return std::pair(a.collective, a.ranks) < std::pair(b.collective, b.ranks);
  });
}

KernelTables parse_kernel_tables(std::string_view toml_text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(toml_text, source_name);
  const TomlTable root = document.root();
  KernelTables tables;
  root.required_integer("schema", 1, 1);
  tables.chip = root.required_string("chip");
  tables.source = root.required_string("source");
  root.required_string("licence");
  const TomlTable memory = root.required_table("memory");
  tables.memory_fraction = memory.required_real("fraction", 0.01, 1.0);
  tables.launch = microseconds(memory, "launch_us");
  tables.memory_error = memory.required_real("error", 0.0, 10.0);
  ignore_notes(memory);
  read_formats(root, "gemm", {"log2_m", "log2_n", "log2_k"}, tables.gemm);
  read_formats(root, "grouped_gemm", {"log2_rows", "log2_groups", "log2_weight"}, tables.grouped);
  if (const auto table = root.optional_table("attention")) tables.attention = read_attention(*table);
  if (const auto table = root.optional_table("attention_mla")) tables.attention_mla = read_attention(*table);
  for (const TomlTable& table : root.tables("collective")) tables.collectives.push_back(read_collective_curve(table));
  document.finish();
  sort_curves(tables.collectives);
  return tables;
}

std::vector<CollectiveCurve> parse_collective_tables(std::string_view toml_text, const std::string& source_name) {
  std::string own;  // other tables as empty lines, so that problems name the lines of the file
  bool inside = false, found = false;
  for (std::size_t at = 0, end; at < toml_text.size(); at = end + 1) {
    end = std::min(toml_text.find('\n', at), toml_text.size());
    const std::string_view line = toml_text.substr(at, end - at);
    const std::size_t first = std::min(line.find_first_not_of(" \t"), line.size());
    if (line.substr(first).starts_with("[")) inside = line.substr(first).starts_with("[[collective]]");
    found = found || inside;
    if (inside) own += line;
    own += '\n';
  }
  if (!found) return parse_kernel_tables(toml_text, source_name).collectives;  // none, or spelled another way
  const TomlDocument document = TomlDocument::parse(own, source_name);
  std::vector<CollectiveCurve> curves;
  for (const TomlTable& table : document.root().tables("collective")) curves.push_back(read_collective_curve(table));
  document.finish();
  sort_curves(curves);
  return curves;
}

}  // namespace socle::kernel
