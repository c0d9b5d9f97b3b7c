#include "socle/search/chip_mix.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "socle/base/random.hpp"

namespace socle::search {
namespace {

/// The published example: four buckets, a small and a large GPU.
MixQuestion published() {
  return {.buckets = {{"a", 6}, {"b", 3}, {"c", 15}, {"d", 6}},
          .kinds = {{.name = "small", .price = 1.01, .rates = {2, 1, 5, 2}},
                    {.name = "large", .price = 3.67, .rates = {20, 20, 40, 20}}}};
}

TEST(ChipMix, MixesWhatOneKindAloneServesDearly) {
  // One bucket keeps three small ones busy, the others 0.975 large ones or less: 3 x 1.01 + 3.67 = 6.70; alone two
  // large ones (1.125) cost 7.34 and twelve small ones 12.12. Which bucket it is does not matter.
  const auto mix = cheapest_mix(published());
  ASSERT_TRUE(mix);
  EXPECT_NEAR(mix->price, 6.70, 1e-9);
  EXPECT_EQ(mix->counts, (std::vector<int>{3, 1}));
  EXPECT_TRUE(mix->proved);
  EXPECT_NEAR(*mix->alone[0], 12.12, 1e-9);
  EXPECT_NEAR(*mix->alone[1], 7.34, 1e-9);
}

TEST(ChipMix, IsBoundedByFractionsOfChips) {
  // Every bucket on the large one: 1.125 of it at 3.67.
  EXPECT_NEAR(cheapest_mix(published())->bound, 4.12875, 1e-6);
}

TEST(ChipMix, SlicesLetASmallChipTakeWhatIsOverTheEdge) {
  // A third of bucket c keeps one small one busy and leaves 1.0 large ones: 1.01 + 3.67 = 4.68.
  MixQuestion question = published();
  question.slices = 3;
  const auto mix = cheapest_mix(question);
  EXPECT_NEAR(mix->price, 4.68, 1e-9);
  EXPECT_EQ(mix->slices[2], (std::vector<int>{1, 2}));
}

TEST(ChipMix, KeepsToWhatCanBeHad) {
  MixQuestion question = published();
  question.kinds[1].limit = 0;
  EXPECT_NEAR(cheapest_mix(question)->price, 12.12, 1e-9);
  EXPECT_FALSE(cheapest_mix(question)->alone[1]);
  question.kinds[0].limit = 11;
  const auto mix = cheapest_mix(question);
  ASSERT_FALSE(mix);
  EXPECT_EQ(mix.why().reason, "limit");
}

TEST(ChipMix, SaysWhichBucketNobodyServes) {
  MixQuestion question = published();
  question.kinds[0].rates[2] = question.kinds[1].rates[2] = 0;
  const auto mix = cheapest_mix(question);
  ASSERT_FALSE(mix);
  EXPECT_EQ(mix.why().detail, "no kind serves c");
}

TEST(ChipMix, NothingToServeNeedsNothing) {
  MixQuestion question = published();
  for (MixBucket& bucket : question.buckets) bucket.rate = 0;
  EXPECT_EQ(cheapest_mix(question)->price, 0);
  EXPECT_EQ(cheapest_mix(MixQuestion{})->counts.size(), 0u);
}

TEST(ChipMix, ACutSearchSaysSo) {
  const auto mix = cheapest_mix(published(), 6);
  EXPECT_TRUE(!mix || !mix->proved);
}

TEST(ChipMix, ACutSearchIsStillTheBoundRoundedUpAtWorst) {
  // Sixty buckets on eight kinds: too many to prove in 1,000 steps; rounding up costs one of each kind at most.
  const RandomStream stream(2, 4);
  MixQuestion question;
  double prices = 0;
  for (std::uint64_t b = 0; b < 60; ++b) question.buckets.push_back({"b", 1 + 50 * stream.uniform(b, 0)});
  for (std::uint64_t k = 0; k < 8; ++k) {
    MixKind kind{.name = "k", .price = 1 + 4 * stream.uniform(k, 1)};
    for (std::uint64_t b = 0; b < 60; ++b) kind.rates.push_back(1 + 29 * stream.uniform(k * 60 + b, 2));
    prices += kind.price;
    question.kinds.push_back(kind);
  }
  const auto mix = cheapest_mix(question, 1'000);
  ASSERT_TRUE(mix);
  EXPECT_FALSE(mix->proved);
  EXPECT_LE(mix->price, mix->bound + prices);
}

/// All ways to give each bucket to one kind.
double tried_one_by_one(const MixQuestion& question) {
  const std::size_t kinds = question.kinds.size(), buckets = question.buckets.size();
  double least = HUGE_VAL;
  const auto ways = static_cast<std::size_t>(std::pow(kinds, buckets));
  for (std::size_t way = 0; way < ways; ++way) {
    std::vector<double> loads(kinds, 0.0);
    std::size_t digits = way;
    for (std::size_t b = 0; b < buckets; ++b, digits /= kinds)
      loads[digits % kinds] += question.buckets[b].rate / question.kinds[digits % kinds].rates[b];
    double price = 0;
    for (std::size_t k = 0; k < kinds; ++k) price += question.kinds[k].price * std::ceil(loads[k] - 1e-9);
    least = std::min(least, price);
  }
  return least;
}

TEST(ChipMix, IsTheLeastOfAllMixesAndMonotoneInPrices) {
  const RandomStream stream(5, 9);
  for (std::uint64_t round = 0; round < 100; ++round) {
    MixQuestion question;
    for (std::uint64_t b = 0; b < 6; ++b) question.buckets.push_back({"b", 1 + 20 * stream.uniform(b, round)});
    for (std::uint64_t k = 0; k < 3; ++k) {
      MixKind kind{.name = "k", .price = 0.5 + 5 * stream.uniform(20 + k, round)};
      for (std::uint64_t b = 0; b < 6; ++b) kind.rates.push_back(1 + 15 * stream.uniform(30 + 10 * k + b, round));
      question.kinds.push_back(kind);
    }
    const auto mix = cheapest_mix(question);
    ASSERT_TRUE(mix && mix->proved);
    EXPECT_NEAR(mix->price, tried_one_by_one(question), 1e-9) << round;
    EXPECT_LE(mix->bound, mix->price + 1e-9);
    MixQuestion split = question;
    split.slices = 3;
    EXPECT_LE(cheapest_mix(split, 2'000)->price, mix->price + 1e-9);
    question.kinds[0].price *= 1.5;
    EXPECT_GE(cheapest_mix(question)->price, mix->price - 1e-9);
  }
}

}  // namespace
}  // namespace socle::search
