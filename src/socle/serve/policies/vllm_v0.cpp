#include <algorithm>
#include <cmath>

#include "socle/serve/policy.hpp"

namespace socle::serve {

// While a waiting prompt finds room it is computed, whole, together with others up to the step's token limit; decodes
// wait. A watermark of blocks stays free at admission. With priorities
// what waits takes the place of what runs and ranks lower. Source: vLLM 0.6, vllm/core/scheduler.py (_schedule_default,
// _schedule_priority_preemption).
StepPlan vllm_v0(Lane& lane, const PolicyOptions&) {
  StepPlan plan;
  const auto reserve =
      static_cast<std::int64_t>(std::ceil(lane.limits().watermark * static_cast<double>(lane.pool().blocks())));
  std::int64_t budget = lane.limits().max_step_tokens;
  while (lane.has_waiting()) {
    if (lane.running() >= lane.limits().max_sequences) {
      if (!yield_to_front(lane, 0, budget, plan)) break;
      continue;
    }
    const std::int64_t cached = lane.front_cached();
    const std::int64_t tokens = lane.front().target - cached;
    if (tokens > budget && !plan.chunks.empty()) break;
    if (!lane.admit(tokens, lane.running() > 0 ? reserve : 0)) {
      if (!yield_to_front(lane, 0, budget, plan)) break;
      continue;
    }
    plan.chunks.push_back({lane.prefilling().back(), tokens, cached});
    budget -= std::min(budget, tokens);
  }
  if (!plan.chunks.empty()) return plan;
  make_room_to_decode(lane, plan);
  admit_computed(lane, 0, plan);
  plan.decodes = lane.decoding() > 0;
  return plan;
}

}  // namespace socle::serve
