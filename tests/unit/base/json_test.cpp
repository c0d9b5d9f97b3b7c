#include "socle/base/json.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_json(text, "a.json");
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(JsonText, KeepsTheOrderOfKeys) {
  Json json = Json::object();
  json.set("b", 1).set("a", Json::array({1.5, "x", nullptr, true}));
  EXPECT_EQ(json.dump(false), R"({"b":1,"a":[1.5,"x",null,true]})");
}

TEST(JsonText, ReadsBackWhatItWrites) {
  const std::string text = R"({"a":[1,-2,0.1,1e+300,"\u0001 \" \\ \n 中"],"b":{},"c":[],"d":null})";
  const Json json = parse_json(text, "a.json");
  EXPECT_EQ(parse_json(json.dump(), "b.json"), json);
  EXPECT_EQ(json.find("a")->as_array()[1].as_int(), -2);
  EXPECT_EQ(json.find("a")->as_array()[2].as_double(), 0.1);
  EXPECT_EQ(json.find("z"), nullptr);
}

TEST(JsonText, ZeroHasNoSign) {
  EXPECT_EQ(Json::object({{"a", -0.0}, {"b", -1e-300}}).dump(false), R"({"a":0.0,"b":-1e-300})");
}

TEST(JsonText, RefusesADuplicateKeyWithItsLine) {
  EXPECT_NE(error_of("{\n\"a\": 1,\n\"a\": 2}").find("a.json:3: duplicate key \"a\""), std::string::npos)
      << error_of("{\n\"a\": 1,\n\"a\": 2}");
}

TEST(JsonText, HostileTextIsACleanError) {
  for (const char* text : {"", " ", "{", "[1,", "{\"a\":}", "[1] 2", "NaN", "[Infinity]", "-Infinity", "[1e999]",
                           "\"\xff\"", "[01]", "'a'", "{\"a\" 1}", "nul", "\"\\ud800\"", "[1,]"}) {
    EXPECT_NE(error_of(text), "") << text;
  }
  EXPECT_NE(error_of(std::string(100000, '[')).find("deeper than 64"), std::string::npos);
  EXPECT_EQ(error_of(std::string(64, '[') + std::string(64, ']')), "");
}

TEST(JsonText, AccessorsNameWhatIsWrong) {
  const Json json = parse_json(R"({"layers": "x", "heads": 3.5, "wide": 3.0})", "a.json");
  EXPECT_THROW(json.find("layers")->as_int("layers"), InputError);
  EXPECT_THROW(json.find("heads")->as_int("heads"), InputError);
  EXPECT_EQ(json.find("wide")->as_int("wide"), 3);
}

TEST(Json, EscapesControlsAndMarksOfDirection) {
  EXPECT_EQ(Json("a\r\u0085\u202e").dump(false), "\"a\\r\\u0085\\u202e\"");
}

TEST(Json, ContainersOfAKeyAreLeftOut) {
  const std::string text =
      R"({"a": {"long": {"x": [1, {"long": 2}], "x": 1}, "b": 1}, "long": 7, "c": [{"long": []}]})";
  EXPECT_EQ(parse_json(text, "t", "long").dump(false), R"({"a":{"long":null,"b":1},"long":7,"c":[{"long":null}]})");
  EXPECT_THROW(parse_json(text, "t"), InputError);  // x twice
  EXPECT_THROW(parse_json(R"({"long": {"x": [1,})", "t", "long"), InputError);
  EXPECT_THROW(parse_json(R"({"long": {}, "long": {}})", "t", "long"), InputError);
}

}  // namespace
}  // namespace socle
