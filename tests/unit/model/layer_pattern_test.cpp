#include "socle/model/layer_pattern.hpp"

#include <gtest/gtest.h>

namespace socle::model {
namespace {

const std::vector<std::string> kNames = {"dense", "moe", "full"};

TEST(LayerPattern, ReadsNamesRunsAndNestedGroups) {
  EXPECT_EQ(read_pattern("dense", kNames).layers, (std::vector<int>{0}));
  EXPECT_EQ(read_pattern("dense*2 moe", kNames).layers, (std::vector<int>{0, 0, 1}));
  EXPECT_EQ(read_pattern("((dense moe)*2 full)*2", kNames).layers, (std::vector<int>{0, 1, 0, 1, 2, 0, 1, 0, 1, 2}));
}

TEST(LayerPattern, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "no layer at all"},
      {"dens", "no kind \"dens\"; did you mean \"dense\"?"},
      {"dense*0", "an asterisk without a count of at least 1 after it"},
      {"dense*", "an asterisk without a count of at least 1 after it"},
      {"(dense", "an opening bracket without a closing one"},
      {"dense)", "a closing bracket without an opening one"},
      {"dense*4097", "more than 4096 layers"},
      {"(dense*4000)*4000", "more than 4096 layers"},
      {"dense*99999999999999999999", "more than 4096 layers"},
      {"dense;moe", "\";\" where a kind, a bracket or a blank must stand"},
      {"(((((dense)))))", "brackets deeper than 4"},
  };
  for (const auto& [text, problem] : cases) EXPECT_EQ(read_pattern(text, kNames).problem, problem) << text;
}

TEST(LayerPattern, WritesRepeatedGroupsInBrackets) {
  EXPECT_EQ(write_pattern({0, 0, 0, 1, 1}, kNames), "dense*3 moe*2");
  EXPECT_EQ(write_pattern({1, 1, 2, 1, 1, 2, 1}, kNames), "(moe*2 full)*2 moe");
}

TEST(LayerPattern, WhatItWritesReadsBack) {
  // Every sequence of 1 to 7 layers of three kinds.
  for (int length = 1, count = 3; length <= 7; ++length, count *= 3) {
    for (int code = 0; code < count; ++code) {
      std::vector<int> layers;
      for (int i = 0, rest = code; i < length; ++i, rest /= 3) layers.push_back(rest % 3);
      ASSERT_EQ(read_pattern(write_pattern(layers, kNames), kNames).layers, layers);
    }
  }
}

}  // namespace
}  // namespace socle::model
