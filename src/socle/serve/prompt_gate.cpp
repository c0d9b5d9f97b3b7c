#include "socle/serve/prompt_gate.hpp"

#include <algorithm>

namespace socle::serve {

bool PromptGate::holds(std::span<const Lane> lanes) {
  repeats_ = std::numeric_limits<std::int64_t>::max();
  if (most_ == 0 || lanes.size() == 1) return false;
  const auto has_prompt = [](const Lane& lane) { return lane.has_waiting() || !lane.prefilling().empty(); };
  counts_ = std::all_of(lanes.begin(), lanes.end(), [](const Lane& lane) { return lane.decoding() > 0; });
  const bool all = std::all_of(lanes.begin(), lanes.end(), has_prompt);
  ++count_;
  if (all || !counts_ || count_ >= most_) {
    count_ = 0;
    return false;
  }
  if (std::any_of(lanes.begin(), lanes.end(), has_prompt)) repeats_ = most_ - count_;
  return true;
}

void PromptGate::passed(std::int64_t steps) {
  if (most_ > 0 && counts_) count_ = (count_ + steps - 1) % most_;
}

}  // namespace socle::serve
