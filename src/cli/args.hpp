#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socle::cli {

/// What a command may be told beside its positional words. With an empty `value_name` it is a flag.
struct Option {
  std::string name;         ///< "--catalog"; several spellings may be joined by commas: "-o,--output"
  std::string value_name;   ///< "DIR"
  std::string help;
};

/// What the user wrote, keyed by the option's last spelling, e.g. "--catalog".
struct Arguments {
  std::vector<std::string> words;
  std::map<std::string, std::string, std::less<>> options;

  bool has(std::string_view name) const { return options.find(name) != options.end(); }
  /// The value, or an empty text.
  std::string text(std::string_view name) const;
  std::optional<std::string> value(std::string_view name) const;
};

/// Exit codes that every command keeps to.
enum ExitCode : int { kAnswer = 0, kNoFeasiblePlan = 1, kBadInput = 2, kInternal = 70 };

/// What a command answers: text for standard output, remarks for standard error.
struct Outcome {
  std::string text;
  int exit_code = kAnswer;
  std::string remarks;
};

/// One subcommand, described without the library that parses arguments.
struct Command {
  std::string words_name;            ///< positional words in usage, e.g. "[SECTION] [show NAME]"; empty = none
  int words_max = 0;
  std::vector<Option> options;
  std::string example;               ///< shown at the end of --help
  std::function<Outcome(const Arguments&)> run;   ///< may throw InputError
};

struct NamedCommand {
  std::string name;
  std::string help;                  ///< one line
  Command command;
};

/// Parses the command line and runs the command. Throws InputError for a wrong command line; help and version are answers.
Outcome dispatch(const std::vector<NamedCommand>& commands, int count, const char* const* arguments);

}  // namespace socle::cli
