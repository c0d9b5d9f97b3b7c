#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/migrate/training/argument_pack.hpp"
#include "socle/migrate/training/record.hpp"

namespace socle::migrate {

/// One input: a launch line, a script, a YAML of tests or of Kubernetes, a JSON of DeepSpeed, a TOML of torchtitan.
struct JobText {
  std::string text;
  std::string name;  ///< its file, or "COMMAND"
};

struct ReadOptions {
  std::string framework{};  ///< key; empty: guessed from what is used
  int launch = 0;           ///< which of several in one script, from 1; 0: the first, and the others are noted
};

/// Looks like the launch of a training job: a few searches, nothing parsed.
bool is_training_launch(std::string_view text);

/// Reads the launch; of further texts the settings are joined to it. Nothing is executed. Throws InputError with every
/// problem at its line and column: what cannot be read, no launch in it, no launch of that number.
JobRecord read_launch(const ArgumentPack& pack, const std::vector<JobText>& texts, const ReadOptions& options);

/// Each form. Requires: the text is of that form.
JobRecord read_script(const ArgumentPack& pack, const JobText& text, const ReadOptions& options);
JobRecord read_launch_yaml(const ArgumentPack& pack, const JobText& text, const ReadOptions& options);
JobRecord read_deepspeed_json(const JobText& text);
JobRecord read_titan_toml(const JobText& text);

/// Words behind a script as arguments: switches take none, unknown ones all up to the next.
std::vector<Argument> read_arguments(const ArgumentPack& pack, const std::vector<ShellText>& words, bool overrides);
/// Words of a launcher such as torchrun, up to the script; `at` becomes the place of the script.
std::vector<Argument> read_launcher_arguments(const std::vector<ShellText>& words, std::size_t& at);

/// The framework and release that takes most of the arguments.
std::string guessed_framework(const ArgumentPack& pack, const JobRecord& record);

}  // namespace socle::migrate
