#include <algorithm>

#include "socle/serve/policy.hpp"

namespace socle::serve {
namespace {

// Share of the output still allowed to running requests that admission keeps free. It falls over 600 decode steps from
// 0.7 to 0.098, and starts anew when something had to be retracted.
// Source: SGLang, python/sglang/srt/managers/scheduler.py and global_config.py (default_init_new_token_ratio 0.7,
// default_min_new_token_ratio_factor 0.14, default_new_token_ratio_decay_steps 600). The value after a retraction,
// which SGLang computes from what was decoded, is taken as the first (assumption).
constexpr double kFirstShare = 0.7;
constexpr double kLastShare = 0.098;
constexpr double kDecaySteps = 600;
// With priorities a waiting request takes the place of one that runs when they are more than ten apart. Source: SGLang,
// server_args.py (priority_scheduling_preemption_threshold 10), schedule_policy.py (PrefillAdder.preempt_to_schedule).
constexpr int kPriorityGap = 11;

double kept_share(const Lane& lane) {
  const double steps = static_cast<double>(lane.decode_steps() - lane.last_preemption());
  return std::max(kLastShare, kFirstShare - (kFirstShare - kLastShare) * steps / kDecaySteps);
}

}  // namespace

// Prompts come before decodes, in pieces of at most `prefill_chunk` tokens together; a step is one or the other.
StepPlan sglang(Lane& lane, const PolicyOptions& options) {
  StepPlan plan;
  const std::int64_t chunk = options.prefill_chunk > 0 ? options.prefill_chunk : lane.limits().max_step_tokens;
  const double share = kept_share(lane);
  std::int64_t budget = continue_prompts(lane, chunk, plan);
  while (lane.has_waiting() && budget > 0) {
    if (lane.running() >= lane.limits().max_sequences) {
      if (!yield_to_front(lane, kPriorityGap, budget, plan)) break;
      continue;
    }
    const Sequence& next = lane.front();
    const std::int64_t cached = lane.front_cached();
    const std::int64_t left = next.target - cached;
    const std::int64_t tokens = std::min(left, budget);
    const std::int64_t whole = lane.final_blocks(next.request);
    const double kept = lane.running() > 0 ? share * static_cast<double>(lane.blocks_to_come()) : 0.0;
    if (!lane.admit(tokens, static_cast<std::int64_t>(kept) + whole - lane.blocks_for(cached + tokens))) {
      if (!yield_to_front(lane, kPriorityGap, budget, plan)) break;
      continue;
    }
    plan.chunks.push_back({lane.prefilling().back(), tokens, cached});
    budget -= tokens;
  }
  if (!plan.chunks.empty()) return plan;
  make_room_to_decode(lane, plan);
  admit_computed(lane, share, plan);
  plan.decodes = lane.decoding() > 0;
  if (lane.waiting() > 0 && share > kLastShare) plan.repeats = 1;  // what is kept falls, so the next may find room
  return plan;
}

}  // namespace socle::serve
