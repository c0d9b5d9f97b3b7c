#include "socle/base/json.hpp"

#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

constexpr std::size_t kDeepest = 64;

[[noreturn]] void wrong_type(std::string_view what, std::string_view wanted) {
  throw InputError(Problem{{}, 0, 0, std::string(what), fmt::format("{} is not {}", what, wanted)});
}

/// DEL, C1 controls, marks of direction and bytes that are not UTF-8 would harm who reads the text; the rest stays.
/// Returns how many bytes were taken.
std::size_t write_beyond_ascii(std::string& out, std::string_view text) {
  if (text.front() == 0x7F) {
    out += "\\u007f";
    return 1;
  }
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) ++length;
  const std::string_view character = text.substr(0, length);
  if (find_invalid_utf8(character))
    out += "\uFFFD";
  else if (const auto control = control_code(character))
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(*control));
  else
    out += character;
  return length;
}

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x7F) {
      at += write_beyond_ascii(out, text.substr(at)) - 1;
      continue;
    }
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<int>(c));
        else
          out += c;
    }
  }
  out += '"';
}

/// Counts what the parser has consumed.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}
  const char& operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* consumed_;
};

/// Builds a Json from parser events; stops at the first thing that is refused.
class Builder {
 public:
  explicit Builder(std::string_view left_out) : left_out_(left_out) {}
  bool null() { return put(Json()); }
  bool boolean(bool value) { return put(Json(value)); }
  bool number_integer(std::int64_t value) { return put(Json(value)); }
  bool number_unsigned(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return put(Json(static_cast<std::int64_t>(value)));
    }
    return put(Json(static_cast<double>(value)));
  }
  bool number_float(double value, const std::string&) { return put(Json(value)); }
  bool string(std::string& value) { return put(Json(std::move(value))); }
  bool binary(nlohmann::json::binary_t&) { return refuse("binary data is not JSON"); }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (left_out_depth_ > 0) return true;
    if (!open_.back().is_new(name)) return refuse(fmt::format("duplicate key \"{}\"", printable(name)));
    leaves_out_ = !left_out_.empty() && name == left_out_;
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& error) {
    const std::string what = error.what();
    if (what.find("number overflow") != std::string::npos) return refuse("number out of range: " + printable(token));
    return refuse(token.empty() ? std::string("not valid JSON")
                                : fmt::format("not valid JSON near \"{}\"", printable(token, 40)));
  }

  Json result;
  std::string problem;

 private:
  struct Level {
    Json value;
    std::string key;
    std::unordered_set<std::string> keys;  ///< of many members; few are looked through

    bool is_new(const std::string& name) {
      constexpr std::size_t kFew = 16;
      const Json::Object& members = value.as_object();
      if (members.size() < kFew) return value.find(name) == nullptr;
      if (keys.empty()) {
        for (const Json::Member& member : members) keys.insert(member.first);
      }
      return keys.insert(name).second;
    }
  };

  bool refuse(std::string message) {
    problem = std::move(message);
    return false;
  }
  bool open(Json container) {
    if (open_.size() + left_out_depth_ >= kDeepest)
      return refuse(fmt::format("values are nested deeper than {} levels", kDeepest));
    if (leaves_out_ || left_out_depth_ > 0) {
      leaves_out_ = false;
      ++left_out_depth_;
      return true;
    }
    open_.push_back({std::move(container), {}, {}});
    return true;
  }
  bool close() {
    if (left_out_depth_ > 0) return --left_out_depth_ > 0 || put(Json());
    Json done = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(done));
  }
  bool put(Json value) {
    if (left_out_depth_ > 0) return true;
    leaves_out_ = false;
    if (open_.empty())
      result = std::move(value);
    else if (open_.back().value.is_array())
      open_.back().value.push(std::move(value));
    else
      open_.back().value.append_member(std::move(open_.back().key), std::move(value));
    return true;
  }

  std::string_view left_out_;
  bool leaves_out_ = false;         ///< the next value, if it is a container
  std::size_t left_out_depth_ = 0;  ///< of the containers that are open and not kept
  std::vector<Level> open_;
};

/// Where text that is refused is refused: read once more, as counting doubles the time of a text that is read.
std::size_t place_of_refusal(std::string_view text, std::string_view left_out) {
  std::size_t consumed = 0;
  Builder builder(left_out);
  const CountingIterator first(text.data(), &consumed), last(text.data() + text.size(), &consumed);
  nlohmann::json::sax_parse(first, last, &builder);
  return consumed > 0 ? consumed - 1 : 0;
}

}  // namespace

