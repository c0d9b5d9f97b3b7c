#include <cstdio>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/text_table.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

TEST(ParallelFor, FillsEverySlotOnceForAnyNumberOfThreads) {
  for (unsigned threads : {0u, 1u, 2u, 7u}) {
    std::vector<int> slots(1000, 0);
    parallel_for(slots.size(), threads, [&](std::size_t i) { slots[i] += static_cast<int>(i); });
    for (std::size_t i = 0; i < slots.size(); ++i) EXPECT_EQ(slots[i], static_cast<int>(i));
  }
  parallel_for(0, 4, [](std::size_t) { FAIL(); });
}

TEST(ParallelFor, PassesAnExceptionOn) {
  EXPECT_THROW(parallel_for(100, 4,
                            [](std::size_t i) {
                              if (i == 50) throw std::runtime_error("x");
                            }),
               std::runtime_error);
}

TEST(Suggest, FindsTheNearestName) {
  const std::vector<std::string> names = {"h100-sxm", "h800", "nodes", "tokens"};
  EXPECT_EQ(nearest_name("ndoes", names), "nodes");
  EXPECT_EQ(nearest_name("H100", names), "h100-sxm");
  EXPECT_EQ(nearest_name("zzzzzz", names), std::nullopt);
  EXPECT_EQ(nearest_name("", names), std::nullopt);
  EXPECT_EQ(edit_distance("abcd", "acbd"), 1);
}

TEST(Errors, NameFileLineAndColumn) {
  EXPECT_EQ(render({"a.toml", 7, 1, "tp", "tp = 12"}), "a.toml:7:1: tp = 12");
  EXPECT_EQ(render({"a.toml", 0, 0, "", "empty"}), "a.toml: empty");
  EXPECT_EQ(render({"", 0, 0, "", "empty"}), "empty");
}

TEST(Errors, ComeInTheOrderOfTheSource) {
  Problems problems;
  problems.add({"a", 9, 1, "", "late"});
  problems.add({"a", 2, 1, "", "early"});
  try {
    problems.throw_if_any();
    FAIL();
  } catch (const InputError& error) { EXPECT_STREQ(error.what(), "a:2:1: early\na:9:1: late"); }
}

TEST(Utf8, RefusesOverlongSurrogateAndTruncatedForms) {
  EXPECT_EQ(find_invalid_utf8("a\u4e2d\U0001F600"), std::nullopt);
  for (const char* text : {"\xC0\x80", "\xED\xA0\x80", "\xE4\xB8", "\x80", "\xF5\x80\x80\x80"}) {
    EXPECT_EQ(find_invalid_utf8(text), 0u);
  }
}

TEST(TextTable, AlignsNumbersRightAndChineseByItsWidth) {
  TextTable table({{"chip"}, {"TFLOP/s", Align::kRight}});
  table.add_row({"\u6607\u817e", "376"});
  table.add_row({"h100", "989.4"});
  EXPECT_EQ(table.str(), "chip  TFLOP/s\n----  -------\n\u6607\u817e      376\nh100    989.4\n");
}

TEST(TextTable, NeverPassesItsWidth) {
  TextTable table({{"name"}, {"note"}}, 40);
  table.add_row({std::string(30, 'x'), std::string(90, 'y')});
  const std::string text = table.str();
  for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    EXPECT_LE(end - at, 40u);
  }
}

TEST(FileIo, WritesWholeFilesAndRefusesWhatItCannotRead) {
  const std::string path = testing::TempDir() + "socle_file_io_test.txt";
  write_file(path, "abc");
  EXPECT_EQ(read_file(path), "abc");
  EXPECT_THROW(read_file(path, 2), InputError);
  std::remove(path.c_str());
  EXPECT_THROW(read_file(path), InputError);
  EXPECT_THROW(read_file(testing::TempDir()), InputError);
  EXPECT_THROW(write_file(testing::TempDir() + "no/such/dir/x", "abc"), InputError);
}

}  // namespace
}  // namespace socle
