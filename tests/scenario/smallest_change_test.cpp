#include <gtest/gtest.h>

#include "socle/base/json.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

std::string member_of(const Flags& flags, const char* member) {
  const Json answer = parse_json(train_text({.flags = flags, .json = true}).text, "answer");
  const Json* infeasible = answer.find("infeasible");
  return infeasible ? infeasible->find(member)->as_string() : "";
}

bool runs(const char* model, int nodes) {
  return train_text({.flags = {{"--model", model}, {"--cluster", "hgx-h100:" + std::to_string(nodes)}}}).feasible;
}

TEST(SmallestChange, IsANumberOfChipsThatIsFoundAndNotOneNodeMore) {
  // 70.6G parameters x 16 bytes of state: more than 8 chips of 80 GB, less than 16.
  EXPECT_EQ(member_of({{"--model", "llama-3-70b"}, {"--cluster", "hgx-h100:1"}}, "remedy"),
            "use 16 chips, the smallest number of whole nodes found on which it fits");
  EXPECT_FALSE(runs("llama-3-70b", 1));
  EXPECT_TRUE(runs("llama-3-70b", 2));
}

TEST(SmallestChange, IsFoundAmongNumbersThatAreNoPowersOfTwo) {
  // 671G parameters: 21 nodes divide 61 layers and the experts where 20 do not.
  EXPECT_EQ(member_of({{"--model", "deepseek-v3"}, {"--cluster", "hgx-h100:1"}}, "remedy"),
            "use 168 chips, the smallest number of whole nodes found on which it fits");
  EXPECT_TRUE(runs("deepseek-v3", 21));
  EXPECT_FALSE(runs("deepseek-v3", 20));
}

TEST(SmallestChange, OfPartOfANodeIsWholeNodes) {
  const Flags part{{"--model", "llama-3-70b"}, {"--chip", "h100-sxm"}, {"--chips", "4"}};
  EXPECT_EQ(member_of(part, "remedy"), "use 16 chips, the smallest number of whole nodes found on which it fits");
  const auto on = [](const char* chips) {
    return train_text({.flags = {{"--model", "llama-3-70b"}, {"--chip", "h100-sxm"}, {"--chips", chips}}}).feasible;
  };
  EXPECT_TRUE(on("16"));
  EXPECT_FALSE(on("8"));
}

TEST(SmallestChange, IsAKeyWithAValueThatFits) {
  Flags flags{{"--model", "llama-3-8b"}, {"--cluster", "hgx-h100:2"}, {"--global-batch", "100"}, {"--dp", "8"}};
  EXPECT_EQ(member_of(flags, "detail"), "microbatch * dp = 8 does not divide global_batch = 100");
  EXPECT_EQ(member_of(flags, "remedy"), "dp = 4 fits on these chips");
  flags["--dp"] = "4";
  EXPECT_TRUE(train_text({.flags = flags}).feasible);
}

TEST(SmallestChange, SaysWhichProductFails) {
  const Flags flags{
      {"--model", "mixtral-8x7b"}, {"--cluster", "hgx-h100:1"}, {"--tp", "2"}, {"--pp", "2"}, {"--ep", "8"}};
  EXPECT_EQ(member_of(flags, "detail"), "ep = 8 needs tp * cp * dp to be a multiple of it; they give 4");
  EXPECT_EQ(member_of({{"--model", "llama-3-8b"}, {"--cluster", "hgx-h100:1"}, {"--tp", "3"}}, "detail"),
            "tp * pp * cp = 3 does not divide 8 chips");
  EXPECT_EQ(member_of({{"--model", "deepseek-v3"}, {"--cluster", "hgx-h100:32"}, {"--ep", "7"}}, "detail"),
            "ep = 7 does not divide 256 experts");
  const Flags vee{{"--model", "llama-3-8b"}, {"--cluster", "hgx-h100:8"}, {"--pp", "32"}, {"--schedule", "zb-v"}};
  EXPECT_EQ(member_of(vee, "detail"), "pp * 2 chunks a stage of zb-v = 64, but the model has 32 layers");
}

TEST(SmallestChange, OfALayoutGivenWholeIsMoreCopiesOfIt) {
  const Flags flags{{"--model", "llama-3.1-405b"},
                    {"--cluster", "hgx-h100:2"},
                    {"--tp", "8"},
                    {"--pp", "1"},
                    {"--cp", "1"},
                    {"--dp", "2"},
                    {"--microbatch", "1"},
                    {"--schedule", "1f1b"},
                    {"--recompute", "full"},
                    {"--sharding", "zero3"}};
  EXPECT_NE(member_of(flags, "remedy").find("chips with more dp fit"), std::string::npos);
}

TEST(SmallestChange, StandsInTheVerdictOfAPlan) {
  const std::string plan =
      "[model]\nname = \"llama-3-70b\"\n[training]\ntokens = \"1T\"\n[[candidate]]\nnode = \"hgx-h100\"\nnodes = 1\n"
      "[[candidate]]\nnode = \"hgx-h100\"\nnodes = 8\n";
  EXPECT_NE(plan_text({.scenario = plan}).text.find("use 16 chips"), std::string::npos);
}

}  // namespace
}  // namespace socle::test
