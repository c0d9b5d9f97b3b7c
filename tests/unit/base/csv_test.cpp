#include "socle/base/csv.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_csv(text, "a.csv");
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(Csv, ReadsQuotesCommasAndLineEndsInsideCells) {
  const CsvTable table = parse_csv("\xEF\xBB\xBFid,note\r\n1,\"a, \"\"b\"\"\nc\"\r\n2,\r\n", "a.csv");
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.cell(0, "note"), "a, \"b\"\nc");
  EXPECT_EQ(table.cell(1, "note"), "");
  EXPECT_EQ(table.line(1), 4);
  EXPECT_EQ(table.number(0, "id"), 1.0);
  EXPECT_EQ(table.number(1, "note"), std::nullopt);
}

TEST(Csv, ReportsEveryRaggedRowWithItsLine) {
  const std::string text = error_of("a,b\n1\n1,2\n1,2,3\n");
  EXPECT_NE(text.find("a.csv:2: 1 cells"), std::string::npos) << text;
  EXPECT_NE(text.find("a.csv:4: 3 cells"), std::string::npos) << text;
}

TEST(Csv, HostileTextIsACleanError) {
  for (const char* text : {"", "\n\n", "a,a\n", "a,\n", "a\n\"x", "a\n\"x\"y\n", "a\n\xff\n"}) {
    EXPECT_NE(error_of(text), "") << text;
  }
}

TEST(Csv, NumbersAreFiniteOrRefused) {
  const CsvTable table = parse_csv("x\nnan\ninf\n1e999\n1 GB\n1.5\n", "a.csv");
  for (std::size_t row = 0; row < 4; ++row) EXPECT_THROW(table.number(row, "x"), InputError) << row;
  EXPECT_THROW(table.integer(4, "x"), InputError);
}

TEST(Csv, NamesAMissingColumn) {
  EXPECT_THROW(parse_csv("tokens\n1\n", "a.csv").require_columns({"token"}), InputError);
}

TEST(Csv, WritesNothingThatATerminalOrASpreadsheetRuns) {
  EXPECT_EQ(write_csv({"x"}, {{"=1+1"}, {"@a"}, {"-a"}, {"-1.5"}, {"+2e3"}, {"a\x1b[31m\r"}}),
            "x\n'=1+1\n'@a\n'-a\n-1.5\n+2e3\na\\x1b[31m\\x0d\n");
}

TEST(Csv, ReadsBackWhatItWrites) {
  const std::vector<std::vector<std::string>> rows = {{"a,b", "x\ny"}, {"\"q\"", "z"}};
  const CsvTable table = parse_csv(write_csv({"p", "q"}, rows), "a.csv");
  EXPECT_EQ(table.row(0), rows[0]);
  EXPECT_EQ(table.row(1), rows[1]);
}

}  // namespace
}  // namespace socle
