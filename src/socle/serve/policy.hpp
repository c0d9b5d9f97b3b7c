#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "socle/serve/lane.hpp"

namespace socle::serve {

/// What a scheduler decided for its next step.
struct StepPlan {
  std::vector<Chunk> chunks;
  bool decodes = false;  ///< all that decode take part
  /// Steps after which the policy may decide otherwise although no request came, ended or was preempted.
  std::int64_t repeats = std::numeric_limits<std::int64_t>::max();

  bool empty() const { return chunks.empty() && !decodes; }
};

/// What a policy may be told.
struct PolicyOptions {
  bool chunked_prefill = true;
  bool hold_prompts = false;  ///< prompts wait, where the policy can hold them while something decodes
  int prefill_chunk = 0;  ///< most prompt tokens of one step, where the policy has such a limit; 0: as max_step_tokens
};

/// Decides one step of one scheduler: admits, grows, preempts. The plan is not empty unless the lane is idle.
/// Deciding again for the same lane and requests decides the same.
using Policy = StepPlan (*)(Lane&, const PolicyOptions&);

struct PolicyEntry {
  std::string_view name;
  Policy decide;
  std::string_view help;
};

#define SOCLE_POLICY(function, name, help) StepPlan function(Lane& lane, const PolicyOptions& options);
#include "socle/serve/policies.def"
#undef SOCLE_POLICY

/// Every policy, in the order of policies.def.
const std::vector<PolicyEntry>& policies();
/// Null when there is none of this name.
const PolicyEntry* find_policy(std::string_view name);

/// Preempts, by the queue's order, until every sequence that decodes can have its next block. Some sequence always
/// stays.
void make_room_to_decode(Lane& lane, StepPlan& plan);

/// Preempts for the next to be admitted one that runs and that it outranks by `gap` priority numbers; pieces of its
/// prompt that were planned are taken back and `budget` given theirs. Returns whether there was one. Requires:
/// has_waiting().
bool yield_to_front(Lane& lane, int gap, std::int64_t& budget, StepPlan& plan);

/// Lets requests that came with their prompts computed decode while sequences and blocks last. `share` of what the
/// running requests may still take stays free, and with any share what the new one itself may take.
void admit_computed(Lane& lane, double share, StepPlan& plan);

/// Of the lane's step, the next piece of each prompt that is being computed, in order of admission, while `budget`
/// tokens last. Pieces that find no blocks preempt by the queue's order. Returns what is left of the budget.
std::int64_t continue_prompts(Lane& lane, std::int64_t budget, StepPlan& plan);

}  // namespace socle::serve
