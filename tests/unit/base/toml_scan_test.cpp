#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/toml_reader.hpp"

namespace socle {
namespace {

std::string refusal(const std::string& text) {
  try {
    TomlDocument::parse(text, "a.toml");
  } catch (const InputError& error) { return error.what(); }
  return "";
}

TEST(TomlScan, ControlCharactersAreRefusedWithTheirLine) {
  EXPECT_NE(refusal(std::string("a = 1\n[\0b]", 10)).find("a.toml:2: the text holds a control character"),
            std::string::npos);
}

TEST(TomlScan, LettersOutsideAsciiAreLegalInStringsAndCommentsOnly) {
  EXPECT_EQ(refusal("name = \"算力底座\"  # 注释\n'键' = 1\n"), "");
  EXPECT_NE(refusal("键 = 1\n").find("outside ASCII"), std::string::npos);
}

TEST(TomlScan, QuotesInsideABareWordAreRefused) {
  EXPECT_NE(refusal("nodes = 2a'-0'\n").find("no string can begin"), std::string::npos);
  EXPECT_EQ(refusal("a.\"b\" = [\"x\", 'y', {c = 'z'}]\n"), "");
}

TEST(TomlScan, MultiLineStringsMayEndInFiveQuotes) {
  // Two quotes of content before the closing three; the letter after the line end is in another string.
  EXPECT_EQ(refusal("a = \"\"\"x\"\"\"\"\"\nb = \"é\"\n"), "");
}

TEST(TomlScan, DeepNestingIsRefusedBeforeTheParserRecurses) {
  EXPECT_NE(refusal("a = " + std::string(100000, '[')).find("nested deeper than 64 levels"), std::string::npos);
}

}  // namespace
}  // namespace socle
