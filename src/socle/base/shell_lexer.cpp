#include "socle/base/shell_lexer.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "socle/base/error.hpp"

namespace socle {
namespace {

constexpr std::size_t kTextMax = std::size_t{256} << 10;
constexpr std::string_view kBreaks = " \t\r\n;&|<>()";

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// `NAME=` or `NAME+=`, and nothing behind it.
bool opens_array(const std::vector<ShellPart>& parts) {
  if (parts.size() != 1 || parts[0].expands || parts[0].quoted) return false;
  std::string_view text = parts[0].text;
  if (!text.ends_with('=')) return false;
  text.remove_suffix(text.ends_with("+=") ? 2 : 1);
  return !text.empty() && !is_digit(text[0]) && std::all_of(text.begin(), text.end(), is_name);
}

/// Reads characters from left to right and knows where it stands.
class Lexer {
 public:
  Lexer(std::string_view text, const std::string& source, int line, int column)
      : text_(text), source_(source), line_(line), column_(column) {}

  std::vector<ShellToken> tokens() {
    while (!at_end()) step();
    read_documents();
    return std::move(list_);
  }

  std::vector<ShellPart> quoted_text() {
    std::vector<ShellPart> parts;
    while (!at_end()) in_double_quotes(parts);
    return parts;
  }

 private:
  struct Wanted {
    std::size_t token;
    std::string end;
    bool strips_tabs, plain;
    int line, column;
  };

  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  char take() {
    const char c = text_[at_++];
    line_ += c == '\n';
    column_ = c == '\n' ? 1 : column_ + 1;
    return c;
  }
  [[noreturn]] void refuse(int line, int column, std::string message) const {
    throw InputError(Problem{source_, line, column, {}, std::move(message)});
  }
  bool line_goes_on() const { return peek() == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n')); }

  ShellToken here(ShellToken::Kind kind) {
    ShellToken token;
    token.kind = kind;
    token.line = line_;
    token.column = column_;
    token.joined = at_ > 0 && kBreaks.substr(0, 4).find(text_[at_ - 1]) == std::string_view::npos;
    return token;
  }

  void step() {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\r') {
      take();
    } else if (line_goes_on()) {
      while (take() != '\n') {}
    } else if (c == '#') {
      while (!at_end() && peek() != '\n') take();
    } else if (!redirect() && !op()) {
      ShellToken token = here(ShellToken::Kind::kWord);
      token.parts = word();
      if (peek() == '(' && opens_array(token.parts)) array(token);
      list_.push_back(std::move(token));
    }
  }

  bool op() {
    const char c = peek();
    if (c != '\n' && std::string_view(";&|()").find(c) == std::string_view::npos) return false;
    ShellToken token = here(ShellToken::Kind::kOperator);
    token.op = take();
    if ((c == ';' || c == '&' || c == '|') && (peek() == c || (c == '|' && peek() == '&'))) token.op += take();
    list_.push_back(std::move(token));
    if (c == '\n') read_documents();
    return true;
  }

  bool redirect() {
    std::size_t digits = 0;
    while (is_digit(peek(digits))) ++digits;
    if (peek(digits) == '&' && digits == 0 && peek(1) == '>') ++digits;
    const char c = peek(digits);
    if (c != '<' && c != '>') return false;
    if (peek(digits + 1) == '(') return false;  // a process substitution, read as words
    ShellToken token = here(ShellToken::Kind::kRedirect);
    for (std::size_t i = 0; i <= digits; ++i) token.op += take();
    if (c == '<' && peek() == '<' && peek(1) != '<') {
      take();
      document(std::move(token));
      return true;
    }
    while (peek() == '<' || peek() == '>' || peek() == '&' || peek() == '|') token.op += take();
    while (peek() == ' ' || peek() == '\t') take();
    if (at_end() || peek() == '\n') refuse(line_, column_, "a redirection names no file");
    token.parts = word();
    list_.push_back(std::move(token));
    return true;
  }

  void document(ShellToken token) {
    token.kind = ShellToken::Kind::kDocument;
    const bool strips = peek() == '-';
    if (strips) take();
    while (peek() == ' ' || peek() == '\t') take();
    const int line = line_, column = column_;
    std::string end;
    bool plain = false;
    if (!at_end() && peek() != '\n') {
      for (const ShellPart& part : word()) {
        end += part.text;
        plain = plain || part.quoted;
      }
    }
    if (end.empty()) refuse(line, column, "a here-document has no word that ends it");
    list_.push_back(std::move(token));
    wanted_.push_back({list_.size() - 1, end, strips, plain, line, column});
  }

  /// Here-documents begin on the line after the one that asks for them.
  void read_documents() {
    for (const Wanted& wanted : std::exchange(wanted_, {})) {
      std::string text;
      bool ended = false;
      const int begin = line_;
      while (!at_end() && !ended) {
        std::string line;
        while (!at_end() && peek() != '\n') line += take();
        if (!at_end()) take();
        if (line.ends_with('\r')) line.pop_back();
        if (wanted.strips_tabs) line.erase(0, line.find_first_not_of('\t'));
        ended = line == wanted.end;
        if (!ended) text += line + "\n";
      }
      if (!ended) refuse(wanted.line, wanted.column, "no line ends the here-document; end it with its word alone");
      list_[wanted.token].parts = wanted.plain ? std::vector<ShellPart>{{text, false, true, begin}}
                                               : Lexer(text, source_, begin, 1).quoted_text();
    }
  }

