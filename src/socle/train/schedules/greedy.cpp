#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>

#include "socle/train/schedules/schedules.hpp"

namespace socle::train {
namespace {

constexpr long long kNever = std::numeric_limits<long long>::max() / 4;

// Next tasks of one stage and chunk, and when each of its tasks was done.
struct ChunkState {
  std::vector<int> microbatches;  // in the order they pass
  std::size_t next_forward = 0, next_backward = 0, next_weight = 0;
  std::vector<long long> forward_done, backward_done;  // by microbatch
};

struct Choice {
  TaskKind kind = TaskKind::kForward;
  std::size_t chunk = 0;
  bool found = false;
};

// All stages in time: whoever is free earliest takes a backward that is ready, else a forward while the cap allows,
// else a pending weight gradient, else it waits until another stage has moved.
class GreedyOrder {
 public:
  GreedyOrder(Program& program, const std::vector<int>& in_flight, const TaskWeights& weights, int rhythm_least)
      : program_(program),
        in_flight_(in_flight),
        weights_(weights),
        rhythm_least_(rhythm_least),
        state_(static_cast<std::size_t>(program.stages),
               std::vector<ChunkState>(static_cast<std::size_t>(program.chunks))),
        held_(state_.size(), 0),
        free_(state_.size(), 0) {
    for (auto& stage : state_) {
      for (std::size_t c = 0; c < stage.size(); ++c) {
        stage[c].forward_done.assign(static_cast<std::size_t>(program.microbatches), kNever);
        stage[c].backward_done = stage[c].forward_done;
        for (int m = 0; m < program.microbatches; ++m) {
          if (program.sees(static_cast<int>(c), m)) stage[c].microbatches.push_back(m);
        }
        remaining_ += 3 * stage[c].microbatches.size();
      }
    }
    program_.splits_weight = true;
    program_.tasks.assign(state_.size(), {});
  }

  void run() {
    for (long long waits = 0; remaining_ > 0 && !rhythm_;) {
      const std::size_t s = static_cast<std::size_t>(std::min_element(free_.begin(), free_.end()) - free_.begin());
      const Choice choice = choose(s, free_[s]);
      if (choice.found) {
        take(s, choice);
        if (rhythm_least_ > 0 && s == 0 && choice.chunk == 0 && choice.kind == TaskKind::kForward) look_for_rhythm();
        waits = 0;
        continue;
      }
      // Nothing to do now: look again when something may have changed.
      long long later = kNever;
      for (const long long time : free_) {
        if (time > free_[s]) later = std::min(later, time);
      }
      free_[s] = later == kNever ? free_[s] + 1 : later;
      // Every stage holds as many activations as it may, and each waits for another: one more lets them go on.
      if (++waits > waits_at_most()) {
        for (int& cap : in_flight_) ++cap;
        waits = 0;
      }
    }
  }

  const std::optional<GreedyRhythm>& rhythm() const { return rhythm_; }

 private:
  ChunkState& at(std::size_t s, std::size_t c) { return state_[s][c]; }

  // By then every stage has seen the end of the longest task.
  long long waits_at_most() const {
    const long long longest = std::max({weights_.forward, weights_.backward, weights_.weight});
    return static_cast<long long>(state_.size()) * (longest + static_cast<long long>(state_.size()) + 2);
  }

  // Everything that decides what comes next, counted from the first stage's clock and its first chunk's forwards, as 64
  // bits: of a few thousand situations two differ and look alike once in 10^13 orders.
  std::uint64_t situation() {
    const long long base = free_[0], least = *std::min_element(free_.begin(), free_.end());
    const long long count = static_cast<long long>(at(0, 0).next_forward);
    std::size_t oldest = at(0, 0).next_weight;
    for (const auto& stage : state_) {
      for (const ChunkState& chunk : stage) oldest = std::min(oldest, chunk.next_weight);
    }
    std::uint64_t mixed = 0;
    const auto add = [&](long long fact) {  // the finalizer of SplitMix64
      mixed = (mixed ^ static_cast<std::uint64_t>(fact)) + 0x9e3779b97f4a7c15u;
      mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
      mixed ^= mixed >> 31;
    };
    add(static_cast<long long>(oldest) - count);
    for (std::size_t s = 0; s < state_.size(); ++s) {
      for (const long long fact :
           {free_[s] - base, static_cast<long long>(held_[s]), static_cast<long long>(in_flight_[s])})
        add(fact);
      for (const ChunkState& chunk : state_[s]) {
        for (const std::size_t next : {chunk.next_forward, chunk.next_backward, chunk.next_weight})
          add(static_cast<long long>(next) - count);
        for (std::size_t i = oldest; i < chunk.next_forward; ++i) add(std::max(0LL, chunk.forward_done[i] - least));
        for (std::size_t i = oldest; i < chunk.next_backward; ++i) add(std::max(0LL, chunk.backward_done[i] - least));
      }
    }
    return mixed;
  }

