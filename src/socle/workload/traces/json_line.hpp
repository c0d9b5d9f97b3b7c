#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/json.hpp"

namespace socle::workload {

/// One line that holds a JSON object, read for a few of its members. Lines of numbers, plain texts and arrays of whole
/// numbers, which traces of millions of lines are made of, are scanned in place; any other goes through parse_json.
class JsonLine {
 public:
  /// Throws InputError without a place: not JSON, not an object, a duplicate key.
  void parse(std::string_view line);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  /// The key of `names` that the object has; empty when it has none. Throws InputError when it has two.
  std::string_view one_of(const std::vector<std::string_view>& names) const;
  /// The following throw InputError when there is no such member, or it is of another type.
  double number(std::string_view key) const;
  /// A text, or a whole number as text.
  std::string_view text(std::string_view key) const;
  /// An array of whole numbers. Valid until parse().
  std::span<const std::int64_t> integers(std::string_view key) const;

 private:
  enum class Kind { kNumber, kText, kIntegers, kOther };
  struct Member {
    std::string_view key, text;
    Kind kind = Kind::kOther;
    double number = 0;
    std::size_t first = 0, count = 0;  ///< of integers_
  };
  bool scan(std::string_view line);
  bool scan_value(std::string_view line, std::size_t& at, Member& member);
  void take(const Json& object);
  const Member* find(std::string_view key) const;
  const Member& required(std::string_view key) const;

  std::vector<Member> members_;
  std::vector<std::int64_t> integers_;
  Json whole_;                        ///< what members_ look into when the line was not plain
  std::vector<std::string> numbers_;  ///< and texts of its whole numbers
};

}  // namespace socle::workload
