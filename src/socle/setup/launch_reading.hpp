#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/launch_flags.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/setup/fabric_setup.hpp"

namespace socle::setup {

/// One word of a launch command with its value, and what became of it.
struct LaunchFlagRead {
  std::string flag;   ///< as written: "--tensor-parallel-size"; "model" where it stands without a flag
  std::string value;  ///< as written; empty for a switch
  catalog::LaunchUse use = catalog::LaunchUse::kIgnored;
  std::string taken;    ///< what Socle makes of it: "tp = 4"; empty where nothing
  std::string matters;  ///< "memory", "speed", "memory, speed"; empty = neither
  std::string why;      ///< how it matters, or why it is left
};

/// An engine's launch command as flags of a scenario.
struct LaunchReading {
  std::string family;                ///< "vllm"
  std::string name;                  ///< "vLLM"
  std::string version;               ///< of an image's tag: "0.11.0"; empty where nothing tells it
  std::string model;                 ///< identifier or path of the weights as written; empty where the user names one
  scenario::Flags flags;             ///< those of the question, without what the user set by flags of their own
  std::vector<LaunchFlagRead> rows;  ///< in the order of the command
  std::vector<std::string> doubts;   ///< what matters and is not modelled, a sentence each
};

/// What a launch command is read for.
struct LaunchQuestion {
  std::string source;  ///< name of the text in messages
  scenario::Question question = scenario::Question::kServeFit;
  scenario::Flags given{};    ///< flags of the user, which win
  FileReader read_file{};     ///< reads a file of settings that the command names
  bool keep_unknown = false;  ///< flags that no table knows are rows that matter, not problems
};

/// Reads `vllm serve`, `python -m sglang.launch_server`, `trtllm-serve` and the like: alone, after assignments, inside
/// `docker run`, or within a script of which it is the only such command. Throws InputError with every problem at its
/// line and column: no launch command or several, unknown flags with "did you mean", values that cannot be, words that
/// a shell would have to fill in, an engine that is not the one that the user named.
LaunchReading read_launch(const catalog::Catalog& catalog, std::string_view text, const LaunchQuestion& asked);

/// Flags with those of the reading beside them.
scenario::Flags with_launch(scenario::Flags given, const LaunchReading& reading);

}  // namespace socle::setup
