#include "socle/base/moment.hpp"

#include <gtest/gtest.h>

namespace socle {
namespace {

TEST(Moment, IsReadAsCalendarsWriteIt) {
  const auto azure = parse_moment("2023-11-16 18:17:03.9799600");
  ASSERT_TRUE(azure);
  EXPECT_EQ(azure->day, 19677);  // 53 years of 365 days, 13 leap days, 319 days of 2023
  EXPECT_DOUBLE_EQ(azure->seconds, 18 * 3600 + 17 * 60 + 3.97996);
  EXPECT_EQ(parse_moment("1970-01-01T00:00Z")->day, 0);
  EXPECT_EQ(parse_moment("1970-01-02T00:01:00+00:00")->seconds, 60);
}

TEST(Moment, RefusesWhatNoCalendarHas) {
  for (const char* text : {"", "2023-02-29 00:00", "2023-13-01 00:00", "2023-01-01 24:00", "2023-01-01 00:60",
                           "2023-01-01 00:00:60", "2023-01-01 00:00:01.", "2023-01-01", "2023-1-1 00:00",
                           "2023-01-01 00:00+08:00", "-023-01-01 00:00", "2023-01-01 00:00:01x"})
    EXPECT_FALSE(parse_moment(text)) << text;
}

}  // namespace
}  // namespace socle
