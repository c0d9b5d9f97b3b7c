#include "socle/setup/mix_table.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::setup {
namespace {

std::string problems_of(const std::string& text) {
  try {
    (void)read_mix_table(text, "mix.csv");
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(MixTable, HasABucketARowAndAKindAColumn) {
  const MixTable table = read_mix_table(
      "bucket,rate,h20,ascend-910c\nprice,,8 CNY,11 CNY\nlimit,,64,\nshort,40,3.1,5.2\nlong,6,0.9,\n", "mix.csv");
  EXPECT_EQ(table.currency, Currency::kCny);
  ASSERT_EQ(table.question.kinds.size(), 2u);
  EXPECT_EQ(table.question.kinds[1].name, "ascend-910c");
  EXPECT_EQ(table.question.kinds[1].price, 11);
  EXPECT_EQ(table.question.kinds[0].limit, 64);
  EXPECT_FALSE(table.question.kinds[1].limit);
  ASSERT_EQ(table.question.buckets.size(), 2u);
  EXPECT_EQ(table.question.buckets[0].rate, 40);
  EXPECT_EQ(table.question.kinds[0].rates, (std::vector<double>{3.1, 0.9}));
  EXPECT_EQ(table.question.kinds[1].rates, (std::vector<double>{5.2, 0}));  // an empty cell: it does not serve them
}

TEST(MixTable, SaysWhatIsWrongByLine) {
  const std::string said = problems_of("bucket,rate,a,b\nprice,,1 USD,2 CNY\na,-1,x,2\na,1,1,1\nlimit,,1.5,\n");
  for (const char* part : {"mix.csv:2", "two currencies", "mix.csv:3", "\"-1\" is no rate", "\"x\" is no rate",
                           "stands twice", "mix.csv:5", "the limit \"1.5\""})
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
}

TEST(MixTable, NeedsKindsPricesAndBuckets) {
  EXPECT_NE(problems_of("bucket,rate\na,1\n").find("0 kinds of chips"), std::string::npos);
  EXPECT_NE(problems_of("bucket,rate,a\nx,1,2\n").find("no row \"price\""), std::string::npos);
  EXPECT_NE(problems_of("bucket,rate,a\nprice,,1 USD\n").find("0 buckets"), std::string::npos);
  EXPECT_NE(problems_of("rate,a\n1,2\n").find("bucket"), std::string::npos);
}

}  // namespace
}  // namespace socle::setup
