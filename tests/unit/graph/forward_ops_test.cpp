#include "socle/graph/forward_ops.hpp"

#include <gtest/gtest.h>

#include "socle/catalog/catalog.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::graph {
namespace {

struct Sum {
  double flops = 0, launches = 0;
};

Sum sum(const std::vector<Op>& ops) {
  Sum all;
  for (const Op& op : ops) {
    all.launches += op.launches;
    if (op.kind == OpKind::kGemm) all.flops += 2.0 * op.m * op.n * op.k * op.batch;
  }
  return all;
}

// The reference of DeepSeek-V3.2 multiplies by wq_b (1536 x 64 x 128), wk (7168 x 128) and weights_proj (7168 x 64),
// and has eight kernels between them: norm of the key, two rotary embeddings, two rotations, two casts, scaling.
TEST(ForwardOps, AnIndexerIsThreeProductsAndEightPasses) {
  const catalog::Catalog catalog;
  const model::Transformer plain = setup::load_model(catalog, "deepseek-v3");
  const model::Transformer sparse = setup::load_model(catalog, "deepseek-v3.2");
  const Sum without = sum(mixer_forward(plain, plain.kinds[1].mixer, 8, 4));
  const Sum with = sum(mixer_forward(sparse, sparse.kinds[1].mixer, 8, 4));
  EXPECT_DOUBLE_EQ(with.flops - without.flops, 2.0 * 4 * (1536.0 * 64 * 128 + 7168.0 * (128 + 64)));
  EXPECT_DOUBLE_EQ(with.launches - without.launches, 3 + 8);
}

}  // namespace
}  // namespace socle::graph
