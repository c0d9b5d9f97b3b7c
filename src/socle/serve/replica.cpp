#include "socle/serve/replica.hpp"

#include <algorithm>
#include <utility>

#include "socle/base/check.hpp"

namespace socle::serve {

Replica::Replica(const ReplicaOptions& options, StepTimer& timer, Recorder& recorder)
    : options_(options),
      timer_(&timer),
      gate_(options.prompt_wait),
      plans_(static_cast<std::size_t>(options.lanes)),
      lane_steps_(static_cast<std::size_t>(options.lanes)) {
  SOCLE_CHECK(options.lanes >= 1 && options.policy != nullptr, "a replica has a scheduler and its policy");
  for (int i = 0; i < options.lanes; ++i) lanes_.emplace_back(options.limits, recorder);
}

void Replica::count_load() {
  load_ = {.waiting = expected_ + static_cast<std::int64_t>(front_.size() + unseen_.size())};
  for (const Lane& lane : lanes_) {
    load_.waiting += lane.waiting();
    load_.running += lane.running();
    load_.blocks_used += lane.pool().used();
  }
}

std::size_t Replica::cached_names(const Request& request) const {
  std::size_t most = 0;
  for (const Lane& lane : lanes_) most = std::max(most, lane.prefix().find(request.prefix));
  return most;
}

void Replica::accept(Request request, Picoseconds now) {
  pass_front({.request = {.request = std::move(request), .arrival = now}}, now);
}

void Replica::accept(Computed computed, Picoseconds now) {
  SOCLE_CHECK(expected_ > 0, "what was computed elsewhere is expected");
  --expected_;
  pass_front({.request = std::move(computed), .decodes = true}, now);
}

void Replica::pass_front(AtFront entry, Picoseconds now) {
  SOCLE_CHECK(now <= next(), "what happened before a request came has been carried out");
  entry.ready = front_free_ = std::max(front_free_, now) + options_.edge;
  front_.push_back(std::move(entry));
  count_load();
}

// May it be the next that is admitted on its lane?
bool Replica::assign(AtFront entry) {
  Lane& lane = lanes_[options_.lane_choice(entry.request.request, lanes_)];
  if (entry.decodes) return lane.enqueue(std::move(entry.request));
  return lane.enqueue(std::move(entry.request.request), entry.request.arrival);
}

void Replica::enqueue(AtFront entry) {
  const Picoseconds now = entry.ready;
  const bool first = assign(std::move(entry));
  if (!busy_) return plan(now);
  if (first) cut(now, 1);  // else those before it are still refused
}

// The run ends with the step under way, or the first after it whose number is a multiple.
void Replica::cut(Picoseconds now, int multiple) {
  std::int64_t low = 1, high = run_.steps;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (run_.end(middle) >= now)
      high = middle;
    else
      low = middle + 1;
  }
  const std::int64_t over = (steps_ + low) % multiple;
  run_.steps = std::min(run_.steps, over == 0 ? low : low + multiple - over);
}

// A decode run goes on until a sequence is done, the blocks are used up, the step's time changes its law, or a policy
// may change its mind.
std::int64_t Replica::longest_run(const StepTime& time) {
  std::int64_t steps = std::min(time.steps, gate_.repeats());
  for (std::size_t i = 0; i < lanes_.size() && steps > 1; ++i) {
    Lane& lane = lanes_[i];
    if (!plans_[i].decodes) continue;
    steps = std::min({steps, plans_[i].repeats, lane.steps_to_completion()});
    // An eviction may change what the next to be admitted finds cached, and with it whether it is admitted.
    const bool evicts = lane.waiting() == 0;
    if (!evicts) steps = std::min(steps, lane.steps_of_front());
    steps =
        std::max<std::int64_t>(1, lane.pool().steps_that_fit(steps, evicts ? lane.available() : lane.pool().free()));
  }
  return steps;
}

