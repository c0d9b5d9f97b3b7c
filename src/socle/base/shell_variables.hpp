#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/shell_lexer.hpp"
#include "socle/base/shell_text.hpp"

namespace socle {

/// What a script has assigned, and words expanded by it. A name that it does not assign, and what only a run can know,
/// stay as written. Texts are bounded: beyond a MiB a word, or 4 MiB in all, is an InputError.
class ShellVariables {
 public:
  explicit ShellVariables(const std::string& source) : source_(source) {}

  void set(const std::string& name, ShellText value, bool appends);
  void set_array(const std::string& name, std::vector<ShellText> values, bool appends);
  /// Set on a path that may or may not be taken: stays as written from here on.
  void set_unknown(const std::string& name) { values_[name] = {.unknown = true}; }
  void unset(const std::string& name) { values_.erase(name); }
  /// Nothing for a name that is not assigned, or an array.
  std::optional<ShellText> value(std::string_view name) const;

  /// Words that a word becomes: none, one, or many where an unquoted value holds blanks.
  std::vector<ShellText> fields(const std::vector<ShellPart>& parts, int line, int column);
  /// The word as one text, as in an assignment.
  ShellText joined(const std::vector<ShellPart>& parts, int line, int column);

  /// Expressions that name what the script sets and that are not worked out: "${A%/*}".
  const std::vector<std::pair<int, std::string>>& left() const { return left_; }

 private:
  struct Value {
    std::vector<ShellText> items{};
    bool is_array = false, unknown = false;
  };
  struct Expansion {
    std::vector<ShellText> items{};
    bool each_a_word = false;  ///< "${A[@]}"
  };
  const Value* find(std::string_view name) const;
  Expansion expand(const ShellPart& part, int line, int depth);
  Expansion braced(const ShellPart& part, int line, int depth);
  Expansion with_default(const ShellPart& part, std::string_view name, std::string_view rest, int line, int depth);
  Expansion arithmetic(const ShellPart& part, int line, int depth);
  Expansion command(const ShellPart& part, int line);
  Expansion as_written(const ShellPart& part, std::string text = {});
  std::string inside(std::string_view text, bool bare_names);
  bool mentions(std::string_view text) const;
  void count(std::size_t bytes, int line);

  const std::string& source_;
  std::map<std::string, Value, std::less<>> values_{};
  std::vector<std::pair<int, std::string>> left_{};
  std::size_t bytes_ = 0;
};

/// A whole number of `+ - * / %` and brackets; nothing for anything else, zero divisors and what does not fit.
std::optional<std::int64_t> shell_arithmetic(std::string_view text);

}  // namespace socle
