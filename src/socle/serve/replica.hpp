#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "socle/serve/lane_choice.hpp"
#include "socle/serve/policy.hpp"
#include "socle/serve/prompt_gate.hpp"
#include "socle/serve/recorder.hpp"

namespace socle::serve {

inline constexpr Picoseconds kNever = std::numeric_limits<Picoseconds>::max();

/// What one scheduler puts into a step.
struct LaneStep {
  std::int64_t decoding = 0;
  std::int64_t context16 = 0;  ///< cached tokens of all that decode, in sixteenths
  std::int64_t growth16 = 0;   ///< what they become more by with each step
  std::span<const Chunk> chunks{};
  std::int64_t ending = 0;                                       ///< prompts that end with this step
  std::int64_t adapters = 0;                                     ///< of those that run, each once
  std::int64_t decoding_adapted = 0, prompt_tokens_adapted = 0;  ///< sequences and prompt tokens that have one
  AdapterLoads loads{};                                          ///< adapters to be copied first
  TierLoads tier_loads{};                                        ///< named blocks that are loaded while it runs
};

/// How long a step takes, and how that goes on while nothing but the context grows.
struct StepTime {
  Picoseconds first = 0;
  Picoseconds growth = 0;  ///< what each further step takes longer than the one before
  std::int64_t steps = 1;  ///< for which this holds
};

/// Knows how long steps take. One per simulation: it may remember what it worked out.
class StepTimer {
 public:
  virtual ~StepTimer() = default;
  /// One step of all lanes of a replica, which take it together. Requires: some lane has work. With chunks, steps is 1.
  virtual StepTime time(std::span<const LaneStep> lanes) = 0;
};

/// Steps of a replica that were carried out together, and what was in them: for a timeline.
struct Segment {
  StepRun run{};
  std::int64_t decoding = 0;                    ///< sequences, over all lanes
  std::int64_t prompts = 0, prompt_tokens = 0;  ///< pieces of prompts, and their tokens
  // As the segment ends.
  std::int64_t waiting = 0, running = 0, blocks_used = 0;
};

/// How a replica runs its lanes.
struct ReplicaOptions {
  LaneLimits limits{};
  int lanes = 1;  ///< schedulers that take their steps together (attention data parallel)
  LaneChoice lane_choice = idlest_lane;
  Policy policy = nullptr;
  PolicyOptions policy_options{};
  Picoseconds edge = 0;  ///< that the server's front takes for each request, one after the other, before the scheduler
  int prompt_wait = 0;   ///< steps that prompts wait until every lane has one, by policies that can hold them
  int poll_steps = 1;    ///< steps between two looks at what passed the front
  bool leap = true;      ///< carry out runs of decode steps at once; the result is the same
  std::int64_t max_waiting = 0;                      ///< requests beyond are turned away; 0: none is
  std::function<void(const Segment&)> on_segment{};  ///< called at the end of each when set
};

/// What a replica has to do.
struct ReplicaLoad {
  std::int64_t waiting = 0;  ///< requests, those at the front and those on their way included
  std::int64_t running = 0;
  std::int64_t blocks_used = 0;
  std::int64_t requests() const { return waiting + running; }
};

/// One copy of the model: takes one step after the other. Runs of decode steps during which nothing happens are one
/// segment; a request that comes in the middle of one cuts it after the step under way. Before it reaches a scheduler a
/// request passes the front (HTTP, tokenizer), which is one process and takes them one by one.
class Replica {
 public:
  /// Requires: `timer` and `recorder` outlive this object.
  Replica(const ReplicaOptions& options, StepTimer& timer, Recorder& recorder);
  Replica(Replica&&) = default;
  Replica& operator=(Replica&&) = default;

  /// Can this request ever run here?
  bool fits(const Request& request) const { return lanes_.front().fits(request); }
  /// Do as many requests wait as may?
  bool full() const { return options_.max_waiting > 0 && waiting() >= options_.max_waiting; }
  /// A request comes. Requires: fits, not full, now <= next().
  void accept(Request request, Picoseconds now);
  /// A request comes whose prompt was computed elsewhere; it was expected. Requires: as above.
  void accept(Computed computed, Picoseconds now);
  /// A request is on its way here: it counts as waiting from now on.
  void expect() {
    ++expected_;
    ++load_.waiting;
  }
  /// When the next thing happens: a request has passed the front, or the segment under way ends. kNever: nothing will.
  Picoseconds next() const { return std::min(front_.empty() ? kNever : front_.front().ready, segment_end()); }
  /// Lets it happen. Requires: next() is not kNever.
  void advance();

  /// What it has to do, known at once: the router asks every replica for it.
  const ReplicaLoad& load() const { return load_; }
  std::int64_t waiting() const { return load_.waiting; }
  std::int64_t running() const { return load_.running; }
  /// Leading names of the request's prefix that some lane has cached.
  std::size_t cached_names(const Request& request) const;
  const std::vector<Lane>& lanes() const { return lanes_; }
  /// Steps so far, and events: what leaping saves is the difference.
  std::int64_t steps() const { return steps_; }
  std::int64_t segments() const { return segments_; }
  /// Time in which a step was under way.
  Picoseconds busy_time() const { return busy_time_; }
  /// Adapters that were copied to the chips.
  const AdapterLoads& adapter_loads() const { return loads_; }
  /// Named blocks that were loaded from tiers beyond the chip.
  const TierLoads& tier_loads() const { return tier_loads_; }

 private:
  struct AtFront {
    Computed request;  ///< with a first token only where its prompt is computed
    Picoseconds ready = 0;
    bool decodes = false;  ///< only
  };
  Picoseconds segment_end() const { return busy_ ? run_.end() : kNever; }
  bool assign(AtFront entry);
  void enqueue(AtFront entry);
  void pass_front(AtFront entry, Picoseconds now);
  void take_front();
  void end_segment();
  void report_segment(const StepRun& run) const;
  void cut(Picoseconds now, int multiple);
  void plan(Picoseconds now);
  std::int64_t longest_run(const StepTime& time);
  void count_load();

  ReplicaOptions options_;
  StepTimer* timer_;
  std::deque<AtFront> front_;
  std::deque<AtFront> unseen_;  ///< passed the front while steps run; seen at the next look
  Picoseconds front_free_ = 0;  ///< when the front is done with all it has
  std::int64_t expected_ = 0;
  std::vector<Lane> lanes_;
  PromptGate gate_;
  std::vector<StepPlan> plans_;
  std::vector<LaneStep> lane_steps_;
  StepRun run_{};
  bool busy_ = false;
  ReplicaLoad load_;
  std::int64_t steps_ = 0, segments_ = 0;
  Picoseconds busy_time_ = 0;
  AdapterLoads loads_;
  TierLoads tier_loads_;
};

}  // namespace socle::serve
