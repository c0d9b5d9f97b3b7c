#include <gtest/gtest.h>

#include "socle/base/json.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

api::CompareAnswer ask(const Flags& flags, const api::CompareQuestion& question) {
  return api::compare(catalog::Catalog(), request_of({.flags = flags}), question, {.threads = 0});
}

const Flags kLarge{{"--model", "llama-3-70b"}, {"--seq", "8192"}, {"--global-batch", "512"}};

TEST(Compare, TakesTheSmallestNumberOnWhichEveryChipRunsTheJob) {
  // 8 chips of 80 GB are too few (see SmallestChange); an H20 has 96 GB.
  const api::CompareAnswer answer = ask(kLarge, {.chips = {"h100-sxm", "h20"}});
  EXPECT_TRUE(answer.result.count_found);
  EXPECT_EQ(answer.result.count, 16);
  EXPECT_TRUE(answer.result.all_run());
  EXPECT_FALSE(ask(kLarge, {.chips = {"h100-sxm", "h20"}, .count = 8}).result.all_run());
  const std::string text = api::text(answer);
  EXPECT_NE(text.find("16 chips are the smallest number found"), std::string::npos) << text;
  EXPECT_NE(text.find("--match h100-sxm says"), std::string::npos);
}

TEST(Compare, OfMicrobatchesThatNoNumberOfChipsDividesIsAnswered) {
  // 4,096 sequences times the copies on a million chips is 2^32.
  Flags flags{{"--model", "llama-3-8b"}, {"--microbatch", "4096"}};
  EXPECT_FALSE(ask(flags, {.chips = {"h100-sxm", "h20"}}).result.all_run());
}

TEST(Compare, OfSizesWhoseProductsLeaveTheIntegersIsAnswered) {
  for (const Flags& flags : {Flags{{"--model", "mixtral-8x7b"}, {"--ep", "65536"}, {"--etp", "65536"}},
                             Flags{{"--model", "llama-3-8b"}, {"--pp", "8"}, {"--vpp", "1000000"}},
                             Flags{{"--model", "llama-3-8b"}, {"--tp", "65536"}, {"--cp", "65536"}}})
    EXPECT_FALSE(ask(flags, {.chips = {"h100-sxm", "h20"}, .count = 64}).result.all_run());
}

TEST(Compare, ExplainsTheFirstChipTooWhenItCannotRunTheJob) {
  const api::CompareAnswer answer = ask(kLarge, {.chips = {"h100-sxm", "h20"}, .count = 8});
  EXPECT_NE(api::text(answer).find("- H100-SXM5-80GB cannot run this job: none of"), std::string::npos)
      << api::text(answer);
}

TEST(Compare, GivesARowToAChipWhoseFactsAreNotPublic) {
  const api::CompareAnswer answer = ask(kLarge, {.chips = {"h100-sxm", "cambricon-mlu590", "h20"}});
  EXPECT_EQ(answer.result.chips[1].missing, (std::vector<std::string>{"memory", "memory_bandwidth"}));
  EXPECT_TRUE(answer.result.chips[0].planned.best && answer.result.chips[2].planned.best);
  EXPECT_NE(api::text(answer).find("Cambricon MLU590 cannot be judged; not public: memory, memory_bandwidth; suppose"),
            std::string::npos)
      << api::text(answer);
  const Json json = parse_json(api::json(answer), "answer");
  EXPECT_EQ(json.find("chips")->as_array()[1].find("missing_facts")->as_array().size(), 2u);
}

TEST(Compare, TriesSupposedFactsAndSaysSo) {
  const api::CompareAnswer answer =
      ask(kLarge, {.chips = {"h100-sxm", "cambricon-mlu590"},
                   .assume = "cambricon-mlu590.memory=\"64 GB\", cambricon-mlu590.memory_bandwidth=1 TB/s"});
  EXPECT_TRUE(answer.result.all_run());
  EXPECT_NE(api::text(answer).find("Supposed, not public: cambricon-mlu590.memory = 64 GB."), std::string::npos);
}

