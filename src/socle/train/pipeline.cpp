#include "socle/train/pipeline.hpp"

#include <algorithm>

#include "socle/base/check.hpp"
#include "socle/train/folded_replay.hpp"

namespace socle::train {
namespace {

constexpr double kNotYet = -1.0;

// Completion times by (stage, chunk, microbatch), in seconds.
class Completion {
 public:
  Completion(const Program& program)
      : chunks_(program.chunks),
        microbatches_(program.microbatches),
        times_(static_cast<std::size_t>(program.stages) * static_cast<std::size_t>(program.chunks) *
                   static_cast<std::size_t>(program.microbatches),
               kNotYet) {}
  double& at(int stage, int chunk, int microbatch) {
    return times_[static_cast<std::size_t>((stage * chunks_ + chunk) * microbatches_ + microbatch)];
  }

 private:
  int chunks_, microbatches_;
  std::vector<double> times_;
};

}  // namespace

TaskWeights task_weights(const PipelineTimes& times) {
  Seconds forward{}, backward{}, weight{};
  for (const ChunkTime& chunk : times.chunk) {
    forward += chunk.forward;
    backward += chunk.backward - chunk.weight;
    weight += chunk.weight;
  }
  if (forward <= Seconds{}) return {};
  const auto tenths = [&](Seconds time) {
    return std::clamp(static_cast<int>(10.0 * (time / forward) + 0.5), 1, 1000);
  };
  return {10, tenths(backward), tenths(weight)};
}

PipelineResult replay(const Program& program, const PipelineTimes& times,
                      const std::function<void(const Span&)>& record) {
  if (program.repeat.times > 0) {
    SOCLE_CHECK(!record, "a recorded program is whole");
    return replay_folded(program, times);
  }
  Completion forward(program), backward(program);
  std::vector<std::size_t> next(program.tasks.size(), 0);
  std::vector<double> clock(program.tasks.size(), 0.0);
  PipelineResult result;
  result.busy.assign(program.tasks.size(), Seconds{});
  const int length = program.chain_length();
  const double hop = times.hop.value();

  // When its inputs are there, or kNotYet.
  const auto ready_at = [&](int stage, const Task& task) {
    if (task.kind == TaskKind::kWeight) return 0.0;
    const int position = program.position(stage, task.chunk);
    const bool is_forward = task.kind == TaskKind::kForward;
    if (is_forward && position == 0) return 0.0;
    if (!is_forward && position + 1 == length) return forward.at(stage, task.chunk, task.microbatch);
    const Program::Place other = program.neighbour(stage, task.chunk, is_forward ? -1 : 1);
    const double done = (is_forward ? forward : backward).at(other.stage, other.chunk, task.microbatch);
    return done == kNotYet ? kNotYet : done + (other.stage == stage ? 0.0 : hop);
  };
  const auto duration = [&](int stage, const Task& task) {
    const ChunkTime& time = times.at(stage, task.chunk);
    switch (task.kind) {
      case TaskKind::kForward:
        return time.forward;
      case TaskKind::kWeight:
        return time.weight;
      case TaskKind::kBackward:
        break;
    }
    return program.splits_weight ? time.backward - time.weight : time.backward;
  };

  std::vector<std::vector<Span>> spans(record ? program.tasks.size() : 0);
  for (bool progressed = true; progressed;) {
    progressed = false;
    for (std::size_t s = 0; s < program.tasks.size(); ++s) {
      const int stage = static_cast<int>(s);
      for (; next[s] < program.tasks[s].size(); ++next[s]) {
        const Task& task = program.tasks[s][next[s]];
        const double ready = ready_at(stage, task);
        if (ready == kNotYet) break;
        const Seconds length_of_task = duration(stage, task);
        const double start = std::max(clock[s], ready);
        clock[s] = start + length_of_task.value();
        if (task.kind == TaskKind::kForward) forward.at(stage, task.chunk, task.microbatch) = clock[s];
        if (task.kind == TaskKind::kBackward) backward.at(stage, task.chunk, task.microbatch) = clock[s];
        result.busy[s] += length_of_task;
        if (record) spans[s].push_back({stage, task, Seconds{start}, Seconds{clock[s]}});
        progressed = true;
      }
    }
  }
  for (std::size_t s = 0; s < program.tasks.size(); ++s) {
    SOCLE_CHECK(next[s] == program.tasks[s].size(), "every task of a program runs");
    result.tasks_run += static_cast<long long>(program.tasks[s].size());
    result.makespan = std::max(result.makespan, Seconds{clock[s]});
    if (record) {
      for (const Span& span : spans[s]) record(span);
    }
  }
  return result;
}

Bytes peak_held(const Program& program, int stage, const std::vector<Bytes>& held) {
  Bytes now{}, peak{};
  const TaskKind gives_back = program.splits_weight ? TaskKind::kWeight : TaskKind::kBackward;
  for (const Task& task : program.tasks[static_cast<std::size_t>(stage)]) {
    if (task.kind == TaskKind::kForward) now += held[static_cast<std::size_t>(task.chunk)];
    peak = std::max(peak, now);
    if (task.kind == gives_back) now -= held[static_cast<std::size_t>(task.chunk)];
  }
  return peak;
}

}  // namespace socle::train
