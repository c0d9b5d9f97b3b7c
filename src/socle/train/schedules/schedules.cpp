#include "socle/train/schedules/schedules.hpp"

#include "socle/base/check.hpp"

namespace socle::train {

using workload::Schedule;

const std::vector<ScheduleEntry>& schedules() {
  static const std::vector<ScheduleEntry> entries = {
#define SOCLE_SCHEDULE(function, name, help) {name, help, &function},
#include "socle/train/schedules.def"
#undef SOCLE_SCHEDULE
  };
  return entries;
}

int schedule_chunks(Schedule schedule, int virtual_pipeline) {
  switch (schedule) {
    case Schedule::kInterleaved:
      return virtual_pipeline;
    case Schedule::kZbV:
    case Schedule::kVHalf:
    case Schedule::kVMin:
    case Schedule::kDualPipe:
      return 2;
    default:
      return 1;
  }
}

Wiring schedule_wiring(Schedule schedule) {
  if (schedule == Schedule::kDualPipe) return Wiring::kTwoWay;
  return workload::is_vee(schedule) ? Wiring::kVee : Wiring::kLoop;
}

std::optional<BlockOffsets> schedule_block(Schedule schedule) {
  if (schedule == Schedule::kVHalf) return v_half_block();
  if (schedule == Schedule::kVMin) return v_min_block();
  return std::nullopt;
}

Program make_program(Schedule schedule, int stages, int chunks, int microbatches, const TaskWeights& weights) {
  SOCLE_CHECK(stages >= 1 && chunks >= 1 && microbatches >= 1, "pipeline sizes are positive");
  return schedules()[static_cast<std::size_t>(schedule)].make(stages, chunks, microbatches, weights);
}

int Program::stage_at(int chain_position, int chunk_of_chain) const {
  switch (wiring) {
    case Wiring::kLoop:
      return chain_position % stages;
    case Wiring::kVee:
      return chain_position < stages ? chain_position : 2 * stages - 1 - chain_position;
    case Wiring::kTwoWay:
      return chunk_of_chain == 0 ? chain_position : stages - 1 - chain_position;
  }
  return 0;
}

int Program::chunk_at(int chain_position, int chunk_of_chain) const {
  return wiring == Wiring::kTwoWay ? chunk_of_chain : chain_position / stages;
}

bool Program::sees(int chunk, int microbatch) const {
  if (wiring != Wiring::kTwoWay) return true;
  const bool first_half = microbatch < (microbatches + 1) / 2;
  return (chunk == 0) == first_half;
}

}  // namespace socle::train
