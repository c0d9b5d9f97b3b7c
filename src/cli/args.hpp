#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/api/face.hpp"

namespace socle::cli {

/// What a command may be told beside its positional words. With an empty `value_name` it is a switch.
struct Option {
  std::string name;        ///< "--catalog"
  std::string value_name;  ///< "DIR"
  std::string help;
  std::string group = "Output";        ///< heading of --help under which it stands
  bool common = true;                  ///< shown by --help; the others by --help-all
  std::vector<std::string> others{};   ///< further spellings that are taken but not shown
  std::vector<std::string> choices{};  ///< values, when they are few
};

/// Options that several commands have.
inline Option json_option() { return {"--json", "", "Print one JSON document instead of text"}; }
inline Option threads_option() {
  return {"--threads", "N", "Threads; default: all cores. The answer does not depend on it", "Output", false};
}
inline Option catalog_option() {
  return {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"};
}

/// What the user wrote, by the spelling that was used, e.g. "--catalog".
struct Arguments {
  std::vector<std::string> words;
  std::map<std::string, std::string, std::less<>> options;

  bool has(std::string_view name) const { return options.find(name) != options.end(); }
  /// The value, or an empty text.
  std::string text(std::string_view name) const;
  std::optional<std::string> value(std::string_view name) const;
};

/// Exit codes that every command keeps to.
enum ExitCode : int { kAnswer = 0, kNoFeasiblePlan = 1, kBadInput = 2, kInternal = 70, kInterrupted = 130 };

/// What a command answers: text for standard output, remarks for standard error.
struct Outcome {
  /// A file that is written once the answer is whole.
  struct File {
    std::string path, content;
    bool makes_folder = false;  ///< the folder that holds it may be missing
  };
  std::string text;
  int exit_code = kAnswer;
  std::string remarks{};
  std::vector<File> files{};
  bool verbatim = false;  ///< no report but a file of its own kind: printed as it stands, however narrow the terminal
};

/// What a command runs with.
struct Context {
  Progress& progress;  ///< told of long work; cancelled by Ctrl-C
};

/// One subcommand, described without the library that parses arguments.
struct Command {
  std::string words_name{};  ///< positional words in usage, e.g. "[SECTION] [show NAME]"; empty = none
  int words_max = 0;
  std::vector<Option> options{};
  std::vector<std::string> examples{};
  std::function<Outcome(const Arguments&, Context&)>
      run{};  ///< may throw InputError and Cancelled; empty for a group of commands
};

struct NamedCommand {
  std::string name;
  std::string help;  ///< one line
  Command command;
  std::vector<NamedCommand> children{};  ///< "design" of "fabric"
};

/// As it is typed: "socle fabric simulate".
std::string command_text(const std::vector<const NamedCommand*>& path);

/// What was asked of the program.
struct Call {
  enum class Kind { kRun, kHelp, kHelpAll, kVersion };
  Kind kind = Kind::kHelp;
  std::vector<const NamedCommand*> path;  ///< from the first word down; empty = the program itself
  Arguments arguments;
};

/// Parses the command line. Throws InputError for a wrong one.
Call parse_call(const std::vector<NamedCommand>& commands, int count, const char* const* arguments);

}  // namespace socle::cli