const Json* Json::find(std::string_view key) const {
  const Object* members = std::get_if<Object>(&value_);
  if (!members) return nullptr;
  for (const Member& member : *members) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

bool Json::as_bool(std::string_view what) const {
  if (const bool* value = std::get_if<bool>(&value_)) return *value;
  wrong_type(what, "true or false");
}

std::int64_t Json::as_int(std::string_view what) const {
  if (const std::int64_t* value = std::get_if<std::int64_t>(&value_)) return *value;
  const double* real = std::get_if<double>(&value_);
  if (real && std::fabs(*real) < 9.0e15 && *real == std::floor(*real)) return static_cast<std::int64_t>(*real);
  wrong_type(what, "an integer");
}

double Json::as_double(std::string_view what) const {
  if (const double* value = std::get_if<double>(&value_)) return *value;
  if (const std::int64_t* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  wrong_type(what, "a number");
}

const std::string& Json::as_string(std::string_view what) const {
  if (const std::string* value = std::get_if<std::string>(&value_)) return *value;
  wrong_type(what, "a text");
}

const Json::Array& Json::as_array(std::string_view what) const {
  if (const Array* value = std::get_if<Array>(&value_)) return *value;
  wrong_type(what, "an array");
}

const Json::Object& Json::as_object(std::string_view what) const {
  if (const Object* value = std::get_if<Object>(&value_)) return *value;
  wrong_type(what, "an object");
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = Object{};
  SOCLE_CHECK(is_object(), "a member is set on an object");
  for (Member& member : std::get<Object>(value_)) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return *this;
  }
  return append_member(std::string(key), std::move(value));
}

Json& Json::append_member(std::string key, Json value) {
  std::get<Object>(value_).emplace_back(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array{};
  SOCLE_CHECK(is_array(), "an element is added to an array");
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

void Json::write(std::string& out, int indent) const {
  const int inner = indent < 0 ? indent : indent + 1;
  const auto new_line = [&out](int level) {
    if (level >= 0) out += '\n' + std::string(static_cast<std::size_t>(level) * 2, ' ');
  };
  if (is_null()) {
    out += "null";
  } else if (const bool* truth = std::get_if<bool>(&value_)) {
    out += *truth ? "true" : "false";
  } else if (const std::int64_t* integer = std::get_if<std::int64_t>(&value_)) {
    out += fmt::format("{}", *integer);
  } else if (const double* real = std::get_if<double>(&value_)) {
    SOCLE_CHECK(std::isfinite(*real), "a number written as JSON is finite");
    const std::string shortest = fmt::format("{}", *real == 0.0 ? 0.0 : *real);  // no sign on zero
    out += shortest;
    // A real stays a real when it is read back.
    if (shortest.find_first_of(".e") == std::string::npos) out += ".0";
  } else if (const std::string* text = std::get_if<std::string>(&value_)) {
    write_string(out, *text);
  } else if (const Array* elements = std::get_if<Array>(&value_)) {
    out += '[';
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (i > 0) out += ',';
      new_line(inner);
      (*elements)[i].write(out, inner);
    }
    if (!elements->empty()) new_line(indent);
    out += ']';
  } else {
    const Object& members = std::get<Object>(value_);
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ',';
      new_line(inner);
      write_string(out, members[i].first);
      out += indent < 0 ? ":" : ": ";
      members[i].second.write(out, inner);
    }
    if (!members.empty()) new_line(indent);
    out += '}';
  }
}

std::string Json::dump(bool indented) const {
  std::string out;
  write(out, indented ? 0 : -1);
  return out;
}

Json parse_json(std::string_view text, std::string source_name, std::string_view left_out) {
  const auto refuse = [&source_name](int line, std::string message) {
    throw InputError(Problem{source_name, line, 0, {}, std::move(message)});
  };
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) refuse(0, "the text is empty");
  if (const auto bad = find_invalid_utf8(text)) refuse(line_of(text, *bad), "the text is not valid UTF-8");
  Builder builder(left_out);
  if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &builder))
    refuse(line_of(text, place_of_refusal(text, left_out)),
           builder.problem.empty() ? std::string("not valid JSON") : builder.problem);
  return std::move(builder.result);
}

}  // namespace socle
