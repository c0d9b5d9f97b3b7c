#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/base/shell_text.hpp"

namespace socle {

/// One simple command of a script, its words expanded.
struct ScriptCommand {
  std::vector<std::pair<std::string, ShellText>> environment{};  ///< NAME=VALUE before it
  std::vector<ShellText> words{};
  std::vector<ShellText> tail{};  ///< redirections, and what its output is piped into; operators are live pieces
  int line = 1, column = 1;
  bool uncertain = false;  ///< stands under a condition or in a loop or function that is not decided here
};

/// A file that the script writes by a here-document.
struct ScriptDocument {
  std::string path, text;
  int line = 1;
};

/// A script as far as it can be read without running it.
struct ShellScript {
  struct Export {
    std::string name;
    ShellText value;
    int line = 1, column = 1;
  };
  struct Note {
    int line = 1;
    std::string text;
  };
  std::vector<ScriptCommand> commands{};
  std::vector<Export> exports{};  ///< in the order in which their names first appear
  std::vector<ScriptDocument> documents{};
  std::vector<Note> notes{};  ///< what was decided, and what could not be
};

/// Reads a script: variables and arrays that it assigns are expanded as a shell would, names that it does not assign
/// stay as written. Nothing is executed. An `if` over texts that are known, or known by default, is decided and said
/// so; what another condition, a loop or a function assigns stays as written. Throws InputError as lex_shell does, and
/// where variables expand beyond a MiB.
ShellScript read_shell_script(std::string_view text, const std::string& source);

}  // namespace socle
