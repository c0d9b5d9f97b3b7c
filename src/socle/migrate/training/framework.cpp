#include "socle/migrate/training/framework.hpp"

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate {

const std::vector<Framework>& frameworks() {
  static const std::vector<Framework> kAll{
      {"megatron-main", "Megatron-LM main", LaunchStyle::kMegatron, "d98e8a64dd (0.20)", "pretrain_gpt.py",
       "NVIDIA/Megatron-LM@d98e8a64dd"},
      {"megatron-0.12", "Megatron-LM core_v0.12.1", LaunchStyle::kMegatron, "core_v0.12.1", "pretrain_gpt.py",
       "NVIDIA/Megatron-LM core_v0.12.1"},
      {"mindspeed", "MindSpeed on Megatron core_v0.12.1", LaunchStyle::kMegatron, "core_v0.12.1", "pretrain_gpt.py",
       "Ascend/MindSpeed"},
      {"mindspeed-llm", "MindSpeed-LLM on Megatron core_v0.12.1", LaunchStyle::kMegatron, "c77308a14b",
       "pretrain_gpt.py", "Ascend/MindSpeed-LLM@c77308a14b"},
      {"megatron-bridge", "Megatron-Bridge", LaunchStyle::kBridge, "067f987df0", "scripts/training/run_recipe.py",
       "NVIDIA-NeMo/Megatron-Bridge@067f987df0"},
      {"deepspeed", "DeepSpeed", LaunchStyle::kDeepSpeed, "edaa722126", "train.py", "deepspeedai/DeepSpeed@edaa722126"},
      {"torchtitan", "torchtitan", LaunchStyle::kTorchTitan, "not read: from memory", "torchtitan.train",
       "pytorch/torchtitan"}};
  return kAll;
}

const Framework& framework_of(std::string_view key, const char* flag) {
  std::vector<std::string> names;
  std::string all;
  for (const Framework& framework : frameworks()) {
    if (framework.key == key) return framework;
    names.push_back(framework.key);
    all += (all.empty() ? "" : ", ") + framework.key;
  }
  throw InputError(Problem{
      {},
      0,
      0,
      flag,
      fmt::format("{} = \"{}\" is no framework{}; write {}", flag, printable(key, 40), did_you_mean(key, names), all)});
}

bool matches_framework(std::string_view pattern, std::string_view key) {
  if (pattern == "*" || pattern == key) return true;
  if (pattern == "megatron") return key == "megatron-main" || key == "megatron-0.12";
  if (pattern == "mindspeed*") return key == "mindspeed" || key == "mindspeed-llm";
  return false;
}

}  // namespace socle::migrate
