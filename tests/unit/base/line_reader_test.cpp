#include "socle/base/line_reader.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"

namespace socle {
namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t length_max = kLineBytesMax) {
  LineReader reader(std::make_unique<std::istringstream>(text), "t.csv", length_max);
  std::vector<std::string> lines;
  while (reader.next()) lines.emplace_back(reader.line());
  EXPECT_EQ(static_cast<std::size_t>(reader.number()), lines.size());
  return lines;
}

std::string problem_of(const std::string& text, std::size_t length_max = kLineBytesMax) {
  try {
    lines_of(text, length_max);
    return {};
  } catch (const InputError& error) { return error.what(); }
}

using Lines = std::vector<std::string>;

TEST(LineReader, EndsLinesAsFilesDo) {
  EXPECT_EQ(lines_of(""), Lines{});
  EXPECT_EQ(lines_of("a\nb\n"), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of("a\r\nb\r\n"), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of("a\nb"), (Lines{"a", "b"})) << "the last line may end without";
  EXPECT_EQ(lines_of("\n\na"), (Lines{"", "", "a"}));
  EXPECT_EQ(lines_of("\xEF\xBB\xBF"
                     "a\nb"),
            (Lines{"a", "b"}));
  EXPECT_EQ(lines_of("\xE5\xBA\x95\xE5\xBA\xA7\n"), Lines{"\xE5\xBA\x95\xE5\xBA\xA7"});
}

TEST(LineReader, GivesLinesWholeAcrossTheEdgesOfItsBuffer) {
  std::string text;
  Lines expected;
  for (std::size_t i = 0; i < 400; ++i) {
    expected.emplace_back(i * 37 % 2000, static_cast<char>('a' + i % 26));
    text += expected.back() + "\n";
  }
  expected.emplace_back(300'000, 'x');
  EXPECT_EQ(lines_of(text + expected.back()), expected);
}

TEST(LineReader, RefusesByLineWhatIsNoText) {
  EXPECT_EQ(problem_of(std::string("a\nb\0c\n", 6)), "t.csv:2: the line holds a NUL byte; the file is no text");
  EXPECT_EQ(problem_of("a\nb\n\xC3\n"), "t.csv:3: the line is not valid UTF-8; write the file as UTF-8");
  EXPECT_EQ(problem_of("\x1F\x8B\x08\x01"), "t.csv:1: the file is compressed with gzip; unpack it first");
  EXPECT_EQ(problem_of("abcd\nabcde\n", 4),
            "t.csv:2: the line is longer than 4 bytes, the most that is read; break it up");
  EXPECT_EQ(problem_of("abcd\r\n", 4), "");
  // Without an end: no more than the limit and a piece is held.
  EXPECT_EQ(problem_of("a\n" + std::string(1'000'000, 'x'), 100'000),
            "t.csv:2: the line is longer than 100000 bytes, the most that is read; break it up");
}

TEST(OpenFile, GivesOrdinaryFilesOnly) {
  EXPECT_TRUE(LineReader(open_file("VERSION"), "VERSION").next());
  const auto problem = [](const char* path) {
    try {
      open_file(path);
      return std::string();
    } catch (const InputError& error) { return std::string(error.what()); }
  };
  EXPECT_EQ(problem("no/such.csv"), "no/such.csv: no such file");
  EXPECT_EQ(problem("docs"), "docs: is a directory; name a file");
  EXPECT_EQ(problem("/dev/null"), "/dev/null: is no ordinary file, and it is read more than once; name a file");
}

}  // namespace
}  // namespace socle