void Replica::plan(Picoseconds now) {
  bool chunks = false, work = false;
  std::int64_t copied = 0;
  options_.policy_options.hold_prompts = gate_.holds(lanes_);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Lane& lane = lanes_[i];
    lane.begin_decision();
    plans_[i] = options_.policy(lane, options_.policy_options);
    lane.end_decision();
    const StepPlan& plan = plans_[i];
    SOCLE_CHECK(!plan.empty() || lane.idle(), "a policy never starves its lane");
    LaneStep& step = lane_steps_[i];
    step = {.chunks = plan.chunks};
    if (plan.decodes) {
      step.decoding = lane.decoding();
      step.context16 = lane.context16();
      step.growth16 = lane.decoding() * lane.limits().step_sixteenths;
      step.decoding_adapted = lane.decoding_adapted();
    }
    step.adapters = lane.adapters_in_use();
    step.loads = lane.take_adapter_loads();
    step.tier_loads = lane.take_tier_loads();
    tier_loads_.from_host += step.tier_loads.from_host;
    tier_loads_.from_disk += step.tier_loads.from_disk;
    loads_.from_host += step.loads.from_host;
    loads_.from_disk += step.loads.from_disk;
    for (const Chunk& chunk : plan.chunks) {
      const Sequence& s = lane.sequence(chunk.slot);
      if (s.computed + chunk.tokens == s.target) ++step.ending;
      if (lane.adapted(s)) step.prompt_tokens_adapted += chunk.tokens;
    }
    copied += step.loads.all();
    chunks = chunks || !plan.chunks.empty();
    work = work || !plan.empty();
  }
  busy_ = work;
  if (!work) return;
  const StepTime time = timer_->time(lane_steps_);
  SOCLE_CHECK(time.first > 0 && time.growth >= 0 && time.steps >= 1, "a step takes time");
  run_ = {.start = now, .first = time.first, .growth = time.growth, .steps = 1};
  // A step that waits for adapters is longer than those after it.
  if (options_.leap && !chunks && copied == 0) run_.steps = longest_run(time);
  if (!unseen_.empty()) run_.steps = std::min(run_.steps, options_.poll_steps - steps_ % options_.poll_steps);
}

// At equal times requests pass first, so that the next step may take them.
void Replica::advance() {
  if (front_.empty() || front_.front().ready > segment_end())
    end_segment();
  else
    take_front();
  count_load();
}

void Replica::take_front() {
  AtFront entry = std::move(front_.front());
  front_.pop_front();
  if (!busy_ || options_.poll_steps == 1) return enqueue(std::move(entry));
  cut(entry.ready, options_.poll_steps);
  unseen_.push_back(std::move(entry));
}

void Replica::report_segment(const StepRun& run) const {
  Segment segment{.run = run, .waiting = load_.waiting, .running = load_.running};
  segment.blocks_used = load_.blocks_used;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    segment.decoding += plans_[i].decodes ? lane_steps_[i].decoding : 0;
    segment.prompts += static_cast<std::int64_t>(plans_[i].chunks.size());
    for (const Chunk& chunk : plans_[i].chunks) segment.prompt_tokens += chunk.tokens;
  }
  options_.on_segment(segment);
}

void Replica::end_segment() {
  SOCLE_CHECK(busy_, "a segment ends that began");
  const Picoseconds now = run_.end();
  net::check_within_clock(now);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    // Decodes first: a prompt that ends with this step has its own first token only.
    if (plans_[i].decodes) lanes_[i].decode(run_);
    for (const Chunk& chunk : plans_[i].chunks) lanes_[i].prefill(chunk, now);
  }
  steps_ += run_.steps;
  gate_.passed(run_.steps);
  ++segments_;
  busy_time_ += now - run_.start;
  busy_ = false;
  if (options_.on_segment) {
    count_load();
    report_segment(run_);
  }
  const bool idle = std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.idle(); });
  const bool looks = idle || steps_ % options_.poll_steps == 0;
  while (looks && !unseen_.empty()) {
    assign(std::move(unseen_.front()));
    unseen_.pop_front();
  }
  plan(now);
}

}  // namespace socle::serve
