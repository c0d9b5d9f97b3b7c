#include "socle/catalog/plausible_stacks.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::catalog {
namespace {

Chip nvidia(int year) {
  Chip chip;
  chip.slug = "h100-sxm";
  chip.vendor = "NVIDIA";
  chip.year = year;
  return chip;
}

Stack release(const char* slug, const char* framework, int from_year, int to_year,
              std::vector<std::string> on = {"gpu"}) {
  Stack stack;
  stack.slug = slug;
  stack.framework = framework;
  stack.from_year = from_year;
  stack.to_year = to_year;
  stack.plausible_on = std::move(on);
  return stack;
}

std::vector<std::string> slugs(const std::vector<Stack>& stacks) {
  std::vector<std::string> names;
  for (const Stack& stack : stacks) names.push_back(stack.slug);
  return names;
}

using Slugs = std::vector<std::string>;

TEST(PlausibleStacks, EachFrameworkStandsWithItsLatestRelease) {
  const std::vector<Stack> all{release("a-25.02", "A", 2025, 2025), release("a-26.02.01", "A", 2026, 2026),
                               release("a-26.02", "A", 2026, 2026), release("b", "B", 2025, 9999)};
  EXPECT_EQ(slugs(plausible_stacks(all, nvidia(2022))), (Slugs{"a-26.02.01", "b"}));
}

TEST(PlausibleStacks, WhatEndedMoreThanAYearBeforeTheNewestIsSuperseded) {
  const std::vector<Stack> all{release("new", "A", 2026, 2026), release("last", "B", 2024, 2025),
                               release("old", "C", 2023, 2024)};
  EXPECT_EQ(slugs(plausible_stacks(all, nvidia(2022))), (Slugs{"last", "new"}));
}

TEST(PlausibleStacks, NoneIsOlderThanTheChip) {
  const std::vector<Stack> all{release("new", "A", 2026, 2026), release("last", "B", 2024, 2025)};
  EXPECT_EQ(slugs(plausible_stacks(all, nvidia(2026))), (Slugs{"new"}));
}

TEST(PlausibleStacks, OneOfAnotherKindOrOfNoKindIsNone) {
  std::vector<Stack> all{release("amd", "A", 2026, 2026, {"rocm"}), release("submission", "B", 2026, 2026, {})};
  all.push_back(release("default", "C", 2020, 2021, {}));
  all.back().default_of = "gpu";
  EXPECT_EQ(slugs(plausible_stacks(all, nvidia(2022))), (Slugs{"default"}));
}

TEST(PlausibleStacks, OfTheCatalogueNoneIsASubmissionAndAllTakeTheSameAttention) {
  // A job's attention and dropout are settled before its stack is, so plausible stacks must agree on them.
  const Catalog catalog;
  const std::vector<Stack> all = load_stacks(catalog);
  for (const char* chip :
       {"a100-sxm-80gb", "h100-sxm", "gb200", "mi300x", "ascend-910b3", "tpu-v5p", "cambricon-mlu370-x8"}) {
    const std::vector<Stack> plausible = plausible_stacks(all, catalog.chip(chip));
    EXPECT_FALSE(plausible.empty()) << chip;
    for (const Stack& stack : plausible) {
      EXPECT_EQ(stack.slug.find("mlperf"), std::string::npos) << chip << ' ' << stack.slug;
      EXPECT_TRUE(stack.flash_attention && !stack.dropout) << chip << ' ' << stack.slug;
    }
  }
}

TEST(PlausibleStacks, AWordThatIsNoKindIsRefusedWithThoseThatAre) {
  const Catalog catalog(
      {{.path = "stacks/mine.toml",
        .text = "name = \"Mine\"\nframework = \"Mine\"\nfrom_year = 2025\nplausible_on = [\"cuda\"]\n",
        .source = "mine.toml"}});
  try {
    load_stacks(catalog);
    FAIL() << "not refused";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("\"cuda\" is none of gpu, rocm, npu, tpu, other"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace socle::catalog
