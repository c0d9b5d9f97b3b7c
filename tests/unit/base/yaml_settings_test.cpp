#include "socle/base/yaml_settings.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle {
namespace {

std::string pairs(std::string_view text) {
  std::string all;
  for (const YamlSetting& one : parse_yaml_settings(text, "test")) all += one.path + "=" + one.text + ";";
  return all;
}

std::string problem(std::string_view text) {
  try {
    parse_yaml_settings(text, "x.yaml");
    return {};
  } catch (const InputError& error) { return error.what(); }
}

TEST(YamlSettings, MappingsInsideMappingsArePaths) {
  EXPECT_EQ(pairs("a: 1\nb:\n  c: x y # z\n  d:\n    e: 'it''s'\n  f: \"q\\n\"\ng: [1, 2]\n"),
            "a=1;b.c=x y;b.d.e=it's;b.f=q\n;g=[1, 2];");
  EXPECT_EQ(pairs("---\n# c\na:\n- 1\n- 2\nb: \"x # y\"\n"), "a=[1, 2];b=x # y;");
  EXPECT_EQ(pairs("a: {b: 1, c: [x, 'y']}\n"), "a.b=1;a.c=[x, \"y\"];");
  EXPECT_EQ(pairs(""), "");
}

TEST(YamlSettings, WhatIsNotASettingIsRefusedAtItsLine) {
  EXPECT_NE(problem("a: 1\na: 2\n").find("x.yaml:2:1: a stands here a second time"), std::string::npos);
  EXPECT_NE(problem("a: &x 1\n").find("x.yaml:1:4: "), std::string::npos) << "an anchor";
  EXPECT_NE(problem("a: 1\n---\nb: 2\n").find("one document"), std::string::npos);
  EXPECT_NE(problem("just words\n").find("no KEY: VALUE"), std::string::npos);
  EXPECT_NE(problem("a:\n\tb: 1\n").find("tabs do not indent"), std::string::npos);
  EXPECT_NE(problem("a: \"x\n").find("x.yaml:1:"), std::string::npos) << "nothing ends the quote";
}

TEST(YamlSettings, AQuotedTextReadsBackUnchanged) {
  for (const std::string text : {"a", "", "yes", "a: b", "# x", "\"", "\\", "$(X)", "a\nb", "- x", "{{ x }}"})
    EXPECT_EQ(pairs("k: " + yaml_quoted(text)), "k=" + text + ";") << text;
}

}  // namespace
}  // namespace socle
