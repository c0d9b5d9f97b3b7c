#include <limits>

#include "socle/base/check.hpp"
#include "socle/train/schedules/schedules.hpp"

namespace socle::train {
namespace {

constexpr int kNever = std::numeric_limits<int>::max();

// Next tasks of one stage and chunk, and when each of its tasks was done (in unit times).
struct ChunkState {
  std::vector<int> microbatches;          // in the order they pass
  std::size_t next_forward = 0, next_backward = 0, next_weight = 0;
  std::vector<int> forward_done, backward_done;  // by microbatch
};

}  // namespace

void order_greedily(Program& program, const std::vector<int>& in_flight) {
  const std::size_t stages = static_cast<std::size_t>(program.stages);
  const std::size_t chunks = static_cast<std::size_t>(program.chunks);
  const int length = program.chain_length();
  std::vector<std::vector<ChunkState>> state(stages, std::vector<ChunkState>(chunks));
  std::size_t remaining = 0;
  for (auto& stage : state) {
    for (std::size_t c = 0; c < chunks; ++c) {
      stage[c].forward_done.assign(static_cast<std::size_t>(program.microbatches), kNever);
      stage[c].backward_done = stage[c].forward_done;
      for (int m = 0; m < program.microbatches; ++m) {
        if (program.sees(static_cast<int>(c), m)) stage[c].microbatches.push_back(m);
      }
      remaining += 3 * stage[c].microbatches.size();
    }
  }
  program.splits_weight = true;
  program.tasks.assign(stages, {});
  std::vector<int> held(stages, 0);
  const auto neighbour_done = [&](int s, int c, int m, int step) {
    const int position = program.position(s, c) + step;
    const ChunkState& other = state[static_cast<std::size_t>(program.stage_at(position, c))][static_cast<std::size_t>(program.chunk_at(position, c))];
    return step < 0 ? other.forward_done[static_cast<std::size_t>(m)] : other.backward_done[static_cast<std::size_t>(m)];
  };
  for (int now = 0; remaining > 0; ++now) {
    SOCLE_CHECK(now < 64 * (program.microbatches + program.stages) * program.chunks + 256, "a greedy schedule makes progress");
    for (std::size_t s = 0; s < stages; ++s) {
      const int stage = static_cast<int>(s);
      bool ran = false;
      const auto run = [&](TaskKind kind, std::size_t c, int m) {
        program.tasks[s].push_back({kind, static_cast<std::int16_t>(c), m});
        --remaining;
        ran = true;
      };
      for (std::size_t i = 0; i < chunks && !ran; ++i) {  // backward, later chunks first: they free memory
        const std::size_t c = chunks - 1 - i;
        ChunkState& own = state[s][c];
        if (own.next_backward >= own.next_forward) continue;
        const int m = own.microbatches[own.next_backward];
        const int position = program.position(stage, static_cast<int>(c));
        const int ready = position + 1 < length ? neighbour_done(stage, static_cast<int>(c), m, 1) : own.forward_done[static_cast<std::size_t>(m)];
        if (ready > now) continue;
        own.backward_done[static_cast<std::size_t>(m)] = now + 1;
        ++own.next_backward;
        run(TaskKind::kBackward, c, m);
      }
      for (std::size_t i = 0; i < chunks && !ran; ++i) {
        const std::size_t c = chunks - 1 - i;
        ChunkState& own = state[s][c];
        // Chunk 0 leaves room for the chunks that must still follow, so that the cap cannot lock.
        const int reserve = program.wiring == Wiring::kVee && c + 1 < chunks ? 1 : 0;
        if (own.next_forward >= own.microbatches.size() || held[s] + reserve >= in_flight[s]) continue;
        const int m = own.microbatches[own.next_forward];
        const int position = program.position(stage, static_cast<int>(c));
        if (position > 0 && neighbour_done(stage, static_cast<int>(c), m, -1) > now) continue;
        own.forward_done[static_cast<std::size_t>(m)] = now + 1;
        ++own.next_forward;
        ++held[s];
        run(TaskKind::kForward, c, m);
      }
      for (std::size_t c = 0; c < chunks && !ran; ++c) {
        ChunkState& own = state[s][c];
        if (own.next_weight >= own.next_backward) continue;
        run(TaskKind::kWeight, c, own.microbatches[own.next_weight++]);
        --held[s];
      }
    }
  }
}

}  // namespace socle::train
