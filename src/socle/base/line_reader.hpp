#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace socle {

inline constexpr std::size_t kLineBytesMax = std::size_t{8} << 20;

/// A text line by line in constant memory, for files of any length. Lines end in LF or CRLF, the last one may end
/// without; a byte order mark is dropped. What is no text is refused by its line: NUL, bytes that are not UTF-8, lines
/// longer than the limit.
class LineReader {
 public:
  /// Requires: `text` is not null. `source` is its name in messages.
  LineReader(std::unique_ptr<std::istream> text, std::string source, std::size_t length_max = kLineBytesMax);

  /// Goes to the next line; false after the last. Throws InputError, also when the stream fails.
  bool next();
  /// Without its end. Valid until next(). Requires: next() returned true.
  std::string_view line() const { return line_; }
  /// 1-based.
  int number() const { return number_; }
  const std::string& source() const { return source_; }

 private:
  bool fill();
  void check_line() const;
  [[noreturn]] void refuse(std::string message) const;

  std::unique_ptr<std::istream> text_;
  std::string source_;
  std::size_t length_max_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  ///< of what is read and not yet given
  std::string_view line_;
  int number_ = 0;
  bool ended_ = false;
};

}  // namespace socle
