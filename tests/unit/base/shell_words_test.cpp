#include "socle/base/shell_words.hpp"

#include <gtest/gtest.h>

#include "socle/base/shell_script.hpp"

namespace socle {
namespace {

using Words = std::vector<std::string>;

Words words(std::string_view text) {
  Words list;
  for (const ScriptCommand& command : read_shell_script(text, "test").commands) {
    for (const ShellText& word : command.words) list.push_back(word.text());
  }
  return list;
}

TEST(ShellWords, QuotesAndBackslashesJoinWhatStandsTogether) {
  EXPECT_EQ(words("a  b\\ c 'd e'\"f g\" \\\n h"), (Words{"a", "b c", "d ef g", "h"}));
  EXPECT_EQ(words("'a\"b' \"a'b\" \"a\\\"b\" \"a\\nb\""), (Words{"a\"b", "a'b", "a\"b", "a\\nb"}));
  EXPECT_EQ(words("--x='{\"a\": 1}' ''"), (Words{"--x={\"a\": 1}", ""}));
  EXPECT_EQ(words("a\\\r\nb a \\\r\n b"), (Words{"ab", "a", "b"}));
}

TEST(ShellWords, AQuotedWordReadsBackUnchanged) {
  for (const std::string word : {"plain/name-1.5:v2", "", "a b", "it's", "$(touch x)", "`x`", "a\nb", "=x", "~", "*",
                                 "\\", "\"", "a;b&c|d>e<f(g)h#i", "#x", "--x={\"a\": '1'}"}) {
    EXPECT_EQ(words("run " + shell_quoted(word)), (Words{"run", word})) << word;
  }
}

}  // namespace
}  // namespace socle
