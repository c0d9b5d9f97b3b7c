#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socle {

/// One value of a YAML text.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string text{};             ///< of a scalar, without its quotes
  bool quoted = false;            ///< it stood in quotes or is a block of lines: never a number or a switch
  std::vector<YamlNode> items{};  ///< of a list
  std::vector<std::pair<std::string, YamlNode>> members{};  ///< of a map, in order
  int line = 1, column = 1;

  const YamlNode* find(std::string_view key) const;
  bool is_map() const { return kind == Kind::kMap; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_scalar() const { return kind == Kind::kScalar; }
};

/// The documents of a YAML text, of a subset that people write by hand: maps and lists by indentation or in brackets,
/// scalars plain, quoted or as blocks of lines (| and >), comments. Anchors, aliases, tags and merges are refused, so a
/// text never grows. Throws InputError with every problem at its line and column: what is refused, tabs that indent, a
/// key twice, nesting beyond 64, more than a MiB or 20,000 values, text that is not UTF-8.
/// `repeats` lets a key of a block stand twice: both are members.
std::vector<YamlNode> parse_yaml(std::string_view text, const std::string& source, bool repeats = false);

}  // namespace socle
