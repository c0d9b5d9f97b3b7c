#include "socle/cost/token_money.hpp"

#include <gtest/gtest.h>

namespace socle::cost {
namespace {

TEST(TokenMoney, ADayOfAPublicServiceBringsWhatItsOwnersReckoned) {
  // 342e9 cached, 266e9 computed and 168e9 generated tokens at 0.14, 0.55 and 2.19 USD a million: 47,880 + 146,300 +
  // 367,920 = 562,100; published: 562,027. Over 87,072 USD of machines: 545.6 %; published: 545 %.
  const TokenPrices prices{.cached = 0.14, .input = 0.55, .output = 2.19};
  const double sales = token_sales(prices, {.cached = 342e9, .input = 266e9, .output = 168e9});
  EXPECT_NEAR(sales, 562'100, 1e-6);
  EXPECT_NEAR(sales, 562'027, 562'027 * 0.0005);  // tokens are rounded to billions
  EXPECT_NEAR(*margin(sales, 87'072), 5.456, 5.456 * 0.0005);
}

TEST(TokenMoney, CachedPromptsCostWhatOthersDoUnlessPriced) {
  EXPECT_DOUBLE_EQ(token_sales({.input = 2}, {.cached = 1e6, .input = 1e6, .output = 1e6}), 4);
  EXPECT_DOUBLE_EQ(token_sales({.cached = 0, .input = 2}, {.cached = 1e6, .input = 1e6, .output = 0}), 2);
  EXPECT_DOUBLE_EQ(token_sales({}, {.cached = 1e6, .input = 1e6, .output = 1e6}), 0);
}

TEST(TokenMoney, WhatCostsNothingHasNoMargin) {
  EXPECT_FALSE(margin(10, 0));
  EXPECT_DOUBLE_EQ(*margin(0, 5), -1);
}

TEST(TokenMoney, ATrillionTokensOfAPublishedRunTake180000ChipHours) {
  // 14.8e12 tokens in 2.664e6 chip-hours of 2,048 chips: 5.556e6 a chip-hour; 1e12 take 180,000 hours, 3.662 days.
  const double pace = tokens_per_chip_hour(Tokens{14.8e12}, 2048, Seconds{2.664e6 / 2048 * 3600});
  EXPECT_NEAR(pace, 5.556e6, 5.556e6 * 0.001);
  EXPECT_NEAR(chip_hours_for(Tokens{1e12}, pace), 180'000, 180);
  EXPECT_NEAR(chip_hours_for(Tokens{1e12}, pace) / 2048 / 24, 3.662, 3.662 * 0.001);
}

TEST(TokenMoneyDeathTest, ARunHasALength) {
  EXPECT_DEATH(tokens_per_chip_hour(Tokens{1}, 8, Seconds{}), "chips and a length");
}

}  // namespace
}  // namespace socle::cost
