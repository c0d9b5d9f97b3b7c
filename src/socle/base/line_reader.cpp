#include "socle/base/line_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF", kGzip = "\x1F\x8B";

/// Bytes of plain ASCII text need no closer look. Eight at a time: traces are read by the gigabyte.
bool plain(std::string_view text) {
  constexpr std::uint64_t kHigh = 0x8080808080808080, kOnes = 0x0101010101010101;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, 8);
    if (((bytes | (bytes - kOnes)) & kHigh) != 0) return false;  // a byte of 128 or more, or a zero byte
  }
  for (; at < text.size(); ++at) {
    if (static_cast<signed char>(text[at]) <= 0) return false;
  }
  return true;
}

}  // namespace

LineReader::LineReader(std::unique_ptr<std::istream> text, std::string source, std::size_t length_max)
    : text_(std::move(text)), source_(std::move(source)), length_max_(length_max), buffer_(kPiece) {
  SOCLE_CHECK(text_ != nullptr, "lines are read from a stream");
}

void LineReader::refuse(std::string message) const {
  throw InputError(Problem{source_, number_, 0, {}, std::move(message)});
}

// Reads one piece more behind what is there. False at the end of the text.
bool LineReader::fill() {
  if (ended_) return false;
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kPiece / 2) buffer_.resize(buffer_.size() * 2);
  text_->read(buffer_.data() + end_, static_cast<std::streamsize>(buffer_.size() - end_));
  if (text_->bad()) refuse("the file cannot be read further");
  end_ += static_cast<std::size_t>(text_->gcount());
  ended_ = text_->gcount() == 0;
  return !ended_;
}

bool LineReader::next() {
  std::size_t searched = 0;
  const char* stop = nullptr;
  while (true) {
    const char* from = buffer_.data() + begin_ + searched;
    stop = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_ - searched));
    searched = stop != nullptr ? static_cast<std::size_t>(stop - buffer_.data()) - begin_ : end_ - begin_;
    if (searched > length_max_ + 1) {
      ++number_;
      refuse(fmt::format("the line is longer than {} bytes, the most that is read; break it up", length_max_));
    }
    if (stop != nullptr || !fill()) break;
  }
  if (stop == nullptr && searched == 0) return false;
  if (number_ < std::numeric_limits<int>::max()) ++number_;
  line_ = {buffer_.data() + begin_, searched};
  begin_ += searched + (stop != nullptr ? 1 : 0);
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  if (number_ == 1 && line_.starts_with(kByteOrderMark)) line_.remove_prefix(kByteOrderMark.size());
  if (line_.size() > length_max_)
    refuse(fmt::format("the line is longer than {} bytes, the most that is read; break it up", length_max_));
  check_line();
  return true;
}

void LineReader::check_line() const {
  if (plain(line_)) return;
  if (number_ == 1 && line_.starts_with(kGzip)) refuse("the file is compressed with gzip; unpack it first");
  if (line_.find('\0') != std::string_view::npos) refuse("the line holds a NUL byte; the file is no text");
  if (find_invalid_utf8(line_)) refuse("the line is not valid UTF-8; write the file as UTF-8");
}

}  // namespace socle
