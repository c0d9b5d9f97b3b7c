// What low-rank adapters add to a step.
#include <gtest/gtest.h>

#include "socle/catalog/catalog.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/serve/step_model.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::serve {
namespace {

/// Llama 3.1 8B on one H100, with 32 slots of rank 16.
struct Ground {
  catalog::Catalog catalog;
  machine::MachineBuilder machines{catalog};
  machine::Machine machine{machines.build({.chip = "h100-sxm", .nic_per_chip = {}}, catalog::Stack{})};
  Served served{.model = setup::load_model(catalog, "llama-3.1-8b"), .adapters = {.slots = 32, .host = 32, .rank = 16}};
  StepCosts costs{served, machine, machines.serving_kernels("h100-sxm")};
};

TEST(AdapterTime, ReadsEachDistinctAdapterOnce) {
  // Llama 3.1 8B at rank 16: 41.9 M weights an adapter, 84 MB: from 2 to 22 distinct ones, 20 x 84 MB more are read:
  // at 3.35 TB/s no less than 0.5 ms, and no more than twice that, at half the rate.
  const Ground ground;
  const double more = (ground.costs.adapters(32, 22) - ground.costs.adapters(32, 2)).value();
  const double least = 20 * 41'943'040 * 2.0 / 3.35e12;
  EXPECT_GT(more, least);
  EXPECT_LT(more, 2 * least);
}

TEST(AdapterTime, AStepWithoutAdaptersTakesWhatItTookBefore) {
  const Ground ground;
  const auto time = [&](const LaneStep& lane) {
    StepModel model(ground.costs, {.adapter_from_host = Seconds{0.005}, .adapter_from_disk = Seconds{0.05}});
    return net::to_seconds(model.time({&lane, 1}).first).value();
  };
  const LaneStep plain{.decoding = 16, .context16 = 16 * 16 * 500, .growth16 = 16 * 16};
  LaneStep adapted = plain, copied = plain;
  adapted.adapters = 4;
  adapted.decoding_adapted = 16;
  copied = adapted;
  copied.loads = {.from_host = 2, .from_disk = 1};
  EXPECT_GT(time(adapted), time(plain));
  EXPECT_NEAR(time(copied) - time(adapted), 2 * 0.005 + 0.05, 1e-9);
}

}  // namespace
}  // namespace socle::serve
