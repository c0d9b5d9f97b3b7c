#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"

namespace socle {

namespace detail {
struct TomlNode;
struct TomlState;
}  // namespace detail

/// Where a value stands in its source, for messages of later checks.
struct TomlPosition {
  int line = 0;
  int column = 0;
};

/// A view of one table of a TomlDocument; cheap to copy, valid while the document lives.
/// A read that finds a wrong type, unit or range adds a problem to the document and returns nothing (optional reads) or
/// a neutral value (required reads): zero, false or empty. Values are therefore safe to use only after `finish()`.
/// Every key that was asked for counts as known; the others are reported by `finish()`.
class TomlTable {
 public:
  bool has(std::string_view key) const;               ///< does not count as asking
  bool is_array(std::string_view key) const;          ///< nor does this
  bool is_text(std::string_view key) const;           ///< nor this
  std::vector<std::string> keys() const;              ///< as written in the source
  std::string path() const;                           ///< dotted name, empty for the root
  TomlPosition position(std::string_view key) const;  ///< of the value, or of the table when the key is absent

  std::optional<std::string> optional_string(std::string_view key) const;
  std::string required_string(std::string_view key) const;
  std::string string_or(std::string_view key, std::string_view fallback) const;

  std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t least, std::int64_t most) const;
  std::int64_t required_integer(std::string_view key, std::int64_t least, std::int64_t most) const;
  /// An integer is read as a real too; NaN and infinity are refused.
  std::optional<double> optional_real(std::string_view key, double least, double most) const;
  double required_real(std::string_view key, double least, double most) const;
  std::optional<bool> optional_boolean(std::string_view key) const;
  bool boolean_or(std::string_view key, bool fallback) const;

  /// A figure with its unit, as `parse_unit_text<T>` reads it. Counts (Tokens, double) may also be bare numbers.
  template <typename T>
  std::optional<T> optional_quantity(std::string_view key) const;
  template <typename T>
  T required_quantity(std::string_view key) const;

  /// One of the given names; anything else is a problem that lists them. Returns the index.
  std::optional<int> optional_choice(std::string_view key, const std::vector<std::string>& names) const;

  std::optional<std::vector<std::string>> optional_strings(std::string_view key) const;
  std::optional<std::vector<double>> optional_reals(std::string_view key) const;
  std::optional<TomlTable> optional_table(std::string_view key) const;
  /// A missing table reads as an empty one, after a problem.
  TomlTable required_table(std::string_view key) const;
  /// `[[key]]`; a missing key reads as no tables.
  std::vector<TomlTable> tables(std::string_view key) const;

  /// Accepts the key and everything below it unread.
  void ignore(std::string_view key) const;
  /// Adds a problem at the key's place. The message is shown as it stands, so it should name the key.
  void problem(std::string_view key, std::string message) const;

 private:
  friend class TomlDocument;
  TomlTable(detail::TomlState* state, const detail::TomlNode* node) : state_(state), node_(node) {}
  const detail::TomlNode* ask(std::string_view key) const;
  std::string name_of(std::string_view key) const;
  template <typename T>
  T missing(std::string_view key, std::string_view accepted) const;

  detail::TomlState* state_;
  const detail::TomlNode* node_;
};

/// One parsed TOML text. Not thread-safe; one document per thread.
class TomlDocument {
 public:
  /// Throws InputError when the text is empty, not UTF-8, not TOML, larger than 16 MiB or nested deeper than 64.
  static TomlDocument parse(std::string_view text, std::string source_name);

  TomlDocument(TomlDocument&&) noexcept;
  TomlDocument& operator=(TomlDocument&&) noexcept;
  ~TomlDocument();

  TomlTable root() const;
  Problems& problems() const;
  const std::string& source() const;
  /// Adds a problem for every key that nothing asked for, with "did you mean", then throws InputError if there is any
  /// problem at all. Call it once, after the last read.
  void finish() const;

 private:
  explicit TomlDocument(std::unique_ptr<detail::TomlState> state);
  std::unique_ptr<detail::TomlState> state_;
};

}  // namespace socle
