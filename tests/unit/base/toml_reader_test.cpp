#include "socle/base/toml_reader.hpp"

#include <gtest/gtest.h>

namespace socle {
namespace {

/// The text of the error that reading gives, or an empty text.
template <typename Reader>
std::string error_of(std::string_view text, Reader read) {
  try {
    const TomlDocument document = TomlDocument::parse(text, "a.toml");
    read(document.root());
    document.finish();
  } catch (const InputError& error) { return error.what(); }
  return {};
}

std::string parse_error(std::string_view text) {
  return error_of(text, [](const TomlTable&) {});
}

TEST(TomlReader, ReadsTypedValuesFromTables) {
  const TomlDocument document = TomlDocument::parse(R"(
name = "x"
[cluster]
nodes = 2048
memory = "80 GB"
tokens = 4096
share = 1
on = true
list = ["a", "b"]
[[candidate]]
tp = 8
[[candidate]]
tp = 4
)",
                                                    "a.toml");
  const TomlTable root = document.root();
  EXPECT_EQ(root.required_string("name"), "x");
  const TomlTable cluster = root.required_table("cluster");
  EXPECT_EQ(cluster.required_integer("nodes", 1, 1 << 20), 2048);
  EXPECT_EQ(cluster.required_quantity<Bytes>("memory"), Bytes{80e9});
  EXPECT_EQ(cluster.required_quantity<Tokens>("tokens"), Tokens{4096});
  EXPECT_EQ(cluster.required_real("share", 0, 1), 1.0);
  EXPECT_TRUE(cluster.boolean_or("on", false));
  EXPECT_EQ(cluster.optional_strings("list"), (std::vector<std::string>{"a", "b"}));
  std::vector<std::int64_t> sizes;
  for (const TomlTable& candidate : root.tables("candidate")) sizes.push_back(candidate.required_integer("tp", 1, 8));
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{8, 4}));
  EXPECT_NO_THROW(document.finish());
}

TEST(TomlReader, GathersEveryProblemWithItsPlace) {
  const std::string text = error_of("tp = 12\nmemory = \"80 Gb\"\nnodes = \"x\"\n", [](const TomlTable& root) {
    root.required_integer("tp", 1, 8);
    root.required_quantity<Bytes>("memory");
    root.required_integer("nodes", 1, 9);
    root.required_string("name");
  });
  EXPECT_NE(text.find("a.toml:1:1: tp = 12 is out of range; write an integer from 1 to 8"), std::string::npos) << text;
  EXPECT_NE(text.find("a.toml:2:1: memory = "), std::string::npos) << text;
  EXPECT_NE(text.find("a.toml:3:1: nodes is a text"), std::string::npos) << text;
  EXPECT_NE(text.find("name is missing"), std::string::npos) << text;
}

TEST(TomlReader, TellsAMistakeOnceThatTwoReadersMeet) {
  const std::string error = error_of("hosts = -3\nradix = 9\n", [](const TomlTable& root) {
    root.optional_integer("hosts", 0, 100);
    root.optional_integer("hosts", 1, 50);
    root.optional_integer("radix", 0, 8);
    root.problem("radix", "radix is odd; write an even one");
  });
  EXPECT_EQ(error,
            "a.toml:1:1: hosts = -3 is out of range; write an integer from 0 to 100\n"
            "a.toml:2:1: radix = 9 is out of range; write an integer from 0 to 8\n"
            "a.toml:2:1: radix is odd; write an even one");
}

TEST(TomlReader, RejectsAnUnknownKeyAndSuggestsTheNearest) {
  const std::string text = error_of("[cluster]\nndoes = 3\n", [](const TomlTable& root) {
    root.required_table("cluster").optional_integer("nodes", 1, 9);
  });
  EXPECT_NE(text.find("a.toml:2:1: unknown key \"ndoes\" in [cluster]; did you mean \"nodes\"?"), std::string::npos)
      << text;
}

TEST(TomlReader, RefusesNotANumberAndInfinity) {
  for (const char* text : {"x = nan", "x = inf", "x = -inf", "x = -1"}) {
    EXPECT_NE(error_of(text, [](const TomlTable& root) { root.required_real("x", 0, 1e300); }), "") << text;
    EXPECT_NE(error_of(text, [](const TomlTable& root) { root.required_quantity<Tokens>("x"); }), "") << text;
  }
}

TEST(TomlReader, HostileTextIsACleanError) {
  EXPECT_NE(parse_error("").find("empty"), std::string::npos);
  EXPECT_NE(parse_error(" \n\t").find("empty"), std::string::npos);
  EXPECT_NE(parse_error("a = \"\xff\"").find("UTF-8"), std::string::npos);
  EXPECT_NE(parse_error("[a\nb = 1").find("not valid TOML"), std::string::npos);
  EXPECT_NE(parse_error("a = ").find("not valid TOML"), std::string::npos);
  EXPECT_NE(parse_error("a = 1\na = 2").find("a.toml:2"), std::string::npos);
  EXPECT_NE(parse_error("a = " + std::string(100000, '[')).find("deeper"), std::string::npos);
  std::string dotted = "a";
  for (int i = 0; i < 100000; ++i) dotted += ".a";
  EXPECT_NE(parse_error(dotted + " = 1").find("deeper"), std::string::npos);
  EXPECT_NE(parse_error("[" + dotted + "]").find("deeper"), std::string::npos);
  EXPECT_NE(parse_error("a = 99999999999999999999").find("not valid TOML"), std::string::npos);
}

TEST(TomlReader, BracketsInTextsAndCommentsAreNotNesting) {
  const std::string brackets(200, '[');
  const std::string text = "# " + brackets + "\na = \"" + brackets + "\"\nb = '''\n" + brackets + "\n'''\n";
  EXPECT_EQ(error_of(text,
                     [](const TomlTable& root) {
                       root.required_string("a");
                       root.required_string("b");
                     }),
            "");
}

TEST(TomlReader, AnIgnoredTableIsNotSearchedForUnknownKeys) {
  EXPECT_EQ(error_of("[other]\nx = 1", [](const TomlTable& root) { root.ignore("other"); }), "");
}

}  // namespace
}  // namespace socle
