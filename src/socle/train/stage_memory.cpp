#include "socle/train/stage_memory.hpp"

#include <algorithm>

#include "socle/train/state_bytes.hpp"

namespace socle::train {

using workload::Layout;
using workload::Schedule;

namespace {

// Chunk activations alive at once on a stage, from the schedule's definition (the same that peak_held finds).
double chunks_in_flight(const Layout& layout, int stage, int microbatches) {
  const int p = layout.pipeline_parallel;
  const int v = layout.virtual_pipeline;
  switch (layout.schedule) {
    case Schedule::kGPipe:
      return microbatches;
    case Schedule::kOneFOneB:
      return std::min(microbatches, p - stage);
    case Schedule::kInterleaved: {
      if (v == 1) return std::min(microbatches, p - stage);
      const int groups = std::max(1, microbatches / p);
      const int largest = (microbatches + groups - 1) / groups;
      const int total = microbatches * v;
      return microbatches <= p ? total : std::min(total, 2 * (p - 1 - stage) + (v - 1) * largest + 1);
    }
    case Schedule::kZbH1:
      return std::min(microbatches, p);
    case Schedule::kZbV:
      return std::min(2 * microbatches, 2 * p);
    case Schedule::kVHalf:
    case Schedule::kVMin:
      return held_of_block(*schedule_block(layout.schedule), p, microbatches)[static_cast<std::size_t>(stage)];
    case Schedule::kDualPipe:
      return std::min(microbatches, p + 1);
  }
  return microbatches;
}

Bytes replayed_activations(const StageCosts& costs, const Program& program, int stage) {
  std::vector<Bytes> held;
  held.reserve(static_cast<std::size_t>(costs.chunks));
  for (int c = 0; c < costs.chunks; ++c) held.push_back(costs.at(stage, c).held);
  return peak_held(program, stage, held);
}

// Activations of all chunks of a stage for one microbatch.
Bytes held_once(const StageCosts& costs, int stage) {
  Bytes sum{};
  for (int c = 0; c < costs.chunks; ++c) sum += costs.at(stage, c).held;
  return sum;
}

}  // namespace

std::vector<memory::StageMemory> stage_memories(const StageCosts& costs, const Program& program, const Layout& layout,
                                                const machine::Machine& machine, const workload::TrainingJob& job) {
  const catalog::Stack& stack = machine.stack();
  const memory::StateBytes bytes = held_bytes(job, stack, layout);
  std::vector<memory::StageMemory> stages;
  stages.reserve(static_cast<std::size_t>(layout.pipeline_parallel));
  memory::StageMemory memory;
  Bytes held{};
  for (int s = 0; s < layout.pipeline_parallel; ++s) {
    const std::size_t i = static_cast<std::size_t>(s);
    if (!costs.repeats(s)) {
      memory = memory::state_memory(costs.parameters[i], bytes, layout);
      memory.buffers += costs.working[i] * stack.memory_overhead + stack.memory_reserve;
      held = held_once(costs, s);
    }
    const Bytes alive = program.tasks.empty() ? held / costs.chunks * chunks_in_flight(layout, s, program.microbatches)
                                              : replayed_activations(costs, program, s);
    memory.activations = alive * stack.memory_overhead;
    stages.push_back(memory);
    // Gradients that are freed after every step grow while the activations of the only microbatch shrink.
    if (fully_sharded(stack, layout) && program.microbatches == 1)
      stages.back().gradients = std::max(Bytes{}, memory.gradients - memory.activations);
  }
  return stages;
}

}  // namespace socle::train
