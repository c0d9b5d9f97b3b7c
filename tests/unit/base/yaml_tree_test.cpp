#include "socle/base/yaml_tree.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle {
namespace {

YamlNode one(const std::string& text) { return parse_yaml(text, "a.yaml").at(0); }

std::string problem_of(const std::string& text) {
  try {
    parse_yaml(text, "a.yaml");
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(YamlTree, ReadsMapsListsAndScalars) {
  const YamlNode root = one("a: 1\nb:\n  - x\n  - y: 2\n    z: 'it''s'\nc: {d: [1, \"two\"], e: }\nf:\n- 1\ng:\n");
  EXPECT_EQ(root.find("a")->text, "1");
  EXPECT_EQ(root.find("b")->items.at(1).find("z")->text, "it's");
  EXPECT_EQ(root.find("c")->find("d")->items.at(1).text, "two");
  EXPECT_TRUE(root.find("c")->find("d")->items.at(1).quoted);
  EXPECT_EQ(root.find("f")->items.size(), 1u);
  EXPECT_EQ(root.find("g")->kind, YamlNode::Kind::kNull);
}

TEST(YamlTree, ReadsWhatConfigurationsOfMegatronHold) {
  const YamlNode root = one(
      "ENV_VARS:\n  CUBLAS_WORKSPACE_CONFIG: :4096:8\n  NCCL_ALGO: Ring # no tree\nMODEL_ARGS:\n"
      "  --data-path: ${DATA_PATH}/text/gpt_text_document\n  --bf16: true\n  --moe-layer-freq: ([0]*3+[1]*58)\n"
      "  --rotary-scaling-factor: 1e-05\n  --x: null\n  --y: a\n    b\nMETRICS:\n  - \"lm loss\"\n  - \"num-zeros\"\n");
  EXPECT_EQ(root.find("ENV_VARS")->find("CUBLAS_WORKSPACE_CONFIG")->text, ":4096:8");
  EXPECT_EQ(root.find("ENV_VARS")->find("NCCL_ALGO")->text, "Ring");
  EXPECT_EQ(root.find("MODEL_ARGS")->find("--moe-layer-freq")->text, "([0]*3+[1]*58)");
  EXPECT_EQ(root.find("MODEL_ARGS")->find("--data-path")->line, 5);
  EXPECT_EQ(root.find("MODEL_ARGS")->find("--x")->kind, YamlNode::Kind::kNull);
  EXPECT_EQ(root.find("MODEL_ARGS")->find("--y")->text, "a b");
}

TEST(YamlTree, ReadsBlocksOfLines) {
  const YamlNode root = one("a: |\n  one # no comment\n\n    two\nb: >-\n  x\n  y\nc: 1\n");
  EXPECT_EQ(root.find("a")->text, "one # no comment\n\n  two\n");
  EXPECT_EQ(root.find("b")->text, "x y");
  EXPECT_EQ(root.find("c")->text, "1");
}

TEST(YamlTree, ReadsTextsInQuotesThatGoOnBelow) {
  const YamlNode root =
      one("a: \"one\n  two\n\n  three \\\n  four\"  # why\nb: 'x\n  y''s'\nc: \"\\x41\\t\\u6570\\e\"\nd: 1\n");
  EXPECT_EQ(root.find("a")->text, "one two\nthree four");
  EXPECT_EQ(root.find("b")->text, "x y's");
  EXPECT_EQ(root.find("c")->text, "A\t\xe6\x95\xb0\x1b");
  EXPECT_EQ(root.find("d")->text, "1");
}

TEST(YamlTree, ReadsSeveralDocuments) { EXPECT_EQ(parse_yaml("---\na: 1\n---\nb: 2\n", "a.yaml").size(), 2u); }

TEST(YamlTree, RefusesWhatMayGrowOrMislead) {
  EXPECT_EQ(problem_of("a: &x 1\nb: *x\n"),
            "a.yaml:1:4: an anchor or alias is not read here: write the value out, or in quotes\n"
            "a.yaml:2:4: an anchor or alias is not read here: write the value out, or in quotes");
  EXPECT_NE(problem_of("a: !!python/object x\n").find("a tag is not read"), std::string::npos);
  EXPECT_NE(problem_of("a:\n  <<: b\n").find("merges are not read"), std::string::npos);
  EXPECT_NE(problem_of("a: 1\na: 2\n").find("a.yaml:2:1: a stands here a second time"), std::string::npos);
  EXPECT_NE(problem_of("a: [1, 2\n").find("nothing ends the ["), std::string::npos);
  EXPECT_NE(problem_of("a: \"x\n").find("nothing ends the quote"), std::string::npos);
  EXPECT_NE(problem_of("a:\n\tb: 1\n").find("tabs do not indent"), std::string::npos);
  EXPECT_NE(problem_of(std::string(5000, '[')).find("nested too deeply"), std::string::npos);
  std::string many = "a: [";
  for (int i = 0; i < 30000; ++i) many += "1,";
  EXPECT_NE(problem_of(many + "]").find("more than 20,000 values"), std::string::npos);
}

}  // namespace
}  // namespace socle
