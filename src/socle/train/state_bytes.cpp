#include "socle/train/state_bytes.hpp"

#include <algorithm>

#include "socle/workload/training_options.hpp"

namespace socle::train {

using workload::GradientType;
using workload::Optimizer;
using workload::TrainingJob;

namespace {

constexpr double kMaster = 4.0;
constexpr double kWeight = 2.0;  // the 16-bit weight that an update writes
// A scale in fp32 for each block of 256 (Dettmers et al. 2021, arXiv 2110.02861, and bitsandbytes: recall).
constexpr double kMoment8Bit = 1.0 + 4.0 / 256;

// Moments and what stands for the master weight beside the 16-bit one.
struct OptimizerBytes {
  double moments, master;
};

OptimizerBytes bytes_of(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::kAdam:
      return {8.0, kMaster};
    case Optimizer::kAdamBf16Moments:
      return {4.0, kMaster};
    case Optimizer::kAdam8Bit:
      return {2.0 * kMoment8Bit, kMaster};
    case Optimizer::kPrecisionAware:
      // Transformer Engine's FusedAdam keeps the lower 16 bits of the fp32 master beside the bf16 weight; moments in
      // bf16 as recipes set it (Megatron-Core 0.14.0 optimizer_config.py: exp_avg_dtype; fp32 unless set).
      return {4.0, 2.0};
    case Optimizer::kMuon:
    case Optimizer::kSgd:
      return {4.0, kMaster};
  }
  return {8.0, kMaster};
}

double optimizer_bytes(const TrainingJob& job, const catalog::Stack& stack) {
  // Without a kind, and whether masters are kept: what the stack has.
  if (!job.optimizer) return stack.optimizer_bytes - (job.master_weights.value_or(true) ? 0.0 : kMaster);
  const OptimizerBytes bytes = bytes_of(*job.optimizer);
  return bytes.moments + (job.master_weights.value_or(true) ? bytes.master : 0.0);
}

double gradient_bytes(const TrainingJob& job, const catalog::Stack& stack) {
  if (job.gradient_type) return *job.gradient_type == GradientType::kFp32 ? 4.0 : 2.0;
  const bool own = job.recipe == model::Recipe::kBf16 && stack.gradient_bytes_bf16 > 0;
  return own ? stack.gradient_bytes_bf16 : stack.gradient_bytes;
}

}  // namespace

memory::StateBytes state_bytes(const TrainingJob& job, const catalog::Stack& stack) {
  memory::StateBytes bytes{
      .weight = stack.narrow_weights ? model::bytes_per_element(model::gemm_type(job.recipe)) : 2.0,
      .gradient = gradient_bytes(job, stack),
      .optimizer = std::max(0.0, optimizer_bytes(job, stack))};
  if (job.lora && job.base_format != workload::BaseFormat::kBf16) {
    bytes.ends = bytes.weight;
    bytes.weight = workload::base_bytes(job.base_format);
  }
  return bytes;
}

bool fully_sharded(const catalog::Stack& stack, const workload::Layout& layout) {
  return stack.fully_shard && layout.sharding == workload::Sharding::kZero3;
}

memory::StateBytes held_bytes(const TrainingJob& job, const catalog::Stack& stack, const workload::Layout& layout) {
  memory::StateBytes bytes = state_bytes(job, stack);
  const bool master = job.master_weights.value_or(true) && job.optimizer != Optimizer::kPrecisionAware;
  if (fully_sharded(stack, layout) && master) bytes.optimizer = std::max(0.0, bytes.optimizer - kWeight);
  return bytes;
}

double gather_bytes(const TrainingJob& job, const catalog::Stack& stack) {
  const memory::StateBytes bytes = state_bytes(job, stack);
  return bytes.ends >= 0 ? bytes.weight : kWeight;
}

double reduce_bytes(const TrainingJob& job, const catalog::Stack& stack, const workload::Layout& layout) {
  const bool sharded = layout.sharding == workload::Sharding::kZero3 && stack.reduce_bytes_sharded > 0;
  if (!job.gradient_type) return sharded ? stack.reduce_bytes_sharded : stack.reduce_bytes;
  return *job.gradient_type == GradientType::kFp32 ? 4.0 : 2.0;
}

double update_traffic(const TrainingJob& job, const catalog::Stack& stack) {
  const double states = std::max(0.0, optimizer_bytes(job, stack));
  const double gradient = job.gradient_type ? gradient_bytes(job, stack) : stack.gradient_bytes;
  return 2.0 * states + gradient + kWeight;
}

Flops orthogonalisation(double rows, double columns) {
  constexpr double kIterations = 5.0;
  const double m = std::min(rows, columns), n = std::max(rows, columns);
  return Flops{kIterations * (4.0 * m * m * n + 2.0 * m * m * m)};
}

}  // namespace socle::train