  void array(ShellToken& token) {
    const int line = line_, column = column_;
    take();
    token.is_array = true;
    while (!at_end() && peek() != ')') {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        take();
      } else if (line_goes_on()) {
        while (take() != '\n') {}
      } else if (c == '#') {
        while (!at_end() && peek() != '\n') take();
      } else {
        token.array.push_back(here(ShellToken::Kind::kWord));
        token.array.back().parts = word();
      }
    }
    if (at_end()) refuse(line, column, "nothing ends the ( of the array that begins here");
    take();
  }

  std::vector<ShellPart> word() {
    std::vector<ShellPart> parts;
    const std::size_t from = at_;
    while (!at_end() && kBreaks.find(peek()) == std::string_view::npos) piece(parts);
    if (at_ == from) add(parts, std::string(1, take()), false);  // a character that ends words where one must stand
    return parts;
  }

  /// Text from here on; a part of its own after a line that goes on, so that each knows its line.
  void add(std::vector<ShellPart>& parts, std::string text, bool quoted) {
    if (!parts.empty() && !parts.back().expands && parts.back().quoted == quoted && !went_on_)
      parts.back().text += text;
    else
      parts.push_back({std::move(text), false, quoted, line_});
    went_on_ = false;
  }

  void piece(std::vector<ShellPart>& parts) {
    const char c = peek();
    if (c == '\'' || (c == '$' && peek(1) == '\'')) {
      if (c == '$') take();
      single_quotes(parts);
    } else if (c == '"') {
      const int line = line_, column = column_;
      take();
      add(parts, {}, true);
      while (!at_end() && peek() != '"') in_double_quotes(parts);
      if (at_end())
        refuse(line, column, "nothing ends the quote \" that begins here; add one, or write \\\" for one inside");
      take();
    } else if (c == '\\') {
      take();
      if (peek() == '\r' && peek(1) == '\n') take();
      if (at_end()) return;
      const char next = take();
      if (next == '\n')
        went_on_ = true;
      else
        add(parts, std::string(1, next), true);
    } else {
      expansion_or_character(parts, false);
    }
  }

  void single_quotes(std::vector<ShellPart>& parts) {
    const int line = line_, column = column_;
    take();
    std::string text;
    while (!at_end() && peek() != '\'') text += take();
    if (at_end())
      refuse(line, column, "nothing ends the quote ' that begins here; add one, or write '\\'' for one inside");
    take();
    add(parts, std::move(text), true);
  }

  void in_double_quotes(std::vector<ShellPart>& parts) {
    if (peek() != '\\') {
      expansion_or_character(parts, true);
      return;
    }
    take();
    if (at_end()) {
      add(parts, "\\", true);
      return;
    }
    if (peek() == '\r' && peek(1) == '\n') take();
    const char next = take();
    if (next == '\n') {
      went_on_ = true;
      return;
    }
    const bool escapes = std::string_view("$`\"\\").find(next) != std::string_view::npos;
    add(parts, (escapes ? "" : "\\") + std::string(1, next), true);
  }

  void expansion_or_character(std::vector<ShellPart>& parts, bool quoted) {
    const char c = peek(), next = peek(1);
    ShellPart part{{}, true, quoted, line_};
    if (c == '`') {
      backticks(part);
    } else if (c == '$' && (next == '(' || next == '{')) {
      part.text += take();
      bracketed(part, next, next == '(' ? ')' : '}');
    } else if (c == '$' && next != '\0' && std::string_view("@*#?!$-").find(next) != std::string_view::npos) {
      part.text = std::string{take(), take()};
    } else if (c == '$' && is_digit(next)) {
      part.text = std::string{take(), take()};
    } else if (c == '$' && is_name(next)) {
      part.text += take();
      while (is_name(peek())) part.text += take();
    } else {
      add(parts, std::string(1, take()), quoted);
      return;
    }
    parts.push_back(std::move(part));
  }

  void backticks(ShellPart& part) {
    const int line = line_, column = column_;
    part.text += take();
    while (!at_end() && peek() != '`') part.text += take();
    if (at_end()) refuse(line, column, "nothing ends the ` that begins here");
    part.text += take();
  }

  /// What stands in brackets, those within it too; brackets in quotes do not count.
  void bracketed(ShellPart& part, char open, char close) {
    const int line = line_, column = column_;
    int depth = 0;
    char quote = '\0';
    while (!at_end()) {
      const char c = take();
      part.text += c;
      if (c == '\\' && quote != '\'' && !at_end()) {
        part.text += take();
      } else if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || (c == '\'' && open == '(')) {
        quote = c;
      } else {
        depth += c == open ? 1 : c == close ? -1 : 0;
        if (depth == 0) return;
      }
    }
    refuse(line, column, std::string("nothing ends the ") + open + " that begins here");
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
  int line_, column_;
  bool went_on_ = false;
  std::vector<ShellToken> list_;
  std::vector<Wanted> wanted_;
};

}  // namespace

std::vector<ShellToken> lex_shell(std::string_view text, const std::string& source) {
  if (text.size() > kTextMax) throw InputError(Problem{source, 0, 0, {}, "a script has at most 256 KiB"});
  if (text.find('\0') != std::string_view::npos)
    throw InputError(Problem{source, 0, 0, {}, "holds a NUL byte: this is no script"});
  return Lexer(text, source, 1, 1).tokens();
}

std::vector<ShellPart> lex_shell_quoted(std::string_view text, const std::string& source, int line, int column) {
  return Lexer(text, source, line, column).quoted_text();
}

}  // namespace socle
