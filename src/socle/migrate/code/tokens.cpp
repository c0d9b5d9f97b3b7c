#include "socle/migrate/code/tokens.hpp"

#include <algorithm>

namespace socle::migrate {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == '\0'; }

}  // namespace

Tokens::Tokens(std::string_view source, Language language) : source_(source), language_(language) {
  if (source_.starts_with("\xEF\xBB\xBF")) position_ = 3;
  for (Token& token : ring_) token = read();
}

void Tokens::advance() {
  ring_[at_] = read();
  at_ = (at_ + 1) % kAhead;
}

/// Blanks, line ends, continued lines and comments; false when a word stands here.
bool Tokens::skip_blank() {
  const char c = source_[position_];
  if (c == '\n') {
    ++line_, ++position_;
    line_start_ = true;
    return true;
  }
  if (is_blank(c)) {
    ++position_;
    return true;
  }
  if (c == '\\' && (starts("\\\n") || starts("\\\r\n"))) {
    position_ += starts("\\\n") ? 2 : 3;
    ++line_;
    return true;
  }
  const bool cpp = language_ == Language::kCpp;
  if (cpp && starts("/*")) {
    position_ += 2;
    skip_until("*/");
    return true;
  }
  if ((cpp && starts("//")) || (!cpp && c == '#')) {
    skip_line_comment();
    return true;
  }
  return false;
}

/// To behind `end`, or to the end of the source.
void Tokens::skip_until(std::string_view end) {
  const std::size_t found = source_.find(end, position_);
  const std::size_t stop = found == std::string_view::npos ? source_.size() : found + end.size();
  line_ += static_cast<int>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(position_),
                                       source_.begin() + static_cast<std::ptrdiff_t>(stop), '\n'));
  position_ = stop;
}

/// To the line end, which stays; in C++ a backslash there joins the next line.
void Tokens::skip_line_comment() {
  while (position_ < source_.size()) {
    const std::size_t end = std::min(source_.find('\n', position_), source_.size());
    std::size_t last = end;
    while (last > position_ && source_[last - 1] == '\r') --last;
    const bool joined = language_ == Language::kCpp && last > position_ && source_[last - 1] == '\\';
    position_ = end;
    if (!joined || end == source_.size()) return;
    ++line_, ++position_;
  }
}

Token Tokens::read() {
  while (position_ < source_.size() && skip_blank()) {}
  if (position_ >= source_.size()) return {TokenKind::kEnd, {}, source_.size(), line_};
  const bool first = line_start_;
  line_start_ = false;
  const char c = source_[position_];
  if (c == '#' && first) return directive();
  if (language_ == Language::kPython && (starts("\"\"\"") || starts("'''")))
    return triple(source_.substr(position_, 3));
  if (c == '"' || c == '\'') return quoted(c, position_ + 1);
  if (is_digit(c)) return number();
  if (is_word(c)) return word();
  const std::size_t begin = position_;
  position_ += starts("<<<") || starts(">>>") ? 3 : starts("::") || starts(">>") ? 2 : 1;
  return made(TokenKind::kOther, begin, position_, line_);
}

/// `#include <x>` as one word; of other directives, `#` and what follows as words of their own.
Token Tokens::directive() {
  const std::size_t begin = position_;
  std::size_t at = begin + 1;
  const auto blanks = [&] {
    while (at < source_.size() && is_blank(source_[at])) ++at;
  };
  blanks();
  if (source_.substr(at, 7) == "include") {
    at += 7;
    blanks();
    const char open = at < source_.size() ? source_[at] : '\0';
    if (open == '<' || open == '"') {
      const std::size_t stop = source_.find_first_of(open == '<' ? ">\n" : "\"\n", at + 1);
      if (stop != std::string_view::npos && source_[stop] != '\n') {
        position_ = stop + 1;
        return made(TokenKind::kHeader, at + 1, stop, line_);
      }
    }
  }
  position_ = begin + 1;
  return made(TokenKind::kOther, begin, position_, line_);
}

Token Tokens::quoted(char quote, std::size_t begin) {
  const int line = line_;
  for (position_ = begin; position_ < source_.size() && source_[position_] != '\n'; ++position_) {
    if (source_[position_] == quote) return made(TokenKind::kString, begin, position_++, line);
    if (source_[position_] != '\\' || position_ + 1 >= source_.size()) continue;
    if (source_.substr(position_ + 1, 2) == "\r\n") ++position_;
    ++position_;
    if (source_[position_] == '\n') ++line_;
  }
  position_ = std::min(position_, source_.size());
  return made(TokenKind::kString, begin, position_, line);
}

/// R"mark( ... )mark". Requires: the quote stands at the position. A mark that is too long or holds what it may not is
/// no raw string.
Token Tokens::raw_string() {
  const std::size_t begin = position_ + 1, open = source_.find_first_of("( )\\\n\"", begin);
  if (open == std::string_view::npos || source_[open] != '(' || open - begin > 16) return quoted('"', begin);
  const int line = line_;
  std::array<char, 18> end{')'};
  std::copy(source_.begin() + static_cast<std::ptrdiff_t>(begin), source_.begin() + static_cast<std::ptrdiff_t>(open),
            end.begin() + 1);
  end[open - begin + 1] = '"';
  const std::string_view mark(end.data(), open - begin + 2);
  position_ = open + 1;
  skip_until(mark);
  return made(TokenKind::kString, open + 1, std::max(open + 1, position_ - std::min(position_, mark.size())), line);
}

Token Tokens::triple(std::string_view mark) {
  const int line = line_;
  const std::size_t begin = position_ + 3;
  for (position_ = begin; position_ < source_.size(); ++position_) {
    if (source_[position_] == '\n') ++line_;
    if (source_[position_] == '\\' && position_ + 1 < source_.size()) {
      if (source_[++position_] == '\n') ++line_;
      continue;
    }
    if (starts(mark)) {
      position_ += 3;
      return made(TokenKind::kString, begin, position_ - 3, line);
    }
  }
  position_ = source_.size();
  return made(TokenKind::kString, std::min(begin, position_), position_, line);
}

Token Tokens::word() {
  const std::size_t begin = position_;
  while (position_ < source_.size() && is_word(source_[position_])) ++position_;
  const std::string_view text = source_.substr(begin, position_ - begin);
  const bool raw = text == "R" || text == "u8R" || text == "uR" || text == "UR" || text == "LR";
  if (language_ == Language::kCpp && raw && starts("\"")) return raw_string();
  return made(TokenKind::kName, begin, position_, line_);
}

Token Tokens::number() {
  const std::size_t begin = position_;
  while (position_ < source_.size()) {
    const char c = source_[position_];
    const bool digit_mark =
        c == '\'' && language_ == Language::kCpp && position_ + 1 < source_.size() && is_word(source_[position_ + 1]);
    if (!is_word(c) && c != '.' && !digit_mark) break;
    ++position_;
  }
  return made(TokenKind::kNumber, begin, position_, line_);
}

}  // namespace socle::migrate
