#include "socle/workload/training_options.hpp"

#include <algorithm>

namespace socle::workload {

const std::vector<std::string>& loss_names() {
  static const std::vector<std::string> names{"full", "fused", "chunked"};
  return names;
}

const std::vector<std::string>& optimizer_names() {
  static const std::vector<std::string> names{"adam", "adam-bf16-moments", "adam-8bit", "precision-aware", "muon",
                                              "sgd"};
  return names;
}

const std::vector<std::string>& gradient_type_names() {
  static const std::vector<std::string> names{"fp32", "bf16"};
  return names;
}

const std::vector<std::string>& base_format_names() {
  static const std::vector<std::string> names{"bf16", "nf4", "int8", "fp8", "mxfp4"};
  return names;
}

const std::vector<std::string>& lora_target_names() {
  static const std::vector<std::string> names{"attention", "all"};
  return names;
}

const std::vector<std::string>& recompute_module_names() {
  static const std::vector<std::string> names{"core_attn", "mlp",         "moe",           "moe_act",
                                              "layernorm", "mla_up_proj", "shared_experts"};
  return names;
}

std::optional<ModuleSet> modules_of_names(const std::vector<std::string>& names) {
  const std::vector<std::string>& known = recompute_module_names();
  ModuleSet modules;
  for (const std::string& name : names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) return std::nullopt;
    modules = modules | static_cast<RecomputeModule>(found - known.begin());
  }
  return modules;
}

std::vector<std::string> names_of_modules(ModuleSet modules) {
  std::vector<std::string> names;
  for (int i = 0; i < kRecomputeModules; ++i) {
    if (modules.has(static_cast<RecomputeModule>(i)))
      names.push_back(recompute_module_names()[static_cast<std::size_t>(i)]);
  }
  return names;
}

double base_bytes(BaseFormat format) {
  switch (format) {
    case BaseFormat::kBf16:
      return 2.0;
    case BaseFormat::kNf4:
      return (4.0 + 8.0 / 64 + 32.0 / (64 * 256)) / 8;
    case BaseFormat::kInt8:
    case BaseFormat::kFp8:
      return 1.0;
    case BaseFormat::kMxFp4:
      return (4.0 + 8.0 / 32) / 8;
  }
  return 2.0;
}

}  // namespace socle::workload
