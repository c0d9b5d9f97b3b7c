#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/base/shell_words.hpp"
#include "socle/catalog/launch_flags.hpp"

namespace socle::migrate {

/// A word of a command: as it stands between quotes, and whether a shell still fills something in.
struct LaunchText {
  std::string text;
  bool expands = false;
  bool operator==(const LaunchText&) const = default;
};

/// One flag of a launch command with what follows it; the model where it stands without a flag has an empty flag.
struct LaunchItem {
  std::string flag;                ///< as written: "-tp"
  std::vector<LaunchText> values;  ///< empty: a switch
  bool joined = false;             ///< written as flag=value
  bool flag_expands = false;       ///< a shell fills something into the flag itself
  int line = 0;
  bool operator==(const LaunchItem& other) const {
    return flag == other.flag && values == other.values && joined == other.joined;
  }
};

/// A launch command of an engine, every word of it: what is read, translated and written again.
struct LaunchRecord {
  std::string family;   ///< of the engine: "vllm"
  std::string version;  ///< of an image's tag; may be empty
  std::vector<std::pair<std::string, LaunchText>> environment;
  std::vector<LaunchText> wrapper;   ///< what stands between the environment and the launcher: docker run ...
  std::vector<LaunchText> launcher;  ///< "vllm", "serve"
  std::vector<LaunchItem> items;
  bool operator==(const LaunchRecord&) const = default;
};

/// Splits the words after a launcher into items by what the engine's table says of each flag. A flag that no table
/// knows takes the words up to the next flag.
std::vector<LaunchItem> launch_items(const catalog::LaunchTable& table, const std::vector<ShellWord>& words);

/// The command on one line, or with each flag on a line of its own, as a POSIX shell reads it.
std::string launch_line(const LaunchRecord& record, bool many_lines);

/// A word as a shell reads it back: in double quotes where it still expands.
std::string shell_word(const LaunchText& word);

/// Values with blanks between, for people.
std::string value_text(const LaunchItem& item);

}  // namespace socle::migrate
