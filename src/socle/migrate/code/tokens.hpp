#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace socle::migrate {

enum class Language { kCpp, kPython };

/// What kind of word it is. Comments are never one; a string or character is one whose text is not looked into.
enum class TokenKind { kEnd, kName, kNumber, kString, kHeader, kOther };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;   ///< of a header or a string: between its quotes
  std::size_t offset = 0;  ///< of `text` in the source
  int line = 0;            ///< 1-based

  bool is(std::string_view word) const {
    return text == word && (kind == TokenKind::kOther || kind == TokenKind::kName);
  }
};

/// The words of a source file, one after the other, in time linear in its length and constant memory. Any bytes are
/// taken: what is not closed ends at its line, or at the file's end for comments, raw and triple-quoted strings.
/// Conditions of the preprocessor are not evaluated: both sides of an #if are read. `<<<` and `::` are one word.
///
/// Requires: the source outlives it.
class Tokens {
 public:
  static constexpr std::size_t kAhead = 8;

  Tokens(std::string_view source, Language language);

  /// The current word. kEnd behind the last.
  const Token& current() const { return ring_[at_]; }
  /// The `count`th word behind it. Requires: count < kAhead.
  const Token& peek(std::size_t count) const { return ring_[(at_ + count) % kAhead]; }
  void advance();

 private:
  Token read();
  bool skip_blank();
  void skip_until(std::string_view end);
  void skip_line_comment();
  Token directive();
  Token quoted(char quote, std::size_t begin);
  Token raw_string();
  Token triple(std::string_view mark);
  Token word();
  Token number();
  bool starts(std::string_view text) const { return source_.substr(position_, text.size()) == text; }
  Token made(TokenKind kind, std::size_t begin, std::size_t end, int line) const {
    return {kind, source_.substr(begin, end - begin), begin, line};
  }

  std::string_view source_;
  Language language_;
  std::size_t position_ = 0;
  int line_ = 1;
  bool line_start_ = true;  ///< nothing but blanks stands before on this line
  std::array<Token, kAhead> ring_{};
  std::size_t at_ = 0;
};

}  // namespace socle::migrate
