#include "socle/base/unit_text.hpp"

#include <gtest/gtest.h>

namespace socle {
namespace {

TEST(UnitText, ReadsAFigureWithItsUnit) {
  EXPECT_EQ(parse_unit_text<Bytes>("80 GB").value, Bytes{80e9});
  EXPECT_EQ(parse_unit_text<Bytes>("80GiB").value, Bytes{80.0 * 1073741824.0});
  EXPECT_EQ(parse_unit_text<BytesPerSecond>("400 Gb/s").value, BytesPerSecond{50e9});
  EXPECT_EQ(parse_unit_text<BytesPerSecond>("3.35 TB/s").value, BytesPerSecond{3.35e12});
  EXPECT_EQ(parse_unit_text<FlopsPerSecond>("989.4 TFLOP/s").value, FlopsPerSecond{989.4e12});
  EXPECT_EQ(parse_unit_text<Watts>("30 MW").value, Watts{30e6});
  EXPECT_EQ(parse_unit_text<Tokens>("15.6T").value, Tokens{15.6e12});
  EXPECT_EQ(parse_unit_text<Seconds>("90 days").value, Seconds{90 * 86400.0});
  EXPECT_EQ(parse_unit_text<Seconds>("1.5 h").value, Seconds{5400.0});
  EXPECT_EQ(parse_unit_text<Money>("3.0e9 CNY").value, (Money{3e9, Currency::kCny}));
  EXPECT_EQ(parse_unit_text<Money>("$1.5M").value, (Money{1.5e6, Currency::kUsd}));
  EXPECT_EQ(parse_unit_text<double>("405B").value, 405e9);
}

TEST(UnitText, ABitIsNotAByte) {
  EXPECT_EQ(parse_unit_text<BytesPerSecond>("8 Gb/s").value, parse_unit_text<BytesPerSecond>("1 GB/s").value);
}

TEST(UnitText, RefusesWhatIsNoFigureAndNamesWhatIsAccepted) {
  for (const char* text : {"", "  ", "GB", "80", "80 Gb", "80 GB/s", "-80 GB", "-0 GB", "nan GB", "inf GB", "1e999 GB",
                           "80 GB x", "80 \xff", "0x10 GB", "1e308 PB", "--1 GB", "+-1 GB"}) {
    const Parsed<Bytes> parsed = parse_unit_text<Bytes>(text);
    EXPECT_FALSE(parsed.value.has_value()) << text;
    EXPECT_NE(parsed.problem.find("80 GiB"), std::string::npos) << parsed.problem;
  }
}

TEST(UnitText, RefusesWhatNothingCouldBeAndNamesTheRange) {
  EXPECT_NE(parse_unit_text<Seconds>("1e300 s").problem.find("from 1e-15 s to 1000 years"), std::string::npos);
  EXPECT_NE(parse_unit_text<BytesPerSecond>("1e-300 B/s").problem.find("from 0.001 B/s"), std::string::npos);
  EXPECT_NE(parse_unit_text<Money>("1e300 USD").problem.find("to 1e15"), std::string::npos);
  EXPECT_FALSE(parse_unit_text<Bytes>("1e30 GB").value.has_value());
  EXPECT_TRUE(parse_unit_text<Seconds>("0 s").value.has_value());
}

TEST(UnitText, MoneyNeedsACurrency) {
  EXPECT_NE(parse_unit_text<Money>("3.0e9").problem.find("names no currency"), std::string::npos);
  EXPECT_FALSE(parse_unit_text<Money>("-5 USD").value.has_value());
  EXPECT_FALSE(parse_unit_text<Money>("USD").value.has_value());
}

TEST(UnitText, PrintsFourDigitsInTheUnitThatFits) {
  EXPECT_EQ(format_bytes(Bytes{80e9}), "80 GB");
  EXPECT_EQ(format_bytes(Bytes{999.96e9}), "1 TB");
  EXPECT_EQ(format_bytes_binary(Bytes{1073741824.0 * 1.5}), "1.5 GiB");
  EXPECT_EQ(format_bits_per_second(BytesPerSecond{50e9}), "400 Gb/s");
  EXPECT_EQ(format_seconds(Seconds{12.5e-6}), "12.5 us");
  EXPECT_EQ(format_seconds(Seconds{0}), "0 s");
  EXPECT_EQ(format_seconds(Seconds{90 * 86400.0}), "90 days");
  EXPECT_EQ(format_flops_per_second(FlopsPerSecond{1978.9e12}), "1979 TFLOP/s");
  EXPECT_EQ(format_watts(Watts{700}), "700 W");
  EXPECT_EQ(format_watts(Watts{10200}), "10.2 kW");
  EXPECT_EQ(format_count(15.6e12), "15.6T");
  EXPECT_EQ(format_count(8192), "8192");
  EXPECT_EQ(format_money({3e9, Currency::kCny}), "3B CNY");
  EXPECT_EQ(format_percent(0.4213), "42.1 %");
  // 33,257 MWh x 3.6e9 J.
  EXPECT_EQ(format_joules(Joules{33257 * 3.6e9}), "33.26 GWh");
  EXPECT_EQ(format_joules(Joules{4321e12 * 3600}), "4321 TWh");
}

TEST(UnitText, WhatRoundsToZeroHasNoSign) {
  EXPECT_EQ(format_number(-0.0), "0");
  EXPECT_EQ(format_percent(-0.0), "0.0 %");
  EXPECT_EQ(format_percent(-0.0004), "0.0 %");
  EXPECT_EQ(format_percent(-0.0006), "-0.1 %");
  EXPECT_EQ(format_signed_percent(-0.0004), "+0.0 %");
  EXPECT_EQ(format_signed_percent(-0.367), "-36.7 %");
  EXPECT_EQ(format_signed_percent(0.005), "+0.5 %");
}

TEST(UnitText, ParsesEveryEnergyThatItPrints) {
  for (const char* text : {"12 J", "25.52 Wh", "9.737 kWh", "404.4 MWh", "33.26 GWh", "4.321 TWh"})
    EXPECT_EQ(format_joules(*parse_unit_text<Joules>(text).value), text);
}

TEST(UnitText, CountsAreGroupedFromAHundredThousandOn) {
  EXPECT_EQ(format_whole(0), "0");
  EXPECT_EQ(format_whole(99'999), "99999");
  EXPECT_EQ(format_whole(100'000), "100,000");
  EXPECT_EQ(format_whole(std::uint64_t{1'049'600}), "1,049,600");
  EXPECT_EQ(format_whole(-1'234'567), "-1,234,567");
}

TEST(UnitText, PrintsNumbersWithoutTrailingZeros) {
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(0.012345), "0.01235");
  EXPECT_EQ(format_number(123456), "123456");
  EXPECT_EQ(format_number(1.0 / 0.0), "unknown");
}

}  // namespace
}  // namespace socle
