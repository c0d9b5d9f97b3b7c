#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "socle/serve/adapter_cache.hpp"
#include "socle/serve/kv_pool.hpp"
#include "socle/serve/prefix_cache.hpp"
#include "socle/serve/recorder.hpp"
#include "socle/serve/tier_cache.hpp"
#include "socle/serve/wait_queue.hpp"

namespace socle::serve {

/// What an engine allows in one scheduler.
struct LaneLimits {
  std::int64_t blocks = 0;  ///< of the cache
  int block_tokens = 16;
  int max_sequences = 256;     ///< that run at once
  int max_step_tokens = 8192;  ///< prompt and decode tokens of one step
  double watermark = 0;        ///< share of the blocks that admission leaves free
  bool prefix_caching = false;
  int prefix_tokens = 512;  ///< that one name of `Request::prefix` stands for; a multiple of block_tokens
  /// Tokens of a sequence in one decode step, in sixteenths: 16 without speculative decoding, more with it, on average.
  int step_sixteenths = 16;
  std::int64_t max_tokens = 0;          ///< of a request, prompt and output together; 0: no limit but the cache
  QueueOrder order = fcfs;              ///< in which waiting requests are admitted
  TierLimits tiers{};                   ///< of named blocks beyond the chip; with prefix caching only
  workload::AdapterServing adapters{};  ///< that the chips have room for
  std::vector<ServiceClass> classes{};  ///< by Request::service_class
};

/// A request whose prompt was computed elsewhere: its first token is made, and its cache is at hand.
struct Computed {
  Request request;
  Picoseconds arrival = 0;  ///< where the prompt was computed
  Picoseconds first_token = 0;
  int cached = 0;       ///< prompt tokens found in the prefix cache there
  int preemptions = 0;  ///< there
};

/// A request that runs or waits. Prompt tokens are computed in pieces; then it decodes with all others, a token a step.
struct Sequence {
  Request request;
  Picoseconds arrival = 0;
  std::int64_t target = 0;     ///< tokens to compute before it decodes: the prompt, and what it had generated before
  std::int64_t computed = 0;   ///< of those, in the cache
  std::int64_t generated = 0;  ///< tokens, as of the start of its decoding
  std::int64_t decoding_since = 0;  ///< the lane's decode step when it began; meant while `decoding`
  std::int64_t ticket = 0;          ///< of this spell of decoding
  std::int64_t place = 0;           ///< its length in units of the pool when it began to decode
  std::int64_t own_blocks = 0;      ///< beside those of the prefix cache
  std::size_t held = 0;             ///< leading names of its prefix that it holds in the prefix cache
  Picoseconds first_token = 0;
  Picoseconds last_token = 0;  ///< as of the start of its decoding, or its preemption
  int cached = -1;             ///< prompt tokens found in the prefix cache; -1: not admitted yet
  int preemptions = 0;
  int before = 0, after = 0;  ///< neighbours in the order of admission; 0 is the ring's head
  bool decoding = false;
};

/// A piece of a prompt in one step.
struct Chunk {
  int slot = 0;
  std::int64_t tokens = 0;
  std::int64_t context = 0;  ///< tokens of the sequence that are cached already
};

/// The requests of one scheduler and its cache. Policies ask and move; what they decided is carried out by `prefill`
/// and `decode`. All that decode do so together, so they are kept as sums: a step costs the same for one sequence as
/// for a thousand.
class Lane {
 public:
  /// Requires: `recorder` outlives this object.
  Lane(const LaneLimits& limits, Recorder& recorder);

  const LaneLimits& limits() const { return limits_; }
  /// Can this request ever run here: is it short enough, and does its whole length fit the cache?
  bool fits(const Request& request) const;
  /// Returns whether it may be the next to be admitted. Requires: fits(request).
  bool enqueue(Request request, Picoseconds arrival);
  /// The same for one that only decodes. Requires: fits, and more than one token is wanted.
  bool enqueue(Computed computed);
  /// Called before each decision of a policy: what came since has its place in the queue from now on. Requests whose
  /// adapter finds no slot are passed over until `end_decision`. Source: vllm-project/vllm
  /// vllm/v1/core/sched/scheduler.py (skipped_waiting_requests).
  void begin_decision();
  void end_decision();

  /// Is the next to be admitted one whose prompt is to be computed?
  bool has_waiting() const { return queue_->size() > 0 && !queue_->front().decodes; }
  std::int64_t waiting() const { return queue_->size() + static_cast<std::int64_t>(passed_.size()); }
  /// The next to be admitted. Requires: has_waiting().
  const Sequence& front() const { return sequence(queue_->front().slot); }
  /// Of its tokens, those that the prefix cache or a tier beyond it holds now; never all.
  std::int64_t front_cached() const;
  int running() const { return running_; }
  std::int64_t decoding() const { return decoding_; }
  std::int64_t context16() const { return context_; }  ///< cached tokens of all that decode, in sixteenths
  std::int64_t decode_steps() const { return step_; }
  std::int64_t last_preemption() const { return last_preemption_; }   ///< the decode step before which it was; 0: none
  const std::vector<int>& prefilling() const { return prefilling_; }  ///< slots, in order of admission
  const Sequence& sequence(int slot) const { return sequences_[static_cast<std::size_t>(slot)]; }
  const KvPool& pool() const { return pool_; }
  const PrefixCache& prefix() const { return prefix_; }
  std::int64_t blocks_for(std::int64_t tokens) const {
    return (tokens + limits_.block_tokens - 1) / limits_.block_tokens;
  }
  /// Blocks that a request holds at most.
  std::int64_t final_blocks(const Request& request) const;
  std::int64_t available() const { return pool_.free() + prefix_.evictable() * prefix_blocks(); }
  bool idle() const { return running_ == 0 && waiting() == 0; }
  /// Output tokens that the running requests may still generate, and what they hold when they do: blocks to come.
  std::int64_t blocks_to_come() const { return blocks_to_come_; }

