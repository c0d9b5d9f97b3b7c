#include "socle/serve/policy.hpp"

#include <algorithm>

namespace socle::serve {

const std::vector<PolicyEntry>& policies() {
  static const std::vector<PolicyEntry> all = {
#define SOCLE_POLICY(function, name, help) {name, function, help},
#include "socle/serve/policies.def"
#undef SOCLE_POLICY
  };
  return all;
}

const PolicyEntry* find_policy(std::string_view name) {
  const auto at =
      std::find_if(policies().begin(), policies().end(), [&](const PolicyEntry& p) { return p.name == name; });
  return at == policies().end() ? nullptr : &*at;
}

namespace {

int preempt(Lane& lane, StepPlan& plan) {
  plan.repeats = 1;  // what is freed may let a waiting request in
  return lane.preempt();
}

}  // namespace

bool yield_to_front(Lane& lane, int gap, std::int64_t& budget, StepPlan& plan) {
  if (!lane.yields_to_front(gap)) return false;
  const int victim = preempt(lane, plan);
  std::erase_if(plan.chunks, [&](const Chunk& chunk) {
    if (chunk.slot != victim) return false;
    budget += chunk.tokens;
    return true;
  });
  return true;
}

void make_room_to_decode(Lane& lane, StepPlan& plan) {
  while (lane.decoding() > 0 && lane.pool().next_step_needs() > lane.available()) preempt(lane, plan);
}

void admit_computed(Lane& lane, double share, StepPlan& plan) {
  bool any = false;
  while (lane.has_computed() && lane.running() < lane.limits().max_sequences) {
    const Request& next = lane.front_computed();
    const std::int64_t own = share > 0 ? lane.final_blocks(next) - lane.blocks_for(next.input) : 0;
    const double kept = lane.running() > 0 ? share * static_cast<double>(lane.blocks_to_come()) : 0.0;
    if (!lane.admit_computed(static_cast<std::int64_t>(kept) + own)) break;
    any = true;
  }
  if (any && lane.has_waiting()) plan.repeats = 1;  // a prompt that was preempted is in front now
}

std::int64_t continue_prompts(Lane& lane, std::int64_t budget, StepPlan& plan) {
  for (std::size_t i = 0; i < lane.prefilling().size() && budget > 0; ++i) {
    const int slot = lane.prefilling()[i];
    const Sequence& s = lane.sequence(slot);
    const std::int64_t tokens = std::min(s.target - s.computed, budget);
    bool gone = false;
    while (!gone && !lane.grow(slot, tokens, lane.pool().next_step_needs())) {
      const int victim = preempt(lane, plan);
      gone = victim == slot;
      const auto piece = std::find_if(plan.chunks.begin(), plan.chunks.end(),
                                      [&](const Chunk& chunk) { return chunk.slot == victim; });
      if (piece == plan.chunks.end()) continue;  // else it had its place in this step already
      budget += piece->tokens;
      plan.chunks.erase(piece);
      --i;
    }
    if (gone) break;
    plan.chunks.push_back({slot, tokens, s.computed});
    budget -= tokens;
  }
  plan.decodes = plan.decodes && lane.decoding() > 0;  // the last that decodes may have been preempted
  return budget;
}

}  // namespace socle::serve