  // The same situation a second time: the order between repeats for ever. A rhythm is taken so often that it has
  // `rhythm_least_` microbatches.
  void look_for_rhythm() {
    std::vector<std::size_t> counts;
    for (const auto& list : program_.tasks) counts.push_back(list.size());
    counts_.push_back(std::move(counts));
    const int now = static_cast<int>(counts_.size()) - 1;
    if (period_ == 0) {
      const auto [found, fresh] = situations_.emplace(situation(), now);
      if (fresh) return;
      first_ = found->second;
      period_ = now - first_;
      period_ *= (rhythm_least_ + period_ - 1) / period_;
    }
    if (now < first_ + period_) return;
    rhythm_ = GreedyRhythm{.begin = counts_[static_cast<std::size_t>(first_)],
                           .end = counts_[static_cast<std::size_t>(first_ + period_)],
                           .first = first_,
                           .microbatches = period_};
  }

  long long neighbour_done(std::size_t s, std::size_t c, int m, int step) {
    const int position = program_.position(static_cast<int>(s), static_cast<int>(c)) + step;
    const int chunk = static_cast<int>(c);
    const ChunkState& other = at(static_cast<std::size_t>(program_.stage_at(position, chunk)),
                                 static_cast<std::size_t>(program_.chunk_at(position, chunk)));
    return (step < 0 ? other.forward_done : other.backward_done)[static_cast<std::size_t>(m)];
  }

  bool backward_ready(std::size_t s, std::size_t c, long long now) {
    const ChunkState& own = at(s, c);
    if (own.next_backward >= own.next_forward) return false;
    const int m = own.microbatches[own.next_backward];
    const bool last = program_.position(static_cast<int>(s), static_cast<int>(c)) + 1 == program_.chain_length();
    return (last ? own.forward_done[static_cast<std::size_t>(m)] : neighbour_done(s, c, m, 1)) <= now;
  }

  bool forward_ready(std::size_t s, std::size_t c, long long now) {
    const ChunkState& own = at(s, c);
    // A chunk that others must follow leaves room for them, so that the cap cannot lock.
    const int reserve = program_.wiring == Wiring::kVee && c + 1 < state_[s].size() ? 1 : 0;
    if (own.next_forward >= own.microbatches.size() || held_[s] + reserve >= in_flight_[s]) return false;
    const bool first = program_.position(static_cast<int>(s), static_cast<int>(c)) == 0;
    return first || neighbour_done(s, c, own.microbatches[own.next_forward], -1) <= now;
  }

  Choice choose(std::size_t s, long long now) {
    const std::size_t chunks = state_[s].size();
    for (std::size_t i = 0; i < chunks; ++i) {  // later chunks first: they free memory
      if (backward_ready(s, chunks - 1 - i, now)) return {TaskKind::kBackward, chunks - 1 - i, true};
    }
    for (std::size_t i = 0; i < chunks; ++i) {
      if (forward_ready(s, chunks - 1 - i, now)) return {TaskKind::kForward, chunks - 1 - i, true};
    }
    for (std::size_t c = 0; c < chunks; ++c) {
      if (at(s, c).next_weight < at(s, c).next_backward) return {TaskKind::kWeight, c, true};
    }
    return {};
  }

  void take(std::size_t s, const Choice& choice) {
    ChunkState& own = at(s, choice.chunk);
    int m = 0;
    if (choice.kind == TaskKind::kForward) {
      m = own.microbatches[own.next_forward++];
      free_[s] += weights_.forward;
      own.forward_done[static_cast<std::size_t>(m)] = free_[s];
      ++held_[s];
    } else if (choice.kind == TaskKind::kBackward) {
      m = own.microbatches[own.next_backward++];
      free_[s] += weights_.backward;
      own.backward_done[static_cast<std::size_t>(m)] = free_[s];
    } else {
      m = own.microbatches[own.next_weight++];
      free_[s] += weights_.weight;
      --held_[s];
    }
    program_.tasks[s].push_back({choice.kind, static_cast<std::int16_t>(choice.chunk), m});
    --remaining_;
    ++program_.tasks_ordered;
  }

  Program& program_;
  std::vector<int> in_flight_;
  TaskWeights weights_;
  int rhythm_least_ = 0;  // 0 = none is looked for
  std::vector<std::vector<ChunkState>> state_;
  std::vector<int> held_;
  std::vector<long long> free_;
  std::size_t remaining_ = 0;
  // Of the search for a rhythm; nothing is kept when none is asked for.
  int first_ = 0, period_ = 0;
  std::map<std::uint64_t, int> situations_;
  std::vector<std::vector<std::size_t>> counts_;  // tasks of every stage at every start of a microbatch
  std::optional<GreedyRhythm> rhythm_;
};

}  // namespace

void order_greedily(Program& program, const std::vector<int>& in_flight, const TaskWeights& weights) {
  GreedyOrder(program, in_flight, weights, 0).run();
}

RhythmSearch greedy_rhythm(Program program, const std::vector<int>& in_flight, const TaskWeights& weights, int least) {
  GreedyOrder order(program, in_flight, weights, least);
  order.run();
  return {order.rhythm(), program.tasks_ordered};
}

}  // namespace socle::train
