// DeepSeek's published day, derived: docs/design/serving-closure.md.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "socle/answer/serve/fit.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/serve/step_model.hpp"
#include "socle/setup/deployment.hpp"
#include "socle/setup/model_catalog.hpp"
#include "socle/setup/serving_model.hpp"

namespace socle::test {
namespace {

constexpr int kCopies = 32;  // redundant experts: 9 on each chip of EP32, 2 on each of EP144

/// A replica of DeepSeek-V3 under SGLang's defaults: fp8 blocks, bf16 cache, balanced experts, two half batches.
class Replica {
 public:
  Replica(const std::string& chip, int ranks, int copies = kCopies) : ranks_(ranks) {
    model::Transformer model = setup::load_model(catalog_, "deepseek-v3");
    for (model::Layer& layer : model.kinds)
      if (layer.feed_forward.experts > 0) layer.feed_forward.experts += copies;
    model::ServingFormats formats = *setup::published_formats(model.weight_format);
    formats.kv = model::DataType::kBf16;
    const setup::ServeSetup setup =
        setup::set_up_served(model, catalog::resolve_engine(catalog_, "sglang"), catalog_.chip(chip), formats);
    const workload::ServingLayout layout{.data_parallel = ranks, .expert_parallel = ranks};
    const answer::FitRow row = answer::fit_row(setup, layout);
    deployment_ =
        setup::deploy(setup, layout, *row.memory, catalog::load_serving_timing(catalog_, "sglang", setup.chip.slug));
    deployment_.served.skew = 0;
    deployment_.served.dual_batch = true;
    machine_.emplace(machines_.build({.chip = chip, .nic_per_chip = {}}, catalog::Stack{}));
    kernels_ = &machines_.serving_kernels(chip);
    set_costs();
  }

  /// From now on steps are not cut in two.
  void run_whole() {
    deployment_.served.dual_batch = false;
    set_costs();
  }

  /// Seconds of a step of so many prompts on each chip, each of so many tokens after so many that are cached.
  double prompts(int count, std::int64_t tokens, std::int64_t cached) {
    std::vector<serve::Chunk> chunks(static_cast<std::size_t>(count), {.tokens = tokens, .context = cached});
    return step({.chunks = chunks, .ending = count});
  }

  /// Seconds of a step of so many sequences on each chip.
  double decodes(std::int64_t sequences, std::int64_t context) {
    return step({.decoding = sequences, .context16 = 16 * sequences * context, .growth16 = 16 * sequences});
  }

 private:
  double step(const serve::LaneStep& lane) {
    return net::to_seconds(timer_->time(std::vector<serve::LaneStep>(static_cast<std::size_t>(ranks_), lane)).first)
        .value();
  }

  void set_costs() {
    costs_.emplace(deployment_.served, *machine_, *kernels_);
    timer_.emplace(*costs_, deployment_.timing);
  }

  int ranks_;
  catalog::Catalog catalog_;
  machine::MachineBuilder machines_{catalog_};
  setup::Deployment deployment_;
  std::optional<machine::Machine> machine_;
  const kernel::ServingKernels* kernels_ = nullptr;
  std::optional<serve::StepCosts> costs_;
  std::optional<serve::StepModel> timer_;
};

// What DeepSeek published of 24 hours: tokens in, of which 56.3 % were found cached, tokens out, tokens a second of a
// node of each side, mean tokens in the cache of a token that is made.
constexpr double kDay = 86400, kInput = 608e9, kOutput = 168e9, kPrefillNode = 73.7e3, kDecodeNode = 14.8e3;
constexpr double kNodes = 226.75, kHourOfChip = 2.0, kTokensPerUser = 21;  // 20 to 22
constexpr std::int64_t kContext = 4989;
// Requests of i in and o out with i / o = 608 / 168 and i + o / 2 = 4989 on average: i = 4383, 1915 of them computed.
constexpr std::int64_t kComputed = 1915, kCached = 2468;

// Own figures move when kernels or overheads are fitted anew; further than this somebody has to look.
constexpr double kMoves = 0.03;

double nodes(double prefill_node, double decode_node) { return (kInput / prefill_node + kOutput / decode_node) / kDay; }

double day(double node_count) { return node_count * 8 * 24 * kHourOfChip; }

/// Tokens a second of a node when every user has so many a second.
double decode_node_at(Replica& replica, std::int64_t context, double tokens_per_user) {
  std::int64_t batch = 1;
  while (1.0 / replica.decodes(batch + 1, context) >= tokens_per_user) ++batch;
  return 8.0 * static_cast<double>(batch) / replica.decodes(batch, context);
}

TEST(ServingClosure, ThePublishedFiguresCloseAmongThemselves) {
  // 95.5 + 131.4 = 226.9 nodes, and 226.75 nodes are 87,072 USD a day.
  EXPECT_NEAR(nodes(kPrefillNode, kDecodeNode) / kNodes, 1.0, 0.001);
  EXPECT_DOUBLE_EQ(day(kNodes), 87'072.0);
}

// Not closed: 22 % fewer nodes than there were. The bar is 10 %. Why: docs/design/serving-closure.md.
TEST(ServingClosure, ADayOfDeepSeek) {
  Replica prefill("h800", 32), decode("h800", 144);
  // 8 prompts on each chip: 15,320 tokens in a step, of the 16K of the published profile.
  const double in = 8.0 * 8 * (kComputed + kCached) / prefill.prompts(8, kComputed, kCached);
  const double out = decode_node_at(decode, kContext, kTokensPerUser);
  EXPECT_NEAR(in / 120.7e3, 1.0, kMoves);  // published: 73.7k
  EXPECT_NEAR(out / 16.5e3, 1.0, kMoves);  // published: 14.8k
  EXPECT_NEAR(nodes(in, out) / 176, 1.0, kMoves);
  EXPECT_NEAR(day(nodes(in, out)) / 67.6e3, 1.0, kMoves);
}

TEST(ServingClosure, ProfilesOfOnePrefillAndOneDecodeStep) {
  Replica prefill("h800", 32), decode("h800", 128, 0);
  EXPECT_NEAR(4 * 4096 / prefill.prompts(4, 4096, 0) / 6'592, 1.0, kMoves);  // published: 7,839 of a chip
  EXPECT_NEAR(128 / decode.decodes(128, 4096) / 2'598, 1.0, kMoves);         // published: 2,324
}

TEST(ServingClosure, TwelveNodesOfH100UnderSglang) {
  // 2,000 tokens in; decode with 256 sequences on each chip, half of 100 tokens out behind.
  Replica prefill("h100-sxm", 32), decode("h100-sxm", 72);
  EXPECT_NEAR(8 * 16'000 / prefill.prompts(8, 2000, 0) / 53.9e3, 1.0, kMoves);  // published: 52.3k, within 10 %
  EXPECT_NEAR(8 * 256 / decode.decodes(256, 2050) / 32.8e3, 1.0, kMoves);       // published: 22.3k
}

TEST(ServingClosure, TwoHalvesHideTheExchanges) {
  Replica both("h800", 32);
  Replica alone("h800", 32);
  alone.run_whole();
  EXPECT_LT(both.prompts(4, 4096, 0), 0.65 * alone.prompts(4, 4096, 0));
}

}  // namespace
}  // namespace socle::test
