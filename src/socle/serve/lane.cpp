#include "socle/serve/lane.hpp"

#include <algorithm>
#include <utility>

#include "socle/base/check.hpp"

namespace socle::serve {
namespace {

// The earliest first; of equal steps the lowest slot, so that the order of completions is one.
bool later(std::int64_t a_step, int a_slot, std::int64_t b_step, int b_slot) {
  return a_step != b_step ? a_step > b_step : a_slot > b_slot;
}

/// The pool counts in tokens, or in sixteenths where a step makes no whole number of them.
bool counts_tokens(const LaneLimits& limits) { return limits.step_sixteenths == 16; }

/// Decode steps that make so many tokens.
std::int64_t steps_for(std::int64_t tokens, int sixteenths) { return (16 * tokens + sixteenths - 1) / sixteenths; }

}  // namespace

Lane::Lane(const LaneLimits& limits, Recorder& recorder)
    : limits_(limits),
      recorder_(&recorder),
      queue_(limits.order(limits.classes)),
      adapters_(limits.adapters),
      tiers_(limits.tiers),
      pool_(limits.blocks, counts_tokens(limits) ? limits.block_tokens : 16 * limits.block_tokens,
            counts_tokens(limits) ? 1 : limits.step_sixteenths) {
  SOCLE_CHECK(limits.step_sixteenths >= 16, "a decode step makes a token or more");
  SOCLE_CHECK(limits.max_sequences >= 1 && limits.max_step_tokens >= 1, "a scheduler runs something");
  SOCLE_CHECK(limits.prefix_tokens % limits.block_tokens == 0, "prefixes are named in whole blocks");
}

bool Lane::fits(const Request& request) const {
  const std::int64_t tokens = static_cast<std::int64_t>(request.input) + request.output;
  return (limits_.max_tokens == 0 || tokens <= limits_.max_tokens) && final_blocks(request) <= pool_.blocks();
}

// The last token is never cached: nothing follows it.
// Steps that make more tokens than one round what a sequence makes, anew after each preemption: a block more at most.
std::int64_t Lane::final_blocks(const Request& request) const {
  return blocks_for(static_cast<std::int64_t>(request.input) + request.output - 1) + (counts_tokens(limits_) ? 0 : 1);
}

int Lane::new_slot() {
  if (spare_.empty()) {
    sequences_.emplace_back();
    return static_cast<int>(sequences_.size()) - 1;
  }
  const int slot = spare_.back();
  spare_.pop_back();
  sequences_[static_cast<std::size_t>(slot)] = Sequence{};
  return slot;
}

Waiting Lane::waiting_of(int slot, bool decodes) const {
  const Sequence& s = sequence(slot);
  return {.slot = slot,
          .service_class = s.request.service_class,
          .decodes = decodes,
          .arrival = s.arrival,
          .id = s.request.id};
}

std::int64_t& Lane::decoding_of(const Sequence& s) {
  const auto index = static_cast<std::size_t>(s.request.service_class);
  if (decoding_of_.size() <= index) decoding_of_.resize(index + 1, 0);
  return decoding_of_[index];
}

void Lane::begin_decision() {
  queue_->settle();
  pass_over();
}

void Lane::end_decision() {
  for (std::size_t i = passed_.size(); i-- > 0;) queue_->push_again(passed_[i]);
  passed_.clear();
}

void Lane::pass_over() {
  if (!limits_.adapters.any()) return;
  while (queue_->size() > 0) {
    const int adapter = sequence(queue_->front().slot).request.adapter;
    if (adapter < 0 || adapters_.has_room(adapter)) return;
    passed_.push_back(queue_->front());
    queue_->pop();
  }
}

void Lane::use_adapter(const Sequence& s) {
  if (adapted(s)) adapters_.use(s.request.adapter);
  pass_over();
}

// Whom fairness brings to the front may be one that was passed over, and the next behind it another.
std::int64_t Lane::steps_of_front() const {
  if (limits_.adapters.any() && limits_.order == fair) return 1;
  return queue_->steps_of_front(decoding_of_, limits_.step_sixteenths);
}

bool Lane::enqueue(Request request, Picoseconds arrival) {
  SOCLE_CHECK(fits(request), "a request that never fits is refused before it waits");
  SOCLE_CHECK(request.input >= 1 && request.output >= 1, "a request has a prompt and generates something");
  const int slot = new_slot();
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  s.arrival = arrival;
  s.target = request.input;
  s.request = std::move(request);
  return queue_->push(waiting_of(slot)) || limits_.adapters.any();
}

bool Lane::enqueue(Computed computed) {
  SOCLE_CHECK(fits(computed.request), "a request that never fits is refused before it waits");
  SOCLE_CHECK(computed.request.output >= 2, "a request whose first token is its last is done where it was made");
  const int slot = new_slot();
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  s.arrival = computed.arrival;
  s.first_token = s.last_token = computed.first_token;
  s.generated = 1;
  s.target = s.computed = computed.request.input;
  s.cached = computed.cached;
  s.preemptions = computed.preemptions;
  s.request = std::move(computed.request);
  return queue_->push(waiting_of(slot, true)) || limits_.adapters.any();
}

// The units of one step may reach into a block that the prompt does not fill.
bool Lane::admit_computed(std::int64_t reserve) {
  const int slot = queue_->front().slot;
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  const bool whole = counts_tokens(limits_);
  const std::int64_t blocks = blocks_for(s.computed), place = whole ? s.computed : 16 * s.computed;
  const std::int64_t step = pool_.blocks_for(place + (whole ? 1 : limits_.step_sixteenths)) - blocks;
  if (available() < blocks + std::max(reserve, step + pool_.next_step_needs())) return false;
  SOCLE_CHECK(make_room(blocks), "there is room for what is admitted");
  pool_.take(blocks);
  s.own_blocks = blocks;
  blocks_to_come_ += final_blocks(s.request) - blocks;
  queue_->pop();
  queue_->admitted(waiting_of(slot));
  use_adapter(s);
  join_running(slot);
  begin_decode(slot);
  return true;
}

void Lane::join_running(int slot) {
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  s.before = sequences_[0].before;
  s.after = 0;
  sequences_[static_cast<std::size_t>(s.before)].after = slot;
  sequences_[0].before = slot;
  ++running_;
}

std::int64_t Lane::front_cached() const {
  if (!limits_.prefix_caching) return 0;
  const Sequence& s = front();
  const std::vector<std::int64_t>& names = s.request.prefix;
  std::size_t count = prefix_.find(names);
  if (tiered())
    while (count < names.size() &&
           (prefix_.contains(names[count]) || tiers_.find(names[count]) != TierCache::Place::kNowhere))
      ++count;
  const auto found = static_cast<std::int64_t>(count) * limits_.prefix_tokens;
  // At least one token is computed, for its logits; whole names only.
  const std::int64_t most = (s.target - 1) / limits_.prefix_tokens * limits_.prefix_tokens;
  return std::min(found, most);
}

bool Lane::make_room(std::int64_t blocks) {
  if (blocks > available()) return false;
  while (pool_.free() < blocks) {
    prefix_.evict();
    pool_.give_back(prefix_blocks());
  }
  return true;
}

bool Lane::admit(std::int64_t tokens, std::int64_t reserve) {
  const int slot = queue_->front().slot;
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  const std::int64_t cached = front_cached();
  const auto names = static_cast<std::size_t>(cached / limits_.prefix_tokens);
  const std::span<const std::int64_t> all(s.request.prefix.data(), names);
  const std::int64_t blocks = blocks_for(cached + tokens) - blocks_for(cached);
  std::vector<std::int64_t> here, beyond;
  std::span<const std::int64_t> prefix = all;
  if (tiered()) {
    for (const std::int64_t name : all) (prefix_.contains(name) ? here : beyond).push_back(name);
    prefix = here;
  }
  const std::int64_t loaded = static_cast<std::int64_t>(beyond.size()) * prefix_blocks();
  if (available() - prefix_.evictable(prefix) * prefix_blocks() < blocks + loaded + reserve) return false;
  prefix_.hold(prefix);  // before room is made, which might evict it
  SOCLE_CHECK(make_room(blocks + loaded), "there is room for what is admitted");
  pool_.take(blocks + loaded);
  if (tiered()) {
    load(beyond);
    for (const std::int64_t name : here) tiers_.store(name);
  }
  s.own_blocks = blocks;
  s.held = names;
  s.computed = cached;
  queue_->pop();
  queue_->admitted(waiting_of(slot));
  if (s.cached < 0) {
    s.cached = static_cast<int>(cached);
    queue_->charge_prompt(s.request.service_class, s.target - cached);
  }
  use_adapter(s);
  blocks_to_come_ += final_blocks(s.request) - blocks_for(cached) - blocks;
  prefilling_.push_back(slot);
  join_running(slot);
  return true;
}

// Their blocks are taken; what was in a tier is the prefix cache's, too, and its request holds it.
void Lane::load(std::span<const std::int64_t> names) {
  for (const std::int64_t name : names) {
    ++(tiers_.find(name) == TierCache::Place::kDisk ? tier_loads_.from_disk : tier_loads_.from_host);
    if (prefix_.insert(name)) continue;
    prefix_.hold({&name, 1});  // it stands twice in one prompt
    pool_.give_back(prefix_blocks());
  }
  for (const std::int64_t name : names) tiers_.store(name);
}

bool Lane::grow(int slot, std::int64_t tokens, std::int64_t reserve) {
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  const std::int64_t held = static_cast<std::int64_t>(s.held) * prefix_blocks() + s.own_blocks;
  const std::int64_t blocks = std::max<std::int64_t>(0, blocks_for(s.computed + tokens) - held);
  if (available() < blocks + reserve || !make_room(blocks)) return false;
  pool_.take(blocks);
  s.own_blocks += blocks;
  blocks_to_come_ -= blocks;
  return true;
}

// A sequence that leaves before its first decode step leaves the list of those that joined, too.
void Lane::stop_decode(Sequence& s) {
  const std::int64_t steps = step_ - s.decoding_since;
  if (steps == 0) joined_.erase(std::find(joined_.begin(), joined_.end(), s.last_token));
  const std::int64_t place_now = s.place + steps * (counts_tokens(limits_) ? 1 : limits_.step_sixteenths);
  s.own_blocks += pool_.blocks_for(place_now) - pool_.blocks_for(s.place);
  pool_.end_decode(place_now);
  context_ -= 16 * s.computed + steps * limits_.step_sixteenths;
  // The last step makes no more tokens than were asked for.
  const std::int64_t made = std::min(steps * limits_.step_sixteenths / 16, s.request.output - s.generated);
  s.generated += made;
  s.computed += made;
  --decoding_;
  --decoding_of(s);
  decoding_adapted_ -= adapted(s) ? 1 : 0;
  s.decoding = false;
}

// Gives back all that a running sequence holds.
void Lane::drop(int slot) {
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  if (s.decoding)
    stop_decode(s);
  else
    prefilling_.erase(std::find(prefilling_.begin(), prefilling_.end(), slot));
  blocks_to_come_ -= final_blocks(s.request) - static_cast<std::int64_t>(s.held) * prefix_blocks() - s.own_blocks;
  if (adapted(s)) adapters_.release(s.request.adapter);
  pool_.give_back(s.own_blocks);
  prefix_.release({s.request.prefix.data(), s.held});
  s.own_blocks = 0;
  s.held = 0;
  sequences_[static_cast<std::size_t>(s.before)].after = s.after;
  sequences_[static_cast<std::size_t>(s.after)].before = s.before;
  --running_;
}

// What the prompt computed under a name becomes the prefix cache's; what is there twice is given back once.
void Lane::keep_prefix(Sequence& s) {
  if (!limits_.prefix_caching) return;
  const auto whole = static_cast<std::size_t>(s.request.input / limits_.prefix_tokens);
  const std::size_t names = std::min(whole, s.request.prefix.size());
  for (; s.held < names; ++s.held) {
    const std::int64_t name = s.request.prefix[s.held];
    s.own_blocks -= prefix_blocks();
    if (tiered()) tiers_.store(name);
    if (prefix_.insert(name)) continue;
    prefix_.hold({&name, 1});
    pool_.give_back(prefix_blocks());
  }
}

void Lane::begin_decode(int slot) {
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  s.decoding = true;
  s.decoding_since = step_;
  s.place = counts_tokens(limits_) ? s.computed : 16 * s.computed;
  pool_.begin_decode(s.place);
  ++decoding_;
  ++decoding_of(s);
  decoding_adapted_ += adapted(s) ? 1 : 0;
  context_ += 16 * s.computed;
  s.ticket = ++tickets_;
  joined_.push_back(s.last_token);
  const std::int64_t steps = steps_for(s.request.output - s.generated, limits_.step_sixteenths);
  finishes_.push_back({step_ + steps, slot, s.ticket});
  std::push_heap(finishes_.begin(), finishes_.end(),
                 [](const Finish& a, const Finish& b) { return later(a.step, a.slot, b.step, b.slot); });
}

void Lane::finish(int slot, Picoseconds now) {
  drop(slot);
  const Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  SOCLE_CHECK(s.generated == s.request.output, "a request is done when it has generated what it asked for");
  recorder_->done(s.request, {.arrival = s.arrival,
                              .first_token = s.first_token,
                              .last_token = now,
                              .cached = std::max(0, s.cached),
                              .preemptions = s.preemptions});
  spare_.push_back(slot);
}

void Lane::prefill(const Chunk& chunk, Picoseconds now) {
  Sequence& s = sequences_[static_cast<std::size_t>(chunk.slot)];
  s.computed += chunk.tokens;
  SOCLE_CHECK(s.computed <= s.target, "a prompt is computed once");
  if (s.computed < s.target) return;
  keep_prefix(s);
  if (s.generated == 0)
    s.first_token = now;
  else
    recorder_->gaps(1, now - s.last_token, 0, 1);
  s.last_token = now;
  ++s.generated;
  if (s.generated == s.request.output) return finish(chunk.slot, now);
  prefilling_.erase(std::find(prefilling_.begin(), prefilling_.end(), chunk.slot));
  begin_decode(chunk.slot);
}

std::int64_t Lane::steps_to_completion() {
  SOCLE_CHECK(decoding_ > 0, "something decodes");
  const auto order = [](const Finish& a, const Finish& b) { return later(a.step, a.slot, b.step, b.slot); };
  while (true) {  // entries of sequences that were preempted since
    const Finish& next = finishes_.front();
    const Sequence& s = sequence(next.slot);
    if (s.decoding && s.ticket == next.ticket) return next.step - step_;
    std::pop_heap(finishes_.begin(), finishes_.end(), order);
    finishes_.pop_back();
  }
}

// Those that decoded before have waited since the last decode step, those that joined since their own last token; from
// the second step on all keep the same pace.
void Lane::record_gaps(const StepRun& run) {
  const Picoseconds first_end = run.end(1);
  const std::int64_t before = decoding_ - static_cast<std::int64_t>(joined_.size());
  if (before > 0) recorder_->gaps(before, first_end - last_decode_, 0, 1);
  for (const Picoseconds token : joined_) recorder_->gaps(1, first_end - token, 0, 1);
  joined_.clear();
  if (run.steps > 1) recorder_->gaps(decoding_, run.first + run.growth, run.growth, run.steps - 1);
  last_decode_ = run.end();
}

void Lane::decode(const StepRun& run) {
  SOCLE_CHECK(run.steps >= 1 && run.steps <= steps_to_completion(), "no sequence makes more than it was asked for");
  record_gaps(run);
  const std::int64_t blocks = pool_.needs(run.steps);
  SOCLE_CHECK(make_room(blocks), "the blocks of a decode step are there before it runs");
  pool_.decode(run.steps);
  queue_->charge_decode(decoding_of_, run.steps * limits_.step_sixteenths);
  blocks_to_come_ -= blocks;
  step_ += run.steps;
  context_ += run.steps * decoding_ * limits_.step_sixteenths;
  while (decoding_ > 0 && steps_to_completion() == 0) finish(finishes_.front().slot, run.end());
}

}  // namespace socle::serve
