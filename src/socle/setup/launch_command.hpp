#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/shell_script.hpp"
#include "socle/base/shell_words.hpp"
#include "socle/catalog/launch_flags.hpp"

namespace socle::setup {

/// A launch command within a text of a shell.
struct LaunchCommand {
  catalog::LaunchTable table;
  std::string family;                ///< of the engine: "vllm-ascend" where an image says so, else of the table
  std::string version;               ///< of an image's tag: "0.11.0"; empty where nothing tells it
  std::vector<ShellWord> before;     ///< assignments, wrappers, the options of a container
  std::vector<ShellWord> launcher;   ///< "vllm", "serve"; empty where an image starts by itself
  std::vector<ShellWord> arguments;  ///< after the launcher
  ShellScript script;                ///< everything: what it exports, and files that it writes
};

/// The only launch command of the text. Throws InputError where there is none, several, or an image without a launcher.
LaunchCommand find_launch(const std::vector<catalog::LaunchTable>& tables, std::string_view text,
                          const std::string& source);

/// "0.11.0" of "vllm/vllm-openai:v0.11.0", "0.5.6" of "sglang:v0.5.6-cu126"; empty when the tag is no version.
std::string version_of_image(std::string_view image);

}  // namespace socle::setup
