// Prompts computed apart from decodes, through the public face.
#include <gtest/gtest.h>

#include "socle/api/serve.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

const Flags kQwen{{"--model", "qwen3-30b-a3b"}, {"--chip", "h100-sxm"}, {"--chips", "8"},    {"--tp", "1"},
                  {"--num-requests", "400"},    {"--rate", "8"},        {"--input", "2000"}, {"--output", "100"},
                  {"--max-model-len", "32768"}};

api::ServeAnswer serve(Flags flags) {
  flags.insert(kQwen.begin(), kQwen.end());
  return api::serve(catalog::Catalog(), request_of({.flags = flags}), {.curve = false});
}

std::string refusal(const Flags& flags) {
  try {
    serve(flags);
    return {};
  } catch (const InputError& error) { return error.what(); }
}

TEST(ServeApart, HalfOfASeparatePrefillIsRefused) {
  EXPECT_NE(refusal({{"--prefill-replicas", "2"}}).find("say decode_replicas as well"), std::string::npos);
  EXPECT_NE(refusal({{"--decode-replicas", "2"}}).find("say prefill_replicas as well"), std::string::npos);
  EXPECT_NE(refusal({{"--prefill-tp", "2"}}).find("say prefill_replicas and decode_replicas"), std::string::npos);
  const std::string both = refusal({{"--prefill-replicas", "1"}, {"--decode-replicas", "1"}, {"--replicas", "2"}});
  EXPECT_NE(both.find("replicas"), std::string::npos);
}

TEST(ServeApart, BothSidesAreReported) {
  const api::ServeAnswer answer =
      serve({{"--prefill-replicas", "2"}, {"--decode-replicas", "1"}, {"--prefill-tp", "2"}});
  const answer::ServeResult& result = answer.result;
  ASSERT_TRUE(result.prefill && result.figures.apart);
  EXPECT_EQ(result.prefill->row.layout.tensor_parallel, 2);
  EXPECT_EQ(result.chips, 2 * 2 + 1);
  EXPECT_EQ(result.figures.requests, 400);
  // 48 layers x 2 x 4 heads x 128 x 2 bytes = 98,304 a token; 2,000 tokens over one chip's 0.95 x 50 GB/s take
  // 4.14 ms, 8 us more of latency, and longer where they meet.
  EXPECT_EQ(result.prefill->cache_per_token, Bytes{98304});
  EXPECT_GT(result.figures.apart->transfer_mean, Seconds{4.14e-3});
  EXPECT_LT(result.figures.apart->transfer_mean, Seconds{4.6e-3});
  EXPECT_GT(result.figures.apart->prefill_busy_share, 0.1);
  EXPECT_LT(result.figures.apart->prefill_busy_share, result.figures.apart->decode_busy_share);
  EXPECT_NE(api::text(answer).find("2 prefill replicas of 2 x H100"), std::string::npos);
  EXPECT_NE(api::json(answer).find("\"transfer_p99_s\""), std::string::npos);
}

TEST(ServeApart, PromptsDoNotHoldUpTokens) {
  // Both have two replicas of one chip. Together, steps with prompts of 2,000 tokens stand between tokens.
  const answer::ServeFigures apart = serve({{"--prefill-replicas", "1"}, {"--decode-replicas", "1"}}).result.figures;
  const answer::ServeFigures together = serve({{"--replicas", "2"}}).result.figures;
  EXPECT_LT(apart.itl.p99, 0.5 * together.itl.p99);
}

TEST(ServeApart, CopiesOfExpertsMakeALayoutPossible) {
  const Flags wide{{"--model", "deepseek-v3"},
                   {"--chip", "h800"},
                   {"--chips", "144"},
                   {"--tp", "1"},
                   {"--dp", "144"},
                   {"--ep", "144"}};
  const auto fit = [&](Flags flags) {
    flags.insert(wide.begin(), wide.end());
    return api::serve_fit(catalog::Catalog(), request_of({.flags = flags}));
  };
  EXPECT_THROW(fit({}), InputError);
  // 256 + 32 experts over 144 chips are 2 in each of 58 layers, 3 x 7168 x 2048 weights of a byte and scales each.
  const api::ServeFitAnswer answer = fit({{"--redundant-experts", "32"}});
  EXPECT_NEAR(answer.result.chosen.memory->weights.experts.value() / (2 * 58 * 3.0 * 7168 * 2048), 1.0, 0.001);
  EXPECT_NE(refusal({{"--model", "llama-3.1-8b"}, {"--redundant-experts", "8"}}).find("has no experts"),
            std::string::npos);
}

}  // namespace
}  // namespace socle::test
