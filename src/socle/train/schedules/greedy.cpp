#include <algorithm>
#include <limits>

#include "socle/base/check.hpp"
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
  GreedyOrder(Program& program, const std::vector<int>& in_flight, const TaskWeights& weights)
      : program_(program),
        in_flight_(in_flight),
        weights_(weights),
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
    std::size_t idle = 0;
    while (remaining_ > 0) {
      const std::size_t s = static_cast<std::size_t>(std::min_element(free_.begin(), free_.end()) - free_.begin());
      const Choice choice = choose(s, free_[s]);
      if (choice.found) {
        take(s, choice);
        idle = 0;
        continue;
      }
      // Nothing to do now: look again when something may have changed.
      long long later = kNever;
      for (const long long time : free_) {
        if (time > free_[s]) later = std::min(later, time);
      }
      free_[s] = later == kNever ? free_[s] + 1 : later;
      SOCLE_CHECK(++idle < 1000000, "a greedy schedule makes progress");
    }
  }

 private:
  ChunkState& at(std::size_t s, std::size_t c) { return state_[s][c]; }

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
  }

  Program& program_;
  const std::vector<int>& in_flight_;
  TaskWeights weights_;
  std::vector<std::vector<ChunkState>> state_;
  std::vector<int> held_;
  std::vector<long long> free_;
  std::size_t remaining_ = 0;
};

}  // namespace

void order_greedily(Program& program, const std::vector<int>& in_flight, const TaskWeights& weights) {
  GreedyOrder(program, in_flight, weights).run();
}

}  // namespace socle::train
