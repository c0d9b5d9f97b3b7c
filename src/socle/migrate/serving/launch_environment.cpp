#include "socle/migrate/serving/launch_environment.hpp"

#include <set>
#include <utility>

namespace socle::migrate {
namespace {

/// What a variable of the process's environment belongs to, by its beginning.
enum class Owner { kPlatform, kEngine, kProcess };

Owner owner_of(const std::string& name) {
  for (const char* start : {"CUDA_", "NCCL_", "NVIDIA_", "PYTORCH_CUDA_", "FLASHINFER_", "CUBLAS_", "CUDNN_",
                            "NVSHMEM_", "DG_", "DEEPEP_", "GLOO_", "UCX_"}) {
    if (name.starts_with(start)) return Owner::kPlatform;
  }
  for (const char* start : {"VLLM_", "SGLANG_", "SGL_", "TRTLLM_", "TLLM_"}) {
    if (name.starts_with(start)) return Owner::kEngine;
  }
  return Owner::kProcess;
}

}  // namespace

TranslatedEnvironment translate_environment(const LaunchRecord& record, const LaunchTarget& target, bool same_engine,
                                            const CsvTable& rules) {
  TranslatedEnvironment out;
  std::set<std::string> set;
  for (const auto& [name, value] : record.environment) {
    Translated line{.item = name,
                    .value = value.text,
                    .line = 0,
                    .change = Change::kSame,
                    .to_item = name,
                    .to_value = value.text,
                    .why = {},
                    .status = Status::kSupported,
                    .evidence = target.same_platform() ? Evidence::kE1 : Evidence::kE0,
                    .source = {}};
    const Owner owner = owner_of(name);
    bool keeps = target.same_platform() || owner == Owner::kProcess || (owner == Owner::kEngine && same_engine);
    for (std::size_t row = 0; !target.same_platform() && row < rules.rows(); ++row) {
      if (rules.cell(row, "platform") != target.to.key || !fits_glob(rules.cell(row, "from"), name)) continue;
      const std::string& there = rules.cell(row, "name");  // empty: it keeps its name
      line.change = there.empty() ? Change::kSame : Change::kRenamed;
      if (!there.empty()) line.to_item = there;
      line.status = status_of(rules, row, "status");
      line.evidence = Evidence::kE1;
      line.source = rules.cell(row, "source");
      keeps = true;
    }
    if (name.ends_with("_VISIBLE_DEVICES") && target.chips != target.chips_today) {
      line.change = Change::kDroppedHarmless;
      line.to_item.clear();
      line.to_value.clear();
      line.why = "a replica has another number of chips there: give each its own";
    } else if (!keeps) {
      line.change = owner == Owner::kPlatform ? Change::kDroppedPerformance : Change::kNoEquivalent;
      line.to_item.clear();
      line.to_value.clear();
      line.status = Status::kUnknown;
      line.why = owner == Owner::kPlatform ? "of " + target.from.name + "'s libraries: no name for it there is known"
                                           : "of the engine that is left";
    } else {
      out.variables.emplace_back(line.to_item, value);
      set.insert(line.to_item);
    }
    out.items.push_back(std::move(line));
  }
  for (std::size_t row = 0; !target.same_platform() && row < rules.rows(); ++row) {
    const std::string& change = rules.cell(row, "change");
    const bool wanted = change == "added" || (change == "added_across_nodes" && target.nodes > 1);
    const std::string& name = rules.cell(row, "name");
    if (rules.cell(row, "platform") != target.to.key || !wanted || !set.insert(name).second) continue;
    const std::string& value = rules.cell(row, "value");
    out.variables.emplace_back(name, LaunchText{value, value.starts_with('$')});
    out.items.push_back({.item = {},
                         .value = {},
                         .line = 0,
                         .change = Change::kAdded,
                         .to_item = name,
                         .to_value = value,
                         .why = rules.cell(row, "why"),
                         .status = status_of(rules, row, "status"),
                         .evidence = Evidence::kE1,
                         .source = rules.cell(row, "source")});
  }
  return out;
}

}  // namespace socle::migrate
