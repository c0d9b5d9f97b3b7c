// DeepSeek's published day, derived: docs/design/serving-closure.md.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/serve/fit.hpp"
#include "socle/api/serve.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/serve/step_model.hpp"
#include "socle/setup/deployment.hpp"
#include "socle/setup/model_catalog.hpp"
#include "socle/setup/serving_model.hpp"
#include "support/ask.hpp"

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
constexpr double kNodes = 226.75, kDollars = 87'072, kHourOfChip = 2.0;
// Lengths vary as in the Azure trace of conversations: answers by 0.77 of their mean, new text by 0.96. With answers of
// o tokens after prompts of 608 / 168 o, a token that is made has 608 / 168 o + o (1 + 0.77^2) / 2 = 4,989 before it.
constexpr double kAnswer = 1130, kPrompt = 4090;
constexpr int kPrefillNodes = 4, kDecodeNodes = 18;  // of a replica, as published

// Own figures move when kernels or overheads are fitted anew; further than this somebody has to look.
constexpr double kMoves = 0.03;

double nodes(double prefill_node, double decode_node) { return (kInput / prefill_node + kOutput / decode_node) / kDay; }

double day(double node_count) { return node_count * 8 * 24 * kHourOfChip; }

/// The published layouts at so many requests a second.
answer::ServeFigures serve_at(double rate, Flags flags) {
  flags.insert({{"--model", "deepseek-v3"},
                {"--chip", "h800"},
                {"--engine", "sglang"},
                {"--weights", "fp8-block"},
                {"--kv", "bf16"},
                {"--tp", "1"},
                {"--dp", "144"},
                {"--ep", "144"},
                {"--decode-replicas", "1"},
                {"--prefill-dp", "32"},
                {"--prefill-ep", "32"},
                {"--redundant-experts", std::to_string(kCopies)},
                {"--dual-batch", "true"},
                {"--skew", "0"},
                {"--mem-fraction-static", "0.8"},
                {"--output", "lognormal 1130 0.77"},
                {"--rate", std::to_string(rate)}});
  return api::serve(catalog::Catalog(), request_of({.flags = flags}), {.curve = false}).result.figures;
}

/// The highest rate between two at which the objectives are kept, to 2 %. Kept at the lower, missed at the higher.
double capacity(double low, double high, const Flags& flags) {
  const auto kept = [&](double rate) { return serve_at(rate, flags).share_met >= 0.99; };
  EXPECT_TRUE(kept(low));
  EXPECT_FALSE(kept(high));
  while (high > 1.02 * low) (kept((low + high) / 2) ? low : high) = (low + high) / 2;
  return (low + high) / 2;
}

TEST(ServingClosure, ThePublishedFiguresCloseAmongThemselves) {
  // 95.5 + 131.4 = 226.9 nodes, and 226.75 nodes are 87,072 USD a day.
  EXPECT_NEAR(nodes(kPrefillNode, kDecodeNode) / kNodes, 1.0, 0.001);
  EXPECT_DOUBLE_EQ(day(kNodes), kDollars);
}

// First tokens within 5 s and later ones within 50 ms (published: 20 to 22 a second) for 99 % of the requests.
TEST(ServingClosure, ADayOfDeepSeek) {
  // Four turns, of which each has 940 new tokens: prompts of 4,045 on average, 57 % of them said before.
  const double prompts = capacity(58, 78,
                                  {{"--chips", "176"},
                                   {"--prefill-replicas", "1"},
                                   {"--turns", "4"},
                                   {"--input", "lognormal 940 0.96"},
                                   {"--router", "session"},
                                   {"--kv-host", "8TB"},
                                   {"--num-requests", "40000"},
                                   {"--slo-ttft", "5 s"}});
  const double answers = capacity(220, 290,
                                  {{"--chips", "592"},
                                   {"--prefill-replicas", "14"},
                                   {"--input", "lognormal 4090 0.96"},
                                   {"--num-requests", "80000"},
                                   {"--slo-tpot", "50 ms"}});
  const double in = prompts * kPrompt / kPrefillNodes, out = answers * kAnswer / kDecodeNodes;
  EXPECT_NEAR(in / kPrefillNode, 1.0, 0.1) << in;
  EXPECT_NEAR(out / kDecodeNode, 1.0, 0.1) << out;
  EXPECT_NEAR(nodes(in, out) / kNodes, 1.0, 0.1) << nodes(in, out);
  EXPECT_NEAR(day(nodes(in, out)) / kDollars, 1.0, 0.1);
}

// What a division of tokens by a full step's rate gives: ranks that never wait for each other.
TEST(ServingClosure, RequestsAllAlikeAreTooFast) {
  Replica prefill("h800", 32);
  // 8 prompts on each chip, 43.7 % of them new: 14,300 tokens in a step, of the 16K of the published profile.
  const double in = 8.0 * 8 * kPrompt / prefill.prompts(8, 1787, 2303);
  EXPECT_NEAR(in / 120.7e3, 1.0, kMoves);  // published: 73.7k
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
