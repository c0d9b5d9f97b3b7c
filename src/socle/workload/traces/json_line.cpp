#include "socle/workload/traces/json_line.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::workload {
namespace {

constexpr std::size_t kPlainMembersMax = 32;

[[noreturn]] void refuse(std::string_view key, std::string message) {
  throw InputError(Problem{{}, 0, 0, std::string(key), std::move(message)});
}

void skip_blanks(std::string_view line, std::size_t& at) {
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r')) ++at;
}

bool take(std::string_view line, std::size_t& at, char wanted) {
  skip_blanks(line, at);
  if (at >= line.size() || line[at] != wanted) return false;
  ++at;
  return true;
}

bool digit(std::string_view line, std::size_t at) { return at < line.size() && line[at] >= '0' && line[at] <= '9'; }

/// A text without escapes.
bool take_text(std::string_view line, std::size_t& at, std::string_view& text) {
  if (!take(line, at, '"')) return false;
  const std::size_t first = at;
  while (at < line.size() && line[at] != '"' && line[at] != '\\' && static_cast<unsigned char>(line[at]) >= 0x20) ++at;
  text = line.substr(first, at - first);
  return take(line, at, '"');
}

/// The end of a number as RFC 8259 writes it, or its beginning when it is none; `whole` when it is an integer.
std::size_t number_end(std::string_view line, std::size_t at, bool& whole) {
  const std::size_t first = at;
  if (at < line.size() && line[at] == '-') ++at;
  if (!digit(line, at)) return first;
  if (line[at] == '0' && digit(line, at + 1)) return first;
  while (digit(line, at)) ++at;
  whole = true;
  if (at < line.size() && line[at] == '.') {
    whole = false;
    if (!digit(line, ++at)) return first;
    while (digit(line, at)) ++at;
  }
  if (at < line.size() && (line[at] == 'e' || line[at] == 'E')) {
    whole = false;
    ++at;
    if (at < line.size() && (line[at] == '-' || line[at] == '+')) ++at;
    if (!digit(line, at)) return first;
    while (digit(line, at)) ++at;
  }
  return at;
}

bool take_integer(std::string_view line, std::size_t& at, std::int64_t& value) {
  skip_blanks(line, at);
  bool whole = false;
  const std::size_t end = number_end(line, at, whole);
  if (end == at || !whole) return false;
  const auto [stop, error] = std::from_chars(line.data() + at, line.data() + end, value);
  at = end;
  return error == std::errc() && stop == line.data() + end;
}

}  // namespace

void JsonLine::parse(std::string_view line) {
  if (scan(line)) return;
  try {
    whole_ = parse_json(line, {});
  } catch (const InputError& error) {
    const std::size_t last = line.find_last_not_of(" \t");
    const bool cut = last != std::string_view::npos && line[last] != '}';
    refuse({}, error.problems().front().message +
                   (cut ? "; the line does not end in }, so it may be cut off" : "; a line is one JSON object"));
  }
  if (!whole_.is_object()) refuse({}, "the line is JSON, but no object; write {\"arrival_s\": ..., ...}");
  take(whole_);
}

// False when the line is not plain, whether or not it is JSON.
bool JsonLine::scan(std::string_view line) {
  members_.clear();
  integers_.clear();
  std::size_t at = 0;
  if (!socle::workload::take(line, at, '{')) return false;
  do {
    Member member;
    if (members_.size() == kPlainMembersMax || !take_text(line, at, member.key) ||
        !socle::workload::take(line, at, ':') || find(member.key) != nullptr || !scan_value(line, at, member))
      return false;
    members_.push_back(member);
  } while (socle::workload::take(line, at, ','));
  if (!socle::workload::take(line, at, '}')) return false;
  skip_blanks(line, at);
  return at == line.size();
}

bool JsonLine::scan_value(std::string_view line, std::size_t& at, Member& member) {
  skip_blanks(line, at);
  if (at >= line.size()) return false;
  if (line[at] == '"') {
    member.kind = Kind::kText;
    return take_text(line, at, member.text);
  }
  if (line[at] == '[') {
    ++at;
    member.kind = Kind::kIntegers;
    member.first = integers_.size();
    if (socle::workload::take(line, at, ']')) return true;
    do {
      std::int64_t value = 0;
      if (!take_integer(line, at, value)) return false;
      integers_.push_back(value);
    } while (socle::workload::take(line, at, ','));
    member.count = integers_.size() - member.first;
    return socle::workload::take(line, at, ']');
  }
  bool whole = false;
  const std::size_t end = number_end(line, at, whole);
  if (end == at) return false;
  member.kind = Kind::kNumber;
  if (whole) member.text = line.substr(at, end - at);
  const auto [stop, error] = std::from_chars(line.data() + at, line.data() + end, member.number);
  at = end;
  return error == std::errc() && stop == line.data() + end;
}

void JsonLine::take(const Json& object) {
  members_.clear();
  integers_.clear();
  numbers_.clear();
  numbers_.reserve(object.as_object().size());  // views into its texts stay valid
  for (const auto& [key, value] : object.as_object()) {
    Member member{.key = key, .text = {}};
    if (value.is_number()) {
      member.kind = Kind::kNumber;
      member.number = value.as_double();
      if (value.is_integer()) member.text = numbers_.emplace_back(fmt::format("{}", value.as_int()));
    } else if (value.is_string()) {
      member.kind = Kind::kText;
      member.text = value.as_string();
    } else if (value.is_array()) {
      const Json::Array& elements = value.as_array();
      const bool whole = std::all_of(elements.begin(), elements.end(), [](const Json& e) { return e.is_integer(); });
      member.kind = whole ? Kind::kIntegers : Kind::kOther;
      member.first = integers_.size();
      member.count = whole ? elements.size() : 0;
      for (std::size_t i = 0; i < member.count; ++i) integers_.push_back(elements[i].as_int());
    }
    members_.push_back(member);
  }
}

const JsonLine::Member* JsonLine::find(std::string_view key) const {
  const auto at = std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.key == key; });
  return at == members_.end() ? nullptr : &*at;
}

const JsonLine::Member& JsonLine::required(std::string_view key) const {
  const Member* member = find(key);
  if (member == nullptr) refuse(key, fmt::format("{} is missing; every line has it", key));
  return *member;
}

std::string_view JsonLine::one_of(const std::vector<std::string_view>& names) const {
  std::string_view found;
  for (const std::string_view name : names) {
    if (!has(name)) continue;
    if (!found.empty()) refuse(name, fmt::format("{} and {} mean the same; leave one out", found, name));
    found = name;
  }
  return found;
}

double JsonLine::number(std::string_view key) const {
  const Member& member = required(key);
  if (member.kind != Kind::kNumber)
    refuse(key, member.kind == Kind::kText
                    ? fmt::format("{} = \"{}\" is a text, not a number", key, printable(member.text))
                    : fmt::format("{} is not a number", key));
  return member.number;
}

std::string_view JsonLine::text(std::string_view key) const {
  const Member& member = required(key);
  const bool has_text = member.kind == Kind::kText || (member.kind == Kind::kNumber && !member.text.empty());
  if (!has_text) refuse(key, fmt::format("{} is neither a text nor a whole number", key));
  return member.text;
}

std::span<const std::int64_t> JsonLine::integers(std::string_view key) const {
  const Member& member = required(key);
  if (member.kind != Kind::kIntegers) refuse(key, fmt::format("{} is not an array of whole numbers", key));
  return {integers_.data() + member.first, member.count};
}

}  // namespace socle::workload
