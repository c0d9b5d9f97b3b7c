#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/setup/launch_reading.hpp"

namespace socle::setup {

/// Values of a launch command by what they are to Socle, before they are put together.
class LaunchDraft {
 public:
  struct Value {
    std::string text;
    std::size_t row = 0;  ///< of `rows`
    std::string source;
    int line = 0, column = 0;
  };

  /// A value; one that was said before gives way, as argument parsers do it.
  void say(const catalog::LaunchFlag& flag, Value value, LaunchFlagRead row);
  void leave(LaunchFlagRead row) { rows.push_back(std::move(row)); }
  const Value* find(std::string_view takes) const;
  /// A whole number from 1 on, or nothing after a problem.
  std::optional<int> whole(std::string_view takes);
  bool on(std::string_view takes);
  void problem(const Value& at, std::string message);

  std::vector<LaunchFlagRead> rows;
  Problems problems;

 private:
  std::map<std::string, Value, std::less<>> values_;
};

/// Puts the values together as flags of the question. Adds problems to the draft.
LaunchReading put_together(const catalog::Catalog& catalog, const catalog::LaunchTable& table, LaunchDraft& draft,
                           const LaunchQuestion& asked);

}  // namespace socle::setup
