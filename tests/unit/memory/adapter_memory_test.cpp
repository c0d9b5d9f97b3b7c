#include <gtest/gtest.h>

#include "socle/memory/serving_memory.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::memory {
namespace {

model::Transformer llama_8b() {
  // hidden 4096, 32 layers, 32 heads of 128 with 8 for keys and values, blocks of 14336, gated.
  return setup::load_model(catalog::Catalog(), "llama-3.1-8b");
}

TEST(AdapterMemory, IsWhatTrainersCountForAllMatrices) {
  // A layer and unit of rank: query 4096 + 4096, key and value 4096 + 1024 each, output 4096 + 4096, gate and up 4096 +
  // 14336 each, down 14336 + 4096: 81,920. Times 32 layers, rank 16, 2 bytes: 41,943,040 parameters, as PEFT prints.
  const AdapterBytes all = adapter_bytes(llama_8b(), {}, {.slots = 1, .host = 1, .rank = 16});
  EXPECT_EQ(all.whole, Bytes{41'943'040 * 2.0});
  EXPECT_EQ(all.on_chip, all.whole);
  EXPECT_EQ(all.matrices, 32 * 7 * 2);
}

TEST(AdapterMemory, ColumnsKeepTheirDownHalfWholeAndRowsTheirUpHalf) {
  // tp 2, attention alone: query, key, value 3 x 4096 + (4096 + 2 x 1024) / 2, output 4096 / 2 + 4096: 21,504.
  const AdapterBytes half =
      adapter_bytes(llama_8b(), {.tensor_parallel = 2}, {.slots = 1, .host = 1, .rank = 8, .attention_only = true});
  EXPECT_EQ(half.on_chip, Bytes{21'504 * 32 * 8 * 2.0});
}

TEST(AdapterMemory, SlotsTakeCacheAway) {
  ServingRules rules{.total = Bytes{80e9}};
  const ServingMemory without = serving_memory(llama_8b(), {}, {}, rules);
  rules.adapters = {.slots = 10, .host = 10, .rank = 16};
  const ServingMemory with = serving_memory(llama_8b(), {}, {}, rules);
  EXPECT_NEAR((without.kv_pool - with.kv_pool).value(), 10 * 41'943'040 * 2.0, 1.0);
}

}  // namespace
}  // namespace socle::memory
