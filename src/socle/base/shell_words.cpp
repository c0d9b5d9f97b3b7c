#include "socle/base/shell_words.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "socle/base/error.hpp"

namespace socle {
namespace {

constexpr std::size_t kTextMax = std::size_t{1} << 20;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Reads characters from left to right and knows where it stands.
class ShellScanner {
 public:
  ShellScanner(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  std::vector<ShellCommand> commands() {
    while (!at_end()) step();
    end_command();
    read_documents();
    return std::move(list_);
  }

 private:
  struct Wanted {
    std::size_t command;  ///< of the list, once it ends
    std::string end;
    bool strips_tabs;
    int line, column;
  };

  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  char take() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
    return c;
  }
  [[noreturn]] void refuse(int line, int column, std::string message) const {
    throw InputError(Problem{source_, line, column, {}, std::move(message)});
  }

  void step() {
    const char c = peek();
    if (c == '\n') {
      end_command();
      take();
      read_documents();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      take();
    } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
      while (take() != '\n') {}
    } else if (c == '#') {
      while (!at_end() && peek() != '\n') take();
    } else if (c == ';' || c == '&' || c == '|') {
      if (c == '&' && peek(1) == '>') {
        take();
        return;
      }
      take();
      end_command();
    } else if (c == '(' || c == ')') {
      take();
    } else {
      redirection_or_word();
    }
  }

  void redirection_or_word() {
    std::size_t digits = 0;
    while (std::isdigit(static_cast<unsigned char>(peek(digits))) != 0) ++digits;
    const char c = peek(digits);
    if (c != '<' && c != '>') {
      command_.words.push_back(word());
      return;
    }
    for (std::size_t i = 0; i <= digits; ++i) take();
    if (c == '<' && peek() == '<' && peek(1) != '<') {
      take();
      here_document();
      return;
    }
    while (peek() == '<' || peek() == '>' || peek() == '&' || peek() == '|') take();
    skip_blanks();
    if (at_end() || peek() == '\n') refuse(line_, column_, "a redirection names no file");
    const std::string file = word().text;
    if (c == '>' && digits == 0) command_.output = file;
  }

  void here_document() {
    const bool strips = peek() == '-';
    if (strips) take();
    skip_blanks();
    const int line = line_, column = column_;
    const std::string end = at_end() || peek() == '\n' ? std::string() : word().text;
    if (end.empty()) refuse(line, column, "a here-document has no word that ends it");
    wanted_.push_back({list_.size(), end, strips, line, column});
  }

  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') take();
  }

  /// Here-documents begin on the line after the one that asks for them.
  void read_documents() {
    for (const Wanted& wanted : std::exchange(wanted_, {})) {
      std::string document;
      bool ended = false;
      while (!at_end() && !ended) {
        std::string line;
        while (!at_end() && peek() != '\n') line += take();
        if (!at_end()) take();
        if (line.ends_with('\r')) line.pop_back();
        if (wanted.strips_tabs) line.erase(0, line.find_first_not_of('\t'));
        ended = line == wanted.end;
        if (!ended) document += line + "\n";
      }
      if (!ended) refuse(wanted.line, wanted.column, "no line ends the here-document; end it with its word alone");
      if (wanted.command < list_.size()) list_[wanted.command].document = std::move(document);
    }
  }

  ShellWord word() {
    ShellWord word{.text = {}, .line = line_, .column = column_};
    constexpr std::string_view kEnds = " \t\r\n;&|<>()";
    const std::size_t from = at_;
    while (!at_end() && kEnds.find(peek()) == std::string_view::npos) piece(word);
    if (at_ == from) take();  // a character that ends words where one must stand
    return word;
  }

  void piece(ShellWord& word) {
    const char c = peek();
    if (c == '\'') {
      single_quotes(word);
    } else if (c == '"') {
      double_quotes(word);
    } else if (c == '\\') {
      take();
      if (peek() == '\r' && peek(1) == '\n') take();
      if (at_end()) return;
      const char next = take();
      if (next != '\n') word.text += next;
    } else {
      expansion_or_character(word);
    }
  }

  void single_quotes(ShellWord& word) {
    const int line = line_, column = column_;
    take();
    while (!at_end() && peek() != '\'') word.text += take();
    if (at_end())
      refuse(line, column, "nothing ends the quote ' that begins here; add one, or write '\\'' for one inside");
    take();
  }

  void double_quotes(ShellWord& word) {
    const int line = line_, column = column_;
    take();
    while (!at_end() && peek() != '"') {
      if (peek() != '\\') {
        expansion_or_character(word);
        continue;
      }
      take();
      if (at_end()) break;
      const char next = take();
      if (next == '\n') continue;
      if (std::string_view("$`\"\\").find(next) == std::string_view::npos) word.text += '\\';
      word.text += next;
    }
    if (at_end())
      refuse(line, column, "nothing ends the quote \" that begins here; add one, or write \\\" for one inside");
    take();
  }

  void expansion_or_character(ShellWord& word) {
    const char c = take();
    word.text += c;
    if (c == '`') word.expands = true;
    if (c != '$') return;
    const char next = peek();
    if (next == '(' || next == '{') {
      word.expands = true;
      bracketed(word, next, next == '(' ? ')' : '}');
    } else if (is_name(next) || std::string_view("@*#?!$-'\"").find(next) != std::string_view::npos) {
      word.expands = next != '\0';
    }
  }

  /// What stands in brackets, those within it too.
  void bracketed(ShellWord& word, char open, char close) {
    const int line = line_, column = column_;
    int depth = 0;
    while (!at_end()) {
      const char c = take();
      word.text += c;
      depth += c == open ? 1 : c == close ? -1 : 0;
      if (depth == 0) return;
    }
    refuse(line, column, std::string("nothing ends the ") + open + " that begins here");
  }

  void end_command() {
    if (command_.words.empty()) return;
    list_.push_back(std::exchange(command_, {}));
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
  int line_ = 1, column_ = 1;
  ShellCommand command_;
  std::vector<ShellCommand> list_;
  std::vector<Wanted> wanted_;
};

}  // namespace

std::vector<ShellCommand> parse_shell(std::string_view text, const std::string& source) {
  if (text.size() > kTextMax) throw InputError(Problem{source, 0, 0, {}, "a command has at most 1 MiB"});
  if (text.find('\0') != std::string_view::npos)
    throw InputError(Problem{source, 0, 0, {}, "holds a NUL byte: this is no text of a command"});
  return ShellScanner(text, source).commands();
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view kPlain = "_@%+:,./-=";
  const bool plain = !text.empty() && text.front() != '=' && std::all_of(text.begin(), text.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || kPlain.find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace socle
