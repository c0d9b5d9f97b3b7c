#include <algorithm>

#include <set>

#include <gtest/gtest.h>

#include "socle/base/random.hpp"
#include "socle/report/layout_json.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

/// A layout as its JSON prints it, each member as the flag of that key.
Flags typed(const workload::Layout& layout) {
  Flags flags;
  const Json json = report::layout_json(layout);
  // Layouts of a scenario leave these as they are.
  const Json usual = report::layout_json({});
  for (const auto& [key, value] : json.as_object()) {
    const std::set<std::string> fixed{"keep_gathered", "scatter_messages", "offload_layers", "offload_weights",
                                      "placement"};
    if (fixed.contains(key)) {
      EXPECT_EQ(value.dump(), usual.find(key)->dump()) << key;
      continue;
    }
    if (value.is_null()) continue;  // the stack's own
    std::string flag = "--" + key;
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (value.is_array()) {
      // Several names are joined by commas; none is not typed.
      std::string names;
      for (const Json& name : value.as_array()) names += (names.empty() ? "" : ",") + name.as_string();
      if (!names.empty()) flags[flag] = names;
      continue;
    }
    flags[flag] = value.is_string() ? value.as_string() : value.dump();
  }
  return flags;
}

template <typename T>
const T& one_of(const std::vector<T>& list, const RandomStream& random, std::uint32_t draw, std::uint32_t purpose) {
  return list[random.below(static_cast<std::uint32_t>(list.size()), draw, purpose)];
}

// What a search prints can be typed back and gives the same figure: the best by itself, the others, which were ranked
// on the best one's stack, with that.
TEST(LayoutFlags, TypedBackGiveTheSameStep) {
  const std::vector<std::string> models{"llama-3-8b",   "llama-3-70b", "qwen3-30b-a3b",
                                        "mixtral-8x7b", "gpt-3-175b",  "deepseek-v2-lite"};
  const std::vector<std::string> clusters{"hgx-h100:8", "dgx-a100:16", "dgx-b200:4", "hgx-h20:16", "mi300x-8:8"};
  const std::vector<std::string> batches{"64", "256", "1024"}, lengths{"2048", "8192"};
  const RandomStream random(20261126, 0x666c6167);
  int found = 0;
  for (std::uint32_t draw = 0; draw < 60; ++draw) {
    Flags flags{{"--model", one_of(models, random, draw, 0)},
                {"--cluster", one_of(clusters, random, draw, 1)},
                {"--global-batch", one_of(batches, random, draw, 2)},
                {"--sequence-length", one_of(lengths, random, draw, 3)}};
    if (draw % 3 == 0) flags["--recompute"] = "full";
    if (draw % 4 == 0) flags["--offload-optimizer"] = "true";
    const api::TrainAnswer searched = train_of({.flags = flags});
    if (!searched.result) continue;
    ++found;
    ASSERT_FALSE(searched.result->search->best.empty()) << api::text_of(flags);
    for (const search::RankedLayout& ranked : searched.result->search->best) {
      Flags again = flags;
      const auto& stacks = searched.result->run.stacks;
      if (stacks && &ranked != &searched.result->search->best.front()) again["--stack"] = stacks->chosen().slug;
      for (const auto& [flag, value] : typed(ranked.layout)) again[flag] = value;
      const api::TrainAnswer given = train_of({.flags = again});
      ASSERT_TRUE(given.result) << api::text_of(again);
      EXPECT_EQ(given.result->run.layout, ranked.layout);
      EXPECT_EQ(given.result->run.step.step_time, ranked.step.step_time) << api::text_of(again);
    }
  }
  EXPECT_GE(found, 40);
}

}  // namespace
}  // namespace socle::test