TEST(Compare, RefusesToSupposeWhatIsPublicOrNoFact) {
  const auto said = [](const std::string& assume) {
    try {
      ask(kLarge, {.chips = {"h100-sxm", "h20"}, .assume = assume});
    } catch (const InputError& error) { return std::string(error.what()); }
    return std::string();
  };
  EXPECT_NE(said("h20.memory_bandwidth=9 TB/s").find("is public"), std::string::npos);
  EXPECT_NE(said("h20.memory=64").find("has no unit"), std::string::npos);
  EXPECT_NE(said("h20.memry=64 GB").find("did you mean \"memory\""), std::string::npos) << said("h20.memry=64 GB");
  EXPECT_NE(said("memory").find("CHIP.FACT=VALUE"), std::string::npos);
  EXPECT_NE(said("h21.memory=64 GB").find("unknown chip"), std::string::npos);
}

TEST(Compare, MatchFindsHowManyKeepUp) {
  const api::CompareAnswer answer = ask(kLarge, {.chips = {"h100-sxm", "h20"}, .count = 32, .match = "h100-sxm"});
  const answer::ComparedChip &first = answer.result.chips[0], &second = answer.result.chips[1];
  EXPECT_EQ(first.planned.chips, 32);
  EXPECT_GE(second.tokens_per_second, first.tokens_per_second);
  // One H20 has 148 TFLOP/s of an H100's 989: about seven of them.
  EXPECT_GT(second.planned.chips, 5 * 32);
  EXPECT_NE(api::text(answer).find("keep up with 32 of H100-SXM5-80GB"), std::string::npos) << api::text(answer);
}

TEST(Compare, MatchGivesTheNumberOfEveryOtherChipWhicheverComesFirst) {
  const api::CompareAnswer answer =
      ask(kLarge, {.chips = {"h100-sxm", "a100-sxm-80gb"}, .count = 32, .match = "a100-sxm-80gb"});
  const std::string text = api::text(answer);
  EXPECT_NE(text.find("- 24 of H100-SXM5-80GB keep up with 32 of A100-SXM4-80GB"), std::string::npos) << text;
  EXPECT_EQ(text.find("of A100-SXM4-80GB keep up"), std::string::npos) << text;
  EXPECT_NE(text.find("chips"), std::string::npos);
}

std::string refusal(const api::CompareQuestion& question) {
  try {
    ask(kLarge, question);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(Compare, SaysWhyAChipCannotBeMatched) {
  const std::string missing =
      refusal({.chips = {"h100-sxm", "kunlunxin-p800"}, .count = 16, .match = "kunlunxin-p800"});
  EXPECT_NE(missing.find("--match: kunlunxin-p800 cannot be compared; not public: memory"), std::string::npos)
      << missing;
  EXPECT_NE(missing.find("--assume kunlunxin-p800.memory=VALUE"), std::string::npos) << missing;
  const std::string unknown = refusal({.chips = {"h100-sxm", "h20"}, .count = 16, .match = "h21"});
  EXPECT_NE(unknown.find("--match: unknown chip \"h21\""), std::string::npos) << unknown;
}

TEST(Compare, SaysInPlaceOfWhatAFactIsSupposed) {
  const std::string text =
      api::text(ask(kLarge, {.chips = {"h100-sxm", "h20"}, .count = 32, .assume = "h20.memory=500 GB"}));
  EXPECT_NE(text.find("Supposed in place of the catalogue's 96 GB: h20.memory = 500 GB."), std::string::npos) << text;
  EXPECT_NE(refusal({.chips = {"h100-sxm", "h20"}, .count = 32, .assume = "h20.memory=500 GB, h20.memory=400 GB"})
                .find("h20.memory is given twice"),
            std::string::npos);
  EXPECT_NE(refusal({.chips = {"h100-sxm", "h20"}, .count = 32, .assume = "b200.memory=500 GB"})
                .find("none of the chips compared"),
            std::string::npos);
}

TEST(Compare, SaysWhereNoCommonNumberIsFound) {
  Flags flags{{"--model", "deepseek-v3"}, {"--ep", "7"}};
  const api::CompareAnswer answer = ask(flags, {.chips = {"h100-sxm", "h20"}});
  EXPECT_FALSE(answer.result.count_found);
  const std::string text = api::text(answer);
  EXPECT_NE(text.find("none up to 1,000,000 chips was found"), std::string::npos) << text;
  EXPECT_NE(text.find("ep = 7 does not divide 256 experts"), std::string::npos) << text;
}

}  // namespace
}  // namespace socle::test
