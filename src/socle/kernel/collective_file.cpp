#include "socle/kernel/collective_file.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"
#include "socle/kernel/chip_kernels.hpp"

namespace socle::kernel {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

std::string curve_text(const CollectiveCurve& curve, int nodes) {
  constexpr const char* kNames[kCollectives] = {"all-reduce", "all-gather", "reduce-scatter", "all-to-all"};
  const double bytes = std::exp2(curve.log2_bytes.back());
  const double seconds = std::exp2(curve.log2_seconds.back());
  std::string text = fmt::format("\n[[collective]]\nname = \"{}\"\nranks = {}\n",
                                 kNames[static_cast<std::size_t>(curve.collective)], curve.ranks);
  if (nodes > 1) text += fmt::format("nodes = {}\n", nodes);
  text += fmt::format("error = {:.4f}\nbus_gb_s = {:.1f}\nlog2_bytes = [", curve.error,
                      bus_factor(curve.collective, curve.ranks) * bytes / seconds / 1e9);
  for (std::size_t i = 0; i < curve.log2_bytes.size(); ++i)
    text += fmt::format("{}{:.6g}", i == 0 ? "" : ", ", curve.log2_bytes[i]);
  text += "]\ntime_ns = [";
  for (std::size_t i = 0; i < curve.log2_seconds.size(); ++i) {
    text += fmt::format("{}{:.0f}", i == 0 ? "" : ", ", std::max(1.0, std::exp2(curve.log2_seconds[i]) * 1e9));
  }
  return text + "]\n";
}

}  // namespace

CollectiveFile parse_collective_file(std::string_view toml_text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(toml_text, source_name);
  const TomlTable root = document.root();
  CollectiveFile file;
  root.required_integer("schema", 1, 1);
  file.chip = root.required_string("chip");
  file.source = root.required_string("source");
  if (const auto across = root.optional_table("across")) {
    file.nic_fraction = across->optional_real("nic_fraction", 0.01, 1.0);
    if (const auto micro = across->optional_real("latency_us", 0.0, 1e6)) file.nic_latency = Seconds{1e-6 * *micro};
  }
  for (const TomlTable& table : root.tables("collective")) {
    const auto nodes = static_cast<int>(table.optional_integer("nodes", 1, 1 << 20).value_or(1));
    CollectiveCurve curve = read_collective_curve(table);
    if (nodes > curve.ranks) table.problem("nodes", "nodes must not exceed ranks");
    if (nodes > 1)
      file.across.push_back({std::move(curve), nodes});
    else
      file.curves.push_back(std::move(curve));
  }
  document.finish();
  sort_curves(file.curves);
  return file;
}

std::string write_collective_file(const CollectiveFile& file) {
  std::string text = fmt::format(
      "# Collectives measured on this chip; written by socle fabric calibrate.\nschema = 1\nchip = {}\nsource = {}\n",
      quoted(file.chip), quoted(file.source));
  if (file.nic_fraction || file.nic_latency) text += "\n[across]\n";
  if (file.nic_fraction) text += fmt::format("nic_fraction = {:.4f}\n", *file.nic_fraction);
  if (file.nic_latency) text += fmt::format("latency_us = {:.3f}\n", file.nic_latency->value() * 1e6);
  for (const CollectiveCurve& curve : file.curves) text += curve_text(curve, 1);
  for (const AcrossCurve& across : file.across) text += curve_text(across.curve, across.nodes);
  return text;
}

}  // namespace socle::kernel
