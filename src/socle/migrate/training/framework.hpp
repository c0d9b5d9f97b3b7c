#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socle::migrate {

/// How a framework's settings are written.
enum class LaunchStyle {
  kMegatron,   ///< --name VALUE...
  kBridge,     ///< run_recipe.py --recipe NAME group.key=VALUE
  kDeepSpeed,  ///< a JSON of settings beside the arguments of a script of one's own
  kTorchTitan  ///< a TOML of settings, and --section.key VALUE
};

/// A framework at one release.
struct Framework {
  std::string key;   ///< "megatron-0.12"
  std::string name;  ///< "Megatron-LM core_v0.12.1"
  LaunchStyle style;
  std::string release;  ///< at which its arguments were read
  std::string script;   ///< its entry script
  std::string repository;
};

/// Those that are known, in the order in which they are shown.
const std::vector<Framework>& frameworks();
/// Throws InputError, with "did you mean". `flag` names the option in the message.
const Framework& framework_of(std::string_view key, const char* flag);
/// "megatron" stands for both releases of Megatron-LM, "mindspeed*" for both of MindSpeed, "*" for all.
bool matches_framework(std::string_view pattern, std::string_view key);

}  // namespace socle::migrate
