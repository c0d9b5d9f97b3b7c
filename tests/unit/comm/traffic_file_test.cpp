#include "socle/comm/traffic_file.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::comm {
namespace {

std::vector<Transfer> read(std::string_view text, std::uint32_t endpoints = 8, const EndpointLookup& named = {}) {
  return parse_traffic_csv(text, "t.csv", endpoints, named);
}

std::string error_of(std::string_view text) {
  try {
    read(text);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(TrafficFile, ReadsNumbersAndSizesInTheOrderOfRows) {
  const auto transfers = read("to,from,bytes\n1,0,64 MB\n 0 ,7,1500\n2,3,1.5e3\n");
  ASSERT_EQ(transfers.size(), 3u);
  EXPECT_EQ(transfers[0].from, 0u);
  EXPECT_EQ(transfers[0].to, 1u);
  EXPECT_EQ(transfers[0].bytes, Bytes{64e6});
  EXPECT_EQ(transfers[1].from, 7u);
  EXPECT_EQ(transfers[2].bytes, transfers[1].bytes);
}

// Endpoints named "1" and "2" have the numbers 0 and 1.
TEST(TrafficFile, ANameWinsOverANumber) {
  const EndpointLookup named = [](std::string_view name) -> std::optional<std::uint32_t> {
    if (name == "1") return 0;
    if (name == "2") return 1;
    return std::nullopt;
  };
  const auto transfers = read("from,to,bytes\n1,2,5\n", 2, named);
  EXPECT_EQ(transfers[0].from, 0u);
  EXPECT_EQ(transfers[0].to, 1u);
}

TEST(TrafficFile, ZerosSendNothingAlsoOnTheDiagonal) {
  EXPECT_EQ(read("from,to,bytes\n0,0,0\n0,1,0 B\n1,0,9\n").size(), 1u);
}

TEST(TrafficFile, EveryWrongRowIsNamedAtOnce) {
  const std::string text = error_of(
      "from,to,bytes\n0,0,1\n0,8,1\n-1,0,1\n0,1,-5\n0,1,nan\n0,1,inf\n0,1,2e18\n0,1,5 "
      "furlongs\nhost,1,5\n0,1\n0,1,\n0,1,-0.5 MB\n0,1,1e999\n");
  for (int line = 2; line <= 14; ++line)
    EXPECT_NE(text.find("t.csv:" + std::to_string(line) + ":"), std::string::npos) << line << "\n" << text;
}

TEST(TrafficFile, OneBadRowOfManyIsTheOneNamed) {
  std::string text = "from,to,bytes\n";
  for (int i = 0; i < 50000; ++i) text += i == 31415 ? "1,1,4\n" : "1,2,4\n";
  EXPECT_EQ(error_of(text), "t.csv:31417: \"1\" sends to itself, which no network carries; remove the row");
}

TEST(TrafficFile, AFileWrongThroughoutNamesAHundredRowsAndCountsTheRest) {
  std::string text = "from,to,bytes\n";
  for (int i = 0; i < 5000; ++i) text += "1,1,4\n";
  const std::string error = error_of(text);
  EXPECT_TRUE(error.starts_with("t.csv: 5000 problems in all")) << error.substr(0, 200);
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 100);
}

TEST(TrafficFile, HostileTextIsACleanError) {
  for (const char* text : {"", "from,to,bytes\n", "from,to\n0,1\n", "from,to,bytes\n0,1,\"5",
                           "from,to,bytes\n0,\xff,5\n", "from,to,bytes\n0,1,0\n"}) {
    EXPECT_NE(error_of(text), "") << text;
  }
}

}  // namespace
}  // namespace socle::comm
