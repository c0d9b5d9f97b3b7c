#include <algorithm>

#include "socle/serve/policy.hpp"

namespace socle::serve {

// Running requests first: each that decodes takes one token of the step's limit, prompts under way their next piece;
// then waiting requests in order while sequences, tokens and blocks last. None is admitted in a step that preempted.
// Source: vLLM, vllm/v1/core/sched/scheduler.py (Scheduler.schedule), versions 0.8 to 0.19.
StepPlan vllm_v1(Lane& lane, const PolicyOptions& options) {
  StepPlan plan;
  std::int64_t running = lane.running();
  make_room_to_decode(lane, plan);
  if (lane.running() == running) admit_computed(lane, 0, plan);
  running = std::max<std::int64_t>(running, lane.running());
  plan.decodes = lane.decoding() > 0;
  std::int64_t budget = lane.limits().max_step_tokens - lane.decoding();
  budget = continue_prompts(lane, budget, plan);
  if (lane.running() < running) return plan;
  while (lane.has_waiting() && lane.running() < lane.limits().max_sequences && budget > 0) {
    const Sequence& next = lane.front();
    const std::int64_t cached = lane.front_cached();
    const std::int64_t left = next.target - cached;
    if (!options.chunked_prefill && left > budget && !plan.empty()) break;
    const std::int64_t tokens = options.chunked_prefill ? std::min(left, budget) : left;
    const auto reserve = lane.decoding() > 0 ? lane.pool().next_step_needs() : 0;
    if (!lane.admit(tokens, reserve)) break;
    plan.chunks.push_back({lane.prefilling().back(), tokens, cached});
    budget -= tokens;
  }
  return plan;
}

}  // namespace socle::serve
