#include "socle/catalog/relatives.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/catalog/stack_figures.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::catalog {
namespace {

Stack measured(const char* slug, const char* framework, const char* family, int runs, double compute) {
  Stack stack;
  stack.slug = slug;
  stack.framework = framework;
  stack.family = family;
  stack.from_year = stack.to_year = 2024;
  stack.runs = runs;
  stack.compute = compute;
  return stack;
}

double compute_of(const Stack& asker, const std::vector<Stack>& stacks, const std::set<std::string>& left_out = {}) {
  return with_figures_of_relatives(asker, stacks, left_out).compute;
}

TEST(Relatives, OneOfAnotherFamilyIsAllThereIs) {
  const Stack asker = measured("new", "New", "pytorch", 0, 1.0);
  EXPECT_NEAR(compute_of(asker, {measured("a", "A", "jax", 12, 1.5)}), 1.5, 1e-12);
}

TEST(Relatives, NothingMeasuredLeavesTheStackAlone) {
  const Stack asker = measured("new", "New", "pytorch", 0, 1.25);
  EXPECT_EQ(compute_of(asker, {measured("a", "A", "pytorch", 0, 3.0)}), 1.25);
}

TEST(Relatives, AFamilyIsDrawnTowardsAllByOneMember) {
  // 12 runs are half trusted, so a weighs 1/2. All: a and b, 1 and 4, each 1/2: their geometric mean is 2. Family: a
  // with 1/2 against the level above with 1: ln x = (ln 1 / 2 + ln 2) / 1.5 = 2/3 ln 2.
  const Stack asker = measured("new", "New", "pytorch", 0, 9.0);
  const std::vector<Stack> stacks{measured("a", "A", "pytorch", 12, 1.0), measured("b", "B", "jax", 12, 4.0)};
  EXPECT_NEAR(compute_of(asker, stacks), std::exp2(2.0 / 3.0), 1e-12);
}

TEST(Relatives, ReleasesOfOneFrameworkAreNoIndependentWitnesses) {
  // Above the framework, four releases of A count together as two stacks: ln x = (2 ln 1 + ln 8) / 3 = ln 2.
  const Stack asker = measured("new", "New", "", 0, 9.0);
  std::vector<Stack> stacks{measured("b", "B", "", 12, 8.0)};
  for (const char* slug : {"a1", "a2", "a3", "a4"}) stacks.push_back(measured(slug, "A", "", 12, 1.0));
  EXPECT_NEAR(compute_of(asker, stacks), 2.0, 1e-12);
}

TEST(Relatives, AYearApartCountsHalf) {
  // Weights 1/2 and 1/4: ln x = (ln 1 / 2 + ln 8 / 4) / (3/4) = ln 2.
  const Stack asker = measured("new", "New", "", 0, 9.0);
  Stack older = measured("b", "B", "", 12, 8.0);
  older.from_year = older.to_year = 2023;
  EXPECT_NEAR(compute_of(asker, {measured("a", "A", "", 12, 1.0), older}), 2.0, 1e-12);
}

TEST(Relatives, NeitherItselfNorWhatIsLeftOutCounts) {
  const Stack asker = measured("a", "A", "pytorch", 100, 5.0);
  const std::vector<Stack> stacks{asker, measured("b", "A", "pytorch", 12, 3.0), measured("c", "C", "jax", 12, 2.0)};
  EXPECT_NEAR(compute_of(asker, stacks, {"b"}), 2.0, 1e-12);
}

TEST(Relatives, SharesAreAveragedAsTheyAreAndFactsStay) {
  Stack asker = measured("new", "New", "", 0, 1.0);
  asker.overlap_tensor_parallel = true;
  Stack a = measured("a", "A", "", 12, 1.0), b = measured("b", "B", "", 12, 1.0);
  a.data_hidden = 0.2;
  b.data_hidden = 0.6;
  const Stack drawn = with_figures_of_relatives(asker, {a, b}, {});
  EXPECT_NEAR(drawn.data_hidden, 0.4, 1e-12);
  EXPECT_TRUE(drawn.overlap_tensor_parallel);
  EXPECT_EQ(drawn.runs, 0);
}

TEST(Relatives, AChipIsDrawnFromNeutralOverItsKindToItsSilicon) {
  // Both years are one: weight 1/2 each. Kind: ln x = (ln 8 / 2 + 0) / 1.5 = ln 2. No chip of its silicon.
  Chip asker, other;
  asker.slug = "l40s";
  other.slug = "h100-sxm";
  asker.vendor = other.vendor = "NVIDIA";
  asker.year = other.year = 2022;
  ChipCalibration fitted;
  fitted.runs = 12;
  fitted.attention = 8.0;
  EXPECT_NEAR(calibration_of_relatives(asker, {{other, fitted}}, {}).attention, 2.0, 1e-12);
  EXPECT_EQ(calibration_of_relatives(asker, {{other, fitted}}, {"h100-sxm"}).attention, 1.0);
  asker.slug = "h800";  // the same silicon: drawn once more: ln x = (ln 8 / 2 + ln 2) / 1.5 = 5/3 ln 2
  EXPECT_NEAR(calibration_of_relatives(asker, {{other, fitted}}, {}).attention, std::exp2(5.0 / 3.0), 1e-12);
}

TEST(Stacks, EveryOneOfTheCatalogueHasAFamily) {
  // But for MindSpore's own: nothing in the catalogue shares its code.
  for (const Stack& stack : load_stacks(Catalog()))
    EXPECT_EQ(stack.family.empty(), stack.slug == "mindformers-2025") << stack.slug;
}

TEST(Stacks, WithoutRunsHaveTheFiguresOfTheirFamilyAndTheRangeOfTheUnseen) {
  const Catalog catalog;
  const std::vector<Stack> stacks = load_stacks(catalog);
  const UnseenRanges unseen = load_unseen_ranges(catalog);
  int pooled = 0;
  for (const Stack& stack : stacks) {
    EXPECT_EQ(stack.pooled, stack.runs == 0) << stack.slug;
    if (!stack.pooled) continue;
    ++pooled;
    EXPECT_TRUE(stack.range_low == unseen.stack.low || stack.range_low == unseen.release.low) << stack.slug;
    const Stack again = with_figures_of_relatives(stack, stacks, {});
    for (const StackFigure& figure : stack_figures()) EXPECT_EQ(figure.get(again), figure.get(stack)) << figure.name;
  }
  EXPECT_GE(pooled, 10);
}

TEST(Stacks, AFamilyThatThereIsNotIsRefused) {
  const Catalog catalog(
      {{"stacks/own.toml", "name = \"own\"\nframework = \"own\"\nfamily = \"torch\"\nfrom_year = 2025\n",
        "my/stacks/own.toml"}});
  try {
    load_stacks(catalog);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("my/stacks/own.toml:3"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("'torch'; use one of deepspeed, jax"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace socle::catalog
