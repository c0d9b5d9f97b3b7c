#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "socle/base/check.hpp"
#include "socle/train/schedules/schedules.hpp"

namespace socle::train {
namespace {

constexpr int kTurn = 6;       // slots of a microbatch on a stage: forward, data and weight gradient of two chunks
constexpr int kGapsMost = 12;  // some gaps up to here keep the slots of every pipeline apart (they depend on p mod 6)

// Slots of one microbatch on one stage, by kind: forward, data gradient, weight gradient of chunk 0, then of chunk 1.
using Slots = std::array<int, kTurn>;

int slot_of(TaskKind kind, int chunk) { return 3 * chunk + static_cast<int>(kind); }

bool taken(const Slots& slots, int slot) {
  return std::any_of(slots.begin(), slots.end(), [&](int other) { return other >= 0 && (other - slot) % kTurn == 0; });
}

// The block with these waits at the three turning points; nothing where two tasks of a stage would meet.
std::optional<std::vector<Slots>> try_block(const BlockOffsets& by, int stages, const std::array<int, 3>& gaps) {
  std::vector<Slots> block(static_cast<std::size_t>(stages));
  for (Slots& slots : block) slots.fill(-1);
  const auto lay = [&](int stage, TaskKind kind, int chunk, int slot) {
    Slots& slots = block[static_cast<std::size_t>(stage)];
    const bool free = !taken(slots, slot);
    slots[static_cast<std::size_t>(slot_of(kind, chunk))] = slot;
    return free;
  };
  const int last = stages - 1;
  const int up = by.forward_down * last + 1 + gaps[0], back = up + by.forward_up * last + 1 + gaps[1];
  const int home = back + by.backward_down * last + 1 + gaps[2];
  for (int s = 0; s < stages; ++s) {
    if (!lay(s, TaskKind::kForward, 0, by.forward_down * s) ||
        !lay(s, TaskKind::kForward, 1, up + by.forward_up * (last - s)) ||
        !lay(s, TaskKind::kBackward, 1, back + by.backward_down * s) ||
        !lay(s, TaskKind::kBackward, 0, home + by.backward_up * (last - s)))
      return std::nullopt;
    for (const int chunk : {1, 0}) {  // the first free slot behind the data gradient
      Slots& slots = block[static_cast<std::size_t>(s)];
      int slot = slots[static_cast<std::size_t>(slot_of(TaskKind::kBackward, chunk))] + 1;
      while (taken(slots, slot)) ++slot;
      slots[static_cast<std::size_t>(slot_of(TaskKind::kWeight, chunk))] = slot;
    }
  }
  return block;
}

// The block with the shortest waits, the earlier ones first.
std::vector<Slots> building_block(const BlockOffsets& by, int stages) {
  for (int sum = 0; sum <= kGapsMost; ++sum) {
    for (int first = 0; first <= sum; ++first) {
      for (int second = 0; first + second <= sum; ++second) {
        if (auto block = try_block(by, stages, {first, second, sum - first - second})) return *std::move(block);
      }
    }
  }
  SOCLE_CHECK(false, "some waits keep the tasks of a stage apart");
  return {};
}

std::vector<Task> stage_order(const Slots& slots, int microbatches) {
  std::vector<std::tuple<int, Task>> at;
  at.reserve(static_cast<std::size_t>(kTurn) * static_cast<std::size_t>(microbatches));
  for (int m = 0; m < microbatches; ++m) {
    for (const int chunk : {0, 1}) {
      for (const TaskKind kind : {TaskKind::kForward, TaskKind::kBackward, TaskKind::kWeight})
        at.emplace_back(slots[static_cast<std::size_t>(slot_of(kind, chunk))] + kTurn * m,
                        Task{kind, static_cast<std::int16_t>(chunk), m});
    }
  }
  std::sort(at.begin(), at.end(), [](const auto& a, const auto& b) { return std::get<0>(a) < std::get<0>(b); });
  std::vector<Task> order;
  order.reserve(at.size());
  for (const auto& [slot, task] : at) order.push_back(task);
  return order;
}

}  // namespace

Program program_of_block(const BlockOffsets& by, int stages, int microbatches) {
  Program program{.stages = stages,
                  .chunks = 2,
                  .microbatches = microbatches,
                  .wiring = Wiring::kVee,
                  .splits_weight = true,
                  .tasks = {}};
  for (const Slots& slots : building_block(by, stages)) program.tasks.push_back(stage_order(slots, microbatches));
  return program;
}

std::vector<std::size_t> steady_of_block(const BlockOffsets& by, int stages) {
  std::vector<std::size_t> begin;
  for (const Slots& slots : building_block(by, stages)) {
    const int steady = *std::max_element(slots.begin(), slots.end()) + 1;
    std::size_t before = 0;
    for (const int slot : slots) before += static_cast<std::size_t>((steady - slot + kTurn - 1) / kTurn);
    begin.push_back(before);
  }
  return begin;
}

std::vector<int> held_of_block(const BlockOffsets& by, int stages, int microbatches) {
  std::vector<int> most;
  // A microbatch lives for p + 3 turns at most: 6 (p - 1) slots and the waits.
  for (const Slots& slots : building_block(by, stages)) {
    int held = 0, peak = 0;
    for (const Task& task : stage_order(slots, std::min(microbatches, 2 * stages + 6))) {
      held += task.kind == TaskKind::kForward ? 1 : task.kind == TaskKind::kWeight ? -1 : 0;
      peak = std::max(peak, held);
    }
    most.push_back(peak);
  }
  return most;
}

}  // namespace socle::train
