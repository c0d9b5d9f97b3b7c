#include "socle/catalog/stacks.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/check.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/base/utf8.hpp"
#include "socle/catalog/relatives.hpp"

namespace socle::catalog {
namespace {

std::string no_such_family(const Catalog& catalog, const std::string& name) {
  std::vector<std::string> known;
  for (const std::string& path : catalog.paths_under("families/"))
    known.push_back(path.substr(9, path.size() - 9 - std::string_view(".toml").size()));
  return fmt::format("no family of stacks is called '{}'; use one of {}", name, fmt::join(known, ", "));
}

// What frameworks of a family can be told: `options` of its file.
void read_family(const Catalog& catalog, Stack& stack) {
  const std::string path = "families/" + stack.family + ".toml";
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const TomlTable root = document.root();
  for (const char* text : {"name", "source", "confidence", "checked"}) root.string_or(text, "");
  for (const std::string& option : root.optional_strings("options").value_or(std::vector<std::string>{})) {
    if (option == "recompute-modules")
      stack.recompute_modules = true;
    else if (option == "op-selective")
      stack.op_selective = true;
    else if (option == "reshard")
      stack.reshard_switch = true;
    else
      root.problem("options",
                   fmt::format("no option is called '{}'; use recompute-modules, op-selective or reshard", option));
  }
  document.finish();
}

// Words of a list, each of which must be one of those known.
std::vector<std::string> known_words(const TomlTable& table, const char* key,
                                     std::initializer_list<const char*> known) {
  const std::vector<std::string> words = table.optional_strings(key).value_or(std::vector<std::string>{});
  for (const std::string& word : words) {
    if (std::find(known.begin(), known.end(), word) == known.end())
      table.problem(key, fmt::format("\"{}\" is none of {}", printable(word), fmt::join(known, ", ")));
  }
  return words;
}

void read_plausible(const TomlTable& root, Stack& stack) {
  stack.plausible_on = known_words(root, "plausible_on", {"gpu", "rocm", "npu", "tpu", "other"});
  const std::string jobs = root.string_or("plausible_for", "any");
  if (jobs != "any" && jobs != "adapters")
    root.problem("plausible_for", fmt::format("\"{}\" is none of any, adapters", printable(jobs)));
  stack.adapters_only = jobs == "adapters";
}

void read_facts(const TomlTable& table, Stack& stack) {
  stack.lacks = known_words(table, "lacks", {"tp", "pp", "cp", "ep"});
  const auto flag = [&](const char* key, bool& value) { value = table.boolean_or(key, value); };
  flag("flash_attention", stack.flash_attention);
  flag("fused_elementwise", stack.fused_elementwise);
  flag("fused_loss", stack.fused_loss);
  flag("fused_scores", stack.fused_scores);
  flag("distributed_optimizer", stack.distributed_optimizer);
  flag("shards_one_by_one", stack.shards_one_by_one);
  flag("fully_shard", stack.fully_shard);
  flag("overlap_grad_reduce", stack.overlap_grad_reduce);
  flag("overlap_param_gather", stack.overlap_param_gather);
  flag("overlap_tensor_parallel", stack.overlap_tensor_parallel);
  flag("overlap_expert_parallel", stack.overlap_expert_parallel);
  stack.overlap_switches = known_words(table, "overlap_switches", {"tensor_parallel", "expert_parallel"});
  flag("overlap_send_receive", stack.overlap_send_receive);
  flag("dropout", stack.dropout);
  flag("narrow_weights", stack.narrow_weights);
  flag("adapts_all_matrices", stack.adapts_all_matrices);
  // As `workload::dispatcher_names` has them, which stands below; a test compares the two.
  const std::vector<std::string> named =
      known_words(table, "dispatchers", {"alltoall", "allgather", "deepep", "hybridep"});
  if (!named.empty()) stack.dispatchers = named;
  const auto bytes = [&](const char* key, double& value) {
    value = table.optional_real(key, 0.0, 64.0).value_or(value);
  };
  stack.graph_share = table.optional_real("graph_share", 0.0, 1.0).value_or(stack.graph_share);
  stack.default_precision = table.string_or("default_precision", "");
  bytes("gradient_bytes", stack.gradient_bytes);
  bytes("gradient_bytes_bf16", stack.gradient_bytes_bf16);
  bytes("reduce_bytes", stack.reduce_bytes);
  bytes("reduce_bytes_sharded", stack.reduce_bytes_sharded);
  bytes("optimizer_bytes", stack.optimizer_bytes);
}

void read_fitted(const TomlTable& table, Stack& stack) {
  const auto real = [&](const char* key, double& value, double most) {
    value = table.optional_real(key, 0.0, most).value_or(value);
  };
  real("compute", stack.compute, 10.0);
  real("attention", stack.attention, 10.0);
  real("elementwise", stack.elementwise, 20.0);
  real("narrow", stack.narrow, 10.0);
  real("experts", stack.experts, 20.0);
  real("dispatch", stack.dispatch, 20.0);
  real("tensor_hidden", stack.tensor_hidden, 1.0);
  real("data_hidden", stack.data_hidden, 1.0);
  real("expert_hidden", stack.expert_hidden, 1.0);
  real("network", stack.network, 20.0);
  real("jitter", stack.jitter, 1.0);
  real("memory_overhead", stack.memory_overhead, 10.0);
  real("error", stack.error, 10.0);
  real("range_low", stack.range_low, 10.0);
  real("range_high", stack.range_high, 10.0);
  stack.host_launch = table.optional_quantity<Seconds>("host_launch").value_or(stack.host_launch);
  stack.host_collective = table.optional_quantity<Seconds>("host_collective").value_or(stack.host_collective);
  stack.host_routing = table.optional_quantity<Seconds>("host_routing").value_or(stack.host_routing);
  stack.host_shard = table.optional_quantity<Seconds>("host_shard").value_or(stack.host_shard);
  stack.host_send = table.optional_quantity<Seconds>("host_send").value_or(stack.host_send);
  stack.step_overhead = table.optional_quantity<Seconds>("step_overhead").value_or(stack.step_overhead);
  stack.memory_reserve = table.optional_quantity<Bytes>("memory_reserve").value_or(stack.memory_reserve);
  stack.runs = static_cast<int>(table.optional_integer("runs", 0, 1000000).value_or(0));
}

Provenance read_source(const TomlTable& root) {
  Provenance provenance;
  if (const auto source = root.optional_table("source")) {
    provenance.source = source->string_or("text", "");
    provenance.confidence = source->string_or("confidence", "");
    provenance.checked = source->string_or("checked", "");
    provenance.notes = source->string_or("notes", "");
  }
  return provenance;
}

std::string slug_of_path(std::string_view path) {
  const std::size_t from = path.rfind('/') + 1;
  return std::string(path.substr(from, path.size() - from - std::string_view(".toml").size()));
}

Stack parse_stack(const Catalog& catalog, const std::string& path) {
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const TomlTable root = document.root();
  Stack stack;
  stack.slug = slug_of_path(path);
  stack.name = root.required_string("name");
  stack.framework = root.required_string("framework");
  if (const auto family = root.optional_string("family")) {
    if (catalog.has("families/" + *family + ".toml")) {
      stack.family = *family;
      read_family(catalog, stack);
    } else {
      root.problem("family", no_such_family(catalog, *family));
    }
  }
  stack.from_year = static_cast<int>(root.required_integer("from_year", 2015, 2100));
  stack.to_year = static_cast<int>(root.optional_integer("to_year", 2015, 9999).value_or(9999));
  stack.match = root.optional_strings("match").value_or(std::vector<std::string>{});
  stack.default_of = root.string_or("default_of", "");
  read_plausible(root, stack);
  if (const auto facts = root.optional_table("facts")) read_facts(*facts, stack);
  const auto fitted = root.optional_table("fitted");
  if (fitted) read_fitted(*fitted, stack);
  stack.pooled = !fitted;
  stack.provenance = read_source(root);
  document.finish();
  return stack;
}

ChipCalibration parse_calibration(const Catalog& catalog, const std::string& path, std::string slug) {
  ChipCalibration calibration;
  calibration.slug = std::move(slug);
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const TomlTable root = document.root();
  const auto real = [&](const char* key, double& value) {
    value = root.optional_real(key, 0.05, 20.0).value_or(value);
  };
  real("compute16", calibration.compute16);
  real("compute8", calibration.compute8);
  real("compute4", calibration.compute4);
  real("attention", calibration.attention);
  real("network", calibration.network);
  calibration.runs = static_cast<int>(root.optional_integer("runs", 0, 1000000).value_or(0));
  calibration.source = root.string_or("source", "");
  document.finish();
  return calibration;
}

}  // namespace

std::vector<Stack> load_stacks(const Catalog& catalog) {
  std::vector<Stack> stacks;
  for (const std::string& path : catalog.paths_under("stacks/")) stacks.push_back(parse_stack(catalog, path));
  const UnseenRanges unseen = load_unseen_ranges(catalog);
  for (Stack& stack : stacks) {
    if (!stack.pooled) continue;
    stack = with_figures_of_relatives(std::move(stack), stacks, {});
    const bool release = std::any_of(stacks.begin(), stacks.end(), [&](const Stack& other) {
      return other.runs > 0 && other.framework == stack.framework;
    });
    const UnseenRange& range = release ? unseen.release : unseen.stack;
    stack.range_low = range.low;
    stack.range_high = range.high;
    stack.error = range.error;
  }
  return stacks;
}

Stack load_stack(const Catalog& catalog, std::string_view slug) {
  const std::string found = catalog.slug_of("stacks", slug);
  const std::vector<Stack> stacks = load_stacks(catalog);
  return *std::find_if(stacks.begin(), stacks.end(), [&](const Stack& stack) { return stack.slug == found; });
}

UnseenRanges load_unseen_ranges(const Catalog& catalog) {
  const std::string path = "unseen.toml";
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const TomlTable root = document.root();
  const auto range = [&](const char* key) {
    UnseenRange read;
    if (const auto table = root.optional_table(key)) {
      read.low = table->required_real("low", 0.01, 1.0);
      read.high = table->required_real("high", 1.0, 100.0);
      read.error = table->required_real("error", 0.0, 10.0);
    }
    return read;
  };
  UnseenRanges ranges{.stack = range("stack"), .release = range("release"), .chip = range("chip")};
  document.finish();
  return ranges;
}

FittedRange load_fitted_range(const Catalog& catalog) {
  const std::string path = "fitted_range.toml";
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const FittedRange range{.low = document.root().required_real("low", 0.01, 1.0),
                          .high = document.root().required_real("high", 1.0, 100.0)};
  document.finish();
  return range;
}

const Stack& stack_of_source(const std::vector<Stack>& stacks, std::string_view source, int year,
                             std::string_view kind) {
  const Stack* best = nullptr;
  std::size_t longest = 0;
  for (const Stack& stack : stacks) {
    for (const std::string& match : stack.match) {
      if (match.size() > longest && source.find(match) != std::string_view::npos) {
        best = &stack;
        longest = match.size();
      }
    }
  }
  if (best != nullptr) return *best;
  // The default of its kind whose years hold the run's, else the nearest by year.
  int nearest = 1 << 20;
  for (const Stack& stack : stacks) {
    if (stack.default_of != kind) continue;
    const int distance = year < stack.from_year ? stack.from_year - year
                         : year > stack.to_year ? year - stack.to_year
                                                : 0;
    if (distance < nearest) {
      best = &stack;
      nearest = distance;
    }
  }
  SOCLE_CHECK(best != nullptr, "the catalogue has a default stack for every kind of chip");
  return *best;
}

std::string_view chip_kind(const Chip& chip) {
  const auto starts = [&](std::string_view prefix) { return chip.slug.starts_with(prefix); };
  if (starts("tpu") || starts("trainium") || starts("inferentia")) return "tpu";
  if (starts("ascend")) return "npu";
  if (chip.vendor == "AMD") return "rocm";
  return chip.vendor == "NVIDIA" ? "gpu" : "other";
}

std::string measured_silicon(const Chip& chip) {
  const std::string& slug = chip.slug;
  if (slug.starts_with("a100-") || slug.starts_with("a800")) return "a100-sxm-80gb";
  if (slug.starts_with("h100-") || slug == "h800") return "h100-sxm";
  if (slug == "h200-nvl") return "h200-sxm";
  return slug;
}

ChipCalibration load_calibration(const Catalog& catalog, const Chip& chip) {
  const auto file = [](const std::string& slug) { return "calibration/" + slug + ".toml"; };
  std::string path = file(chip.slug);
  if (!catalog.has(path)) path = file(measured_silicon(chip));
  // Cut-down parts of one architecture run the same kernels.
  if (!catalog.has(path) && chip.slug.starts_with("h20")) path = file("h100-sxm");
  if (!catalog.has(path) && chip.slug == "b300-sxm") path = file("gb300");
  if (!catalog.has(path)) return calibration_of_relatives(chip, load_calibrations(catalog), {});
  return parse_calibration(catalog, path, chip.slug);
}

std::vector<CalibratedChip> load_calibrations(const Catalog& catalog) {
  std::vector<CalibratedChip> calibrated;
  for (const std::string& path : catalog.paths_under("calibration/")) {
    const std::string slug = slug_of_path(path);
    if (catalog.has("chips/" + slug + ".toml"))
      calibrated.push_back({catalog.chip(slug), parse_calibration(catalog, path, slug)});
  }
  return calibrated;
}

}  // namespace socle::catalog
