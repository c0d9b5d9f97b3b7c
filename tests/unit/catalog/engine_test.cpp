#include "socle/catalog/engine.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::catalog {
namespace {

constexpr double kGiB = 1073741824.0;

std::string resolved(const char* name) { return resolve_engine(Catalog(), name).slug; }

std::string refusal(const char* name) {
  try {
    return resolve_engine(Catalog(), name).slug;
  } catch (const InputError& error) { return error.what(); }
}

TEST(Engines, AVersionIsOfTheLineThatHoldsIt) {
  EXPECT_EQ(resolved("vllm-0.19"), "vllm-0.17");
  EXPECT_EQ(resolved("vLLM 0.19.1"), "vllm-0.17");
  EXPECT_EQ(resolved("vllm==0.8.5"), "vllm-0.8");
  EXPECT_EQ(resolved("vllm-0.10"), "vllm-0.8");  // ten, not one
  EXPECT_EQ(resolved("sglang-0.5.6.post2"), "sglang-0.5");
  EXPECT_EQ(resolved("vllm-ascend-0.11.0rc1"), "vllm-ascend-0.11");
  EXPECT_EQ(resolved("tensorrt-llm-1.1.0rc2.post2"), "tensorrt-llm-1.1");
  EXPECT_EQ(resolved("tensorrt-llm-1.0.0rc3"), "tensorrt-llm-1.0");
}

TEST(Engines, AFamilyIsItsNewestLineAndNewerVersionsTakeIt) {
  const std::string newest = resolved("vllm");
  EXPECT_EQ(resolved("vllm-9.9"), newest);
  EXPECT_EQ(resolved("vllm-ascend"), "vllm-ascend-0.11");
}

TEST(Engines, UnknownOnesAreToldWhatIsNear) {
  EXPECT_NE(refusal("vlm").find("did you mean \"vllm\""), std::string::npos) << refusal("vlm");
  EXPECT_NE(refusal("vllm-0.2").find("write vllm-0.6 or newer"), std::string::npos) << refusal("vllm-0.2");
  EXPECT_NE(refusal("").find("unknown engine"), std::string::npos);
}

// Source: vllm-project/vllm v0.11.0, vllm/engine/arg_utils.py.
TEST(Engines, LimitsFollowTheChip) {
  const Engine engine = resolve_engine(Catalog(), "vllm-0.11");
  EXPECT_EQ(limits_on(engine, "h100-sxm", Bytes{79 * kGiB}).max_num_batched_tokens, 8192);
  EXPECT_EQ(limits_on(engine, "a100-sxm-80gb", Bytes{79 * kGiB}).max_num_batched_tokens, 2048);
  EXPECT_EQ(limits_on(engine, "l40s", Bytes{44 * kGiB}).max_num_seqs, 256);
  const Engine before = resolve_engine(Catalog(), "vllm-0.8");
  EXPECT_EQ(limits_on(before, "a100-sxm-80gb", Bytes{79 * kGiB}).max_num_seqs, 1024);
}

// 1, 2, 4, then every eighth up to 512: 67 sizes; from 0.14 on every sixteenth beyond 256: 51.
TEST(Engines, GraphsAreCapturedForTheSizesOfTheirVersion) {
  EXPECT_EQ(captured_sizes(resolve_engine(Catalog(), "vllm-0.8"), 512).size(), 67u);
  EXPECT_EQ(captured_sizes(resolve_engine(Catalog(), "vllm-0.16"), 512).size(), 51u);
  EXPECT_EQ(captured_sizes(resolve_engine(Catalog(), "vllm-0.16"), 8), (std::vector<int>{1, 2, 4, 8}));
}

TEST(Engines, EachHasASourceForEveryGroupOfFacts) {
  for (const Engine& engine : load_engines(Catalog())) {
    for (const std::string* source : {&engine.scheduler_source, &engine.limits_source, &engine.graphs_source,
                                      &engine.memory.source, &engine.provenance.source, &engine.provenance.checked})
      EXPECT_FALSE(source->empty()) << engine.slug;
    EXPECT_EQ(resolve_engine(Catalog(), engine.slug).slug, engine.slug);
    EXPECT_EQ(resolve_engine(Catalog(), engine.family + "-" + engine.to).slug, engine.slug);
    EXPECT_FALSE(engine.step_fixed || engine.step_per_sequence || engine.request) << engine.slug << ": not fitted yet";
  }
}

TEST(Engines, AMalformedFileIsRefusedWithEveryProblem) {
  const Catalog own(
      {{"engines/mine-1.0.toml", "name = \"Mine\"\nfamily = \"mine\"\n[memory]\nshare = \"all\"\n", "mine.toml"}});
  try {
    load_engines(own);
    FAIL();
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("share = \"all\" is unknown"), std::string::npos) << text;
    EXPECT_NE(text.find("limits"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace socle::catalog
