#include <algorithm>

#include "socle/serve/policy.hpp"

namespace socle::serve {

// A request is admitted only when the blocks of its whole length, and those that the running ones will still take, are
// there: nothing is ever preempted. Prompts run beside decodes within the step's token limit.
// Source: TensorRT-LLM, capacity scheduler policy GUARANTEED_NO_EVICT (its default) and the micro-batch scheduler.
StepPlan trtllm_no_evict(Lane& lane, const PolicyOptions& options) {
  StepPlan plan;
  admit_computed(lane, 1, plan);
  plan.decodes = lane.decoding() > 0;
  if (options.hold_prompts && plan.decodes) return plan;
  std::int64_t budget = lane.limits().max_step_tokens - lane.decoding();
  budget = continue_prompts(lane, budget, plan);
  while (lane.has_waiting() && lane.running() < lane.limits().max_sequences && budget > 0) {
    const Sequence& next = lane.front();
    const std::int64_t cached = lane.front_cached();
    const std::int64_t left = next.target - cached;
    if (!options.chunked_prefill && left > budget && !plan.empty()) break;
    const std::int64_t tokens = options.chunked_prefill ? std::min(left, budget) : left;
    const std::int64_t whole = lane.final_blocks(next.request);
    const std::int64_t later = whole - lane.blocks_for(cached + tokens);
    if (!lane.admit(tokens, lane.blocks_to_come() + later)) break;
    plan.chunks.push_back({lane.prefilling().back(), tokens, cached});
    budget -= tokens;
  }
  return plan;
}

}  // namespace socle::serve
