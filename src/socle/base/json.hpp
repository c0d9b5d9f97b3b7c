#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace socle {

/// One JSON value. Objects keep the order in which keys were added, so the same result is the same bytes.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  ///< null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::size_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(const char* text) : value_(std::string(text)) {}
  Json(std::string_view text) : value_(std::string(text)) {}
  Json(std::string text) : value_(std::move(text)) {}

  static Json array(Array elements = {}) { return Json(Value(std::move(elements))); }
  static Json object(Object members = {}) { return Json(Value(std::move(members))); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// The member, or null when there is none or this is no object. Valid until the object changes.
  const Json* find(std::string_view key) const;
  /// The accessors throw InputError when the value has another type; `what` names it in the message.
  bool as_bool(std::string_view what = "value") const;
  std::int64_t as_int(std::string_view what = "value") const;  ///< 3.0 is taken as 3
  double as_double(std::string_view what = "value") const;
  const std::string& as_string(std::string_view what = "value") const;
  const Array& as_array(std::string_view what = "value") const;
  const Object& as_object(std::string_view what = "value") const;

  /// Adds a member, or replaces the one of the same key. Null becomes an object first.
  Json& set(std::string_view key, Json value);
  /// Adds an element. Null becomes an array first.
  Json& push(Json value);
  /// Adds a member whose key is known to be new; constant time. Requires: an object.
  Json& append_member(std::string key, Json value);

  bool operator==(const Json&) const = default;

  /// Text of this value: indented by two spaces, or on one line. Doubles are the shortest text that reads back to the
  /// same value. Aborts on NaN and infinity: a result never holds them.
  std::string dump(bool indented = true) const;

 private:
  using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object>;
  explicit Json(Value value) : value_(std::move(value)) {}
  void write(std::string& out, int indent) const;

  Value value_;
};

/// Reads one JSON text (RFC 8259). Throws InputError with the line for malformed text, duplicate keys, nesting deeper
/// than 64, anything after the value, text that is not UTF-8, and numbers out of range; NaN and Infinity are not JSON.
/// Objects and arrays of the key `left_out`, wherever it stands, are read as null: they are well-formed, no more.
Json parse_json(std::string_view text, std::string source_name, std::string_view left_out = {});

}  // namespace socle
