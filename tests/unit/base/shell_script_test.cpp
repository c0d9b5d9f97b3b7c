#include "socle/base/shell_script.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/shell_variables.hpp"

namespace socle {
namespace {

/// Words of the last command, each as a script would say it.
std::string last(const std::string& text) {
  const ShellScript script = read_shell_script(text, "run.sh");
  std::string all;
  if (script.commands.empty()) return "(none)";
  for (const ShellText& word : script.commands.back().words) all += (all.empty() ? "" : " ") + word.source();
  return all;
}

std::string problem_of(const std::string& text) {
  try {
    read_shell_script(text, "run.sh");
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(ShellScript, ExpandsWhatTheScriptAssigns) {
  struct Case {
    const char* script;
    const char* words;
  };
  const Case cases[] = {
      {"A=1\nrun $A ${A}b \"$A c\" '$A'", "run 1 1b '1 c' '$A'"},
      {"A='x  y'\nrun $A \"$A\"", "run x y 'x  y'"},
      {"A=\nrun $A \"$A\" z", "run '' z"},
      {"A=\"--a 1 \\\n  --b 2\"\nrun $A \\\n  --c", "run --a 1 --b 2 --c"},
      {"A=(--a 1 # why\n --b 'x y'\n)\nrun ${A[@]} \"${A[@]}\" ${A[1]}", "run --a 1 --b x y --a 1 --b 'x y' 1"},
      {"A=(1)\nA+=(2 3)\nrun ${A[*]} \"${A[*]}\"", "run 1 2 3 '1 2 3'"},
      {"A=a\nA+=\" b\"\nrun $A", "run a b"},
      {"A=4; B=8\nrun $(($A*$B)) $((A * B + 1)) $(( (A-1)/2 ))", "run 32 33 1"},
      {"export A=1 B=2\nrun $A$B", "run 12"},
      {"run '([0]*3+[1]*58)' \"{\\\"a\\\": 1}\"", "run '([0]*3+[1]*58)' '{\"a\": 1}'"},
      {"A=1 run $A", "run ${A}"},
      {"run a;run b && run c | tee d", "run c"},
  };
  for (const Case& one : cases) EXPECT_EQ(last(one.script), one.words) << one.script;
}

TEST(ShellScript, KeepsWhatOnlyARunKnowsAsWritten) {
  struct Case {
    const char* script;
    const char* words;
  };
  const Case cases[] = {
      {"run $RANK \"$HOST:1\" ${PORT}", "run ${RANK} \"${HOST}\":1 ${PORT}"},
      {"A=$1\nrun $A \"$A\"", "run ${1} \"${1}\""},
      {"A=${A:-8}\nrun $A", "run ${A:-8}"},
      {"D=/x\nA=${A:-$D/y}\nrun $A", "run ${A:-/x/y}"},
      {"run $(hostname -i) `date`", "run $(hostname -i) `date`"},
      {"D=/x\nrun $(ls $D ${D})", "run $(ls /x /x)"},
      {"A=2\nrun $(($A*$N))", "run $((2*$N))"},
      {"run \"$@\" $* ${A[@]}", "run \"$@\" $* ${A[@]}"},
      {"run ~/a ${A%/*}", "run ~/a ${A%/*}"},
      {"if [ -f x ]; then A=1; fi\nrun $A", "run ${A}"},
  };
  for (const Case& one : cases) EXPECT_EQ(last(one.script), one.words) << one.script;
}

TEST(ShellScript, DecidesAConditionOverKnownTexts) {
  EXPECT_EQ(last("M=moe\nif [ $M = moe ]; then A=1; else A=2; fi\nrun $A"), "run 1");
  EXPECT_EQ(last("M=x\nif [[ \"$M\" == moe ]]; then A=1\nelif [ 1 -lt 2 ]; then A=3\nelse A=2\nfi\nrun $A"), "run 3");
  EXPECT_EQ(last("T=${T:-fp8}\nA=(1)\nif [[ $T == fp8 ]]; then\n A+=(2)\nfi\nrun ${A[@]}"), "run 1 2");
  EXPECT_EQ(last("if [ $# -lt 1 ]; then A=1; else A=2; fi\nrun $A"), "run ${A}");
}

TEST(ShellScript, ReadsHereDocumentsAsFilesWithTheirVariables) {
  const ShellScript script = read_shell_script("N=4\nF=a.json\ncat <<EOT > $F\n{\"n\": $N}\nEOT\nrun", "run.sh");
  ASSERT_EQ(script.documents.size(), 1u);
  EXPECT_EQ(script.documents[0].path, "a.json");
  EXPECT_EQ(script.documents[0].text, "{\"n\": 4}\n");
  EXPECT_EQ(script.documents[0].line, 4);
}

TEST(ShellScript, KnowsWhereEachWordStands) {
  const ShellScript script =
      read_shell_script("A=(\n  --a\n  --b 1\n)\nB=\"--c \\\n  --d\n  --e\"\nrun ${A[@]} $B", "run.sh");
  std::vector<int> lines;
  for (const ShellText& word : script.commands.at(0).words) lines.push_back(word.line);
  EXPECT_EQ(lines, (std::vector<int>{8, 2, 3, 3, 5, 6, 7}));
}

TEST(ShellScript, KeepsWhereTheOutputGoes) {
  const ShellScript script = read_shell_script("L=logs\nrun a 2>&1 | tee $L/x.log &", "run.sh");
  std::string tail;
  for (const ShellText& word : script.commands.at(0).tail) tail += word.source() + " ";
  EXPECT_EQ(tail, "2>&1 | tee logs/x.log & ");
}

TEST(ShellScript, RefusesWhatNothingEnds) {
  EXPECT_EQ(problem_of("a\nrun 'x"),
            "run.sh:2:5: nothing ends the quote ' that begins here; add one, or write '\\'' for one inside");
  EXPECT_NE(problem_of("A=(1 2").find("run.sh:1:3: nothing ends the ( of the array"), std::string::npos);
  EXPECT_NE(problem_of("cat <<E\nx").find("no line ends the here-document"), std::string::npos);
  EXPECT_NE(problem_of("run ${A").find("nothing ends the {"), std::string::npos);
}

TEST(ShellScript, RefusesVariablesThatDoubleWithoutEnd) {
  std::string script = "A=aaaaaaaaaaaaaaaa\n";
  for (int i = 0; i < 40; ++i) script += "A=$A$A\n";
  EXPECT_NE(problem_of(script).find("expand to more than"), std::string::npos);
}

TEST(ShellArithmetic, WorksOutWholeNumbersOnly) {
  EXPECT_EQ(shell_arithmetic("2*(3+4)-10/3"), 11);
  EXPECT_EQ(shell_arithmetic("-7 % 4"), -3);
  EXPECT_FALSE(shell_arithmetic("1/0"));
  EXPECT_FALSE(shell_arithmetic("9999999999999999999"));
  EXPECT_FALSE(shell_arithmetic("a+1"));
  EXPECT_FALSE(shell_arithmetic(std::string(1000, '(')));
}

}  // namespace
}  // namespace socle
