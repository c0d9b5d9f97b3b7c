#include "socle/base/shell_words.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> list;
  for (const ShellCommand& command : parse_shell(text, "test")) {
    for (const ShellWord& word : command.words) list.push_back(word.text);
  }
  return list;
}

using Words = std::vector<std::string>;

TEST(ShellWords, QuotesAndBackslashesJoinWhatStandsTogether) {
  EXPECT_EQ(words("a  b\\ c 'd e'\"f g\" \\\n h"), (Words{"a", "b c", "d ef g", "h"}));
  EXPECT_EQ(words("'a\"b' \"a'b\" \"a\\\"b\" \"a\\nb\""), (Words{"a\"b", "a'b", "a\"b", "a\\nb"}));
  EXPECT_EQ(words("--x='{\"a\": 1}' ''"), (Words{"--x={\"a\": 1}", ""}));
  EXPECT_EQ(words("a\\\r\nb a \\\r\n b"), (Words{"ab", "a", "b"}));
}

TEST(ShellWords, CommandsEndAtLinesAndOperatorsAndCommentsAreLeft) {
  EXPECT_EQ(parse_shell("a b; c && d | e # f\n# g\nh &", "test").size(), 5U);
  EXPECT_EQ(words("a#b # c"), (Words{"a#b"}));
}

TEST(ShellWords, RedirectionsAndHereDocumentsAreNoWords) {
  const auto commands = parse_shell("cat > 'a b' <<'END'\nx: $y\n  END\nEND\nrun 2>&1 >log &> all", "test");
  ASSERT_EQ(commands.size(), 2U);
  EXPECT_EQ(commands[0].output, "a b");
  EXPECT_EQ(commands[0].document, "x: $y\n  END\n");
  ASSERT_EQ(commands[1].words.size(), 1U);
}

TEST(ShellWords, WhatAShellWouldFillInIsMarked) {
  const auto commands = parse_shell("$A \"${B:-4 5}\" '$C' $(d e) x\\$y", "test");
  ASSERT_EQ(commands.front().words.size(), 5U);
  const std::vector<bool> expected{true, true, false, true, false};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(commands.front().words[i].expands, expected[i]) << i;
}

TEST(ShellWords, ErrorsNameThePlaceThatNothingEnds) {
  const auto problem = [](const char* text) {
    try {
      parse_shell(text, "x.sh");
      return std::string();
    } catch (const InputError& error) { return std::string(error.what()); }
  };
  EXPECT_NE(problem("a\n b 'c").find("x.sh:2:4: nothing ends the quote '"), std::string::npos);
  EXPECT_NE(problem("a \"c").find("x.sh:1:3: nothing ends the quote \""), std::string::npos);
  EXPECT_NE(problem("a $(b").find("nothing ends the ("), std::string::npos);
  EXPECT_NE(problem("cat <<E\nx").find("no line ends the here-document"), std::string::npos);
  EXPECT_NE(problem("a >").find("names no file"), std::string::npos);
}

TEST(ShellWords, AQuotedWordReadsBackUnchanged) {
  for (const std::string word : {"plain/name-1.5:v2", "", "a b", "it's", "$(touch x)", "`x`", "a\nb", "=x", "~", "*",
                                 "\\", "\"", "a;b&c|d>e<f(g)h#i", "#x", "--x={\"a\": '1'}"}) {
    EXPECT_EQ(words("run " + shell_quoted(word)), (Words{"run", word})) << word;
  }
}

}  // namespace
}  // namespace socle