  /// Moves the next waiting request among those that prefill, with what the prefix cache holds of it and what tiers
  /// beyond it do, which is loaded, and takes blocks for so many tokens more. False, and nothing moves, when `reserve`
  /// blocks would not be left.
  bool admit(std::int64_t tokens, std::int64_t reserve);
  /// Is the next to be admitted one that only decodes?
  bool has_computed() const { return queue_->size() > 0 && queue_->front().decodes; }
  /// Of the next. Requires: has_computed().
  const Request& front_computed() const { return sequence(queue_->front().slot).request; }
  /// Lets it decode, with blocks for its prompt. False, and nothing moves, when afterwards `reserve` blocks, or
  /// those that the next decode step takes, would not be left. Requires: has_computed().
  bool admit_computed(std::int64_t reserve);
  /// Takes blocks for the next so many tokens of a prompt that prefills. False when `reserve` blocks would not be left.
  bool grow(int slot, std::int64_t tokens, std::int64_t reserve);
  /// Takes the cache of one that runs away, by the queue's order; it waits again and computes anew. Requires:
  /// running() > 0. Returns its slot.
  int preempt();
  /// Would that one make room for the next to be admitted: is the queue ordered by rank, the next's rank higher and its
  /// priority number smaller by `gap` or more, and does the cache of all such suffice for its prompt? Requires:
  /// has_waiting().
  bool yields_to_front(int gap) const;

  /// A piece of a prompt is done. At its end the sequence has its first token and decodes, or is done.
  void prefill(const Chunk& chunk, Picoseconds now);
  /// Steps until the first of those that decode is done. Requires: decoding() > 0.
  std::int64_t steps_to_completion();
  /// Decode steps during which the next to be admitted stays the same, while nothing comes.
  std::int64_t steps_of_front() const;
  /// Adapters of those that run, each once, and sequences of those that decode with one.
  std::int64_t adapters_in_use() const { return adapters_.in_use(); }
  std::int64_t decoding_adapted() const { return decoding_adapted_; }
  /// Is it of an adapter, and are adapters served?
  bool adapted(const Sequence& s) const { return limits_.adapters.any() && s.request.adapter >= 0; }
  /// Names that were loaded from tiers since this was last asked.
  TierLoads take_tier_loads() { return std::exchange(tier_loads_, TierLoads{}); }
  const TierCache& tiers() const { return tiers_; }
  /// Adapters that were copied since this was last asked.
  AdapterLoads take_adapter_loads() { return adapters_.take_loads(); }
  /// All that decode make a token in each of these steps. Requires: no more steps than steps_to_completion(), and that
  /// blocks suffice.
  void decode(const StepRun& run);

 private:
  struct Finish {
    std::int64_t step;
    int slot;
    std::int64_t ticket;  ///< tells an entry of a sequence that was preempted from its later one
  };
  std::int64_t prefix_blocks() const { return limits_.prefix_tokens / limits_.block_tokens; }
  bool make_room(std::int64_t blocks);
  bool tiered() const { return limits_.prefix_caching && limits_.tiers.any(); }
  void load(std::span<const std::int64_t> names);
  void pass_over();
  void use_adapter(const Sequence& s);
  void keep_prefix(Sequence& s);
  void begin_decode(int slot);
  void join_running(int slot);
  void stop_decode(Sequence& s);
  void drop(int slot);
  void finish(int slot, Picoseconds now);
  void record_gaps(const StepRun& run);
  int new_slot();
  int last_in_rank() const;
  bool front_outranks(int slot, int gap) const;
  Waiting waiting_of(int slot, bool decodes = false) const;
  std::int64_t& decoding_of(const Sequence& s);

  LaneLimits limits_;
  Recorder* recorder_;
  std::unique_ptr<WaitQueue> queue_;
  AdapterCache adapters_;
  TierCache tiers_;
  TierLoads tier_loads_;
  KvPool pool_;
  PrefixCache prefix_;
  std::vector<Waiting> passed_;  ///< requests that are passed over in this decision, in order
  std::vector<Sequence> sequences_ = std::vector<Sequence>(1);  ///< [0] heads the ring of those that run
  std::vector<int> spare_;
  std::vector<int> prefilling_;
  std::vector<Finish> finishes_;  ///< a heap: the next to be done first
  int running_ = 0;
  std::int64_t decoding_ = 0;
  std::vector<std::int64_t> decoding_of_;  ///< the same by class
  std::int64_t decoding_adapted_ = 0;
  std::int64_t context_ = 0;  ///< sixteenths of a token
  std::int64_t step_ = 0;
  std::int64_t blocks_to_come_ = 0;
  std::int64_t last_preemption_ = 0;
  std::int64_t tickets_ = 0;
  Picoseconds last_decode_ = 0;        ///< end of the last decode step
  std::vector<Picoseconds> joined_{};  ///< last tokens of those that began to decode since
};

}  // namespace socle::serve
