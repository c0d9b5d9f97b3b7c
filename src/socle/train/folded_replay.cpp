#include "socle/train/folded_replay.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "socle/base/check.hpp"
#include "socle/train/turn_history.hpp"

namespace socle::train {
namespace {

/// When tasks ended, for those who wait for them: a ring over microbatches for every lane, that is kind, stage and
/// chunk.
class Ends {
 public:
  struct Entry {
    int microbatch = -1;  // none yet
    int turn = 0;         // of the replay, when it ran
    double end = 0;
  };
  Ends(int lanes, int ring)
      : ring_(static_cast<std::size_t>(ring)), entries_(static_cast<std::size_t>(lanes) * ring_) {}
  Entry& at(int lane, int microbatch) {
    return entries_[static_cast<std::size_t>(lane) * ring_ + static_cast<std::size_t>(microbatch) % ring_];
  }
  void move_by(double seconds) {
    for (Entry& entry : entries_) entry.end += seconds;
  }

 private:
  std::size_t ring_;
  std::vector<Entry> entries_;
};

class FoldedReplay {
 public:
  FoldedReplay(const Program& program, const PipelineTimes& times)
      : program_(program),
        times_(times),
        ends_(2 * program.stages * program.chunks, program.microbatches),
        stages_(program.tasks.size()) {
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      for (std::size_t i = program.repeat.begin[s]; i < program.repeat.end[s]; ++i)
        stages_[s].busy_of_turn += duration(static_cast<int>(s), program.tasks[s][i]);
    }
  }

  PipelineResult run() {
    const int all = program_.repeat.times;
    for (allowed_ = 0; allowed_ < all; ++allowed_) {
      advance();
      history_.add(std::move(turn_));
      turn_ = {};
      leap();
    }
    advance();
    PipelineResult result{.makespan = {}, .busy = {}, .tasks_run = tasks_run_};
    double last = stages_[0].clock;
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      SOCLE_CHECK(stages_[s].next == program_.tasks[s].size(), "every task of a folded program runs");
      last = std::max(last, stages_[s].clock);
      result.busy.push_back(stages_[s].busy);
    }
    result.makespan = Seconds{base_ + last};
    return result;
  }

 private:
  struct Stage {
    std::size_t next = 0;  // in the list
    int turn = 0;          // times that the folded part was begun again
    double clock = 0;
    Seconds busy{}, busy_of_turn{};
  };
  static constexpr double kEver = -std::numeric_limits<double>::infinity();
  static constexpr double kNeverWaits = 1e300;  // the margin of a task without an input

  int lane(bool forward, int stage, int chunk) const {
    return ((forward ? 0 : program_.stages) + stage) * program_.chunks + chunk;
  }
  std::size_t stage_of(int lane) const { return static_cast<std::size_t>(lane / program_.chunks % program_.stages); }

  Seconds duration(int stage, const Task& task) const {
    const ChunkTime& time = times_.at(stage, task.chunk);
    if (task.kind == TaskKind::kForward) return time.forward;
    if (task.kind == TaskKind::kWeight) return time.weight;
    return program_.splits_weight ? time.backward - time.weight : time.backward;
  }

  // Runs every task that the first stage's limit of turns allows, whatever order the stages come in.
  void advance() {
    for (bool progressed = true; progressed;) {
      progressed = false;
      for (std::size_t s = 0; s < stages_.size(); ++s) {
        while (run_next(s)) progressed = true;
      }
    }
  }

  bool run_next(std::size_t s) {
    Stage& stage = stages_[s];
    const Repeat& repeat = program_.repeat;
    if (stage.next == repeat.end[s] && stage.turn < repeat.times) {
      if (s == 0 && stage.turn >= allowed_) return false;
      ++stage.turn;
      stage.next = repeat.begin[s];
    }
    if (stage.next == program_.tasks[s].size()) return false;
    Task task = program_.tasks[s][stage.next];
    task.microbatch += stage.turn * repeat.microbatches;
    const auto ready = ready_at(static_cast<int>(s), task);
    if (!ready) return false;
    const Seconds length = duration(static_cast<int>(s), task);
    const double margin = *ready == kEver ? kNeverWaits : stage.clock - *ready;
    stage.clock = std::max(stage.clock, *ready) + length.value();
    stage.busy += length;
    ++stage.next;
    ++tasks_run_;
    const bool forward = task.kind == TaskKind::kForward;
    const int lane_of_task = lane(forward, static_cast<int>(s), task.chunk);
    if (task.kind != TaskKind::kWeight)
      ends_.at(lane_of_task, task.microbatch) = {task.microbatch, allowed_, stage.clock};
    turn_.push_back({lane_of_task, task.kind == TaskKind::kWeight ? -1 : task.microbatch, stage.clock, margin});
    return true;
  }

  // Since when the task's input is there, "ever" without one; nothing when it is not there.
  std::optional<double> ready_at(int stage, const Task& task) {
    if (task.kind == TaskKind::kWeight) return kEver;
    const bool forward = task.kind == TaskKind::kForward;
    const int position = program_.position(stage, task.chunk);
    if (forward && position == 0) return kEver;
    const bool turns_round = !forward && position + 1 == program_.chain_length();
    const Program::Place other =
        turns_round ? Program::Place{stage, task.chunk} : program_.neighbour(stage, task.chunk, forward ? -1 : 1);
    const Ends::Entry& entry = ends_.at(lane(forward || turns_round, other.stage, other.chunk), task.microbatch);
    if (entry.microbatch != task.microbatch) return std::nullopt;
    reach_ = std::max(reach_, static_cast<std::size_t>(allowed_ - entry.turn));
    return entry.end + (other.stage == stage ? 0.0 : times_.hop.value());
  }

  // Every stage stays inside its folded part.
  int turns_left() const {
    int furthest = 0;
    for (const Stage& stage : stages_) furthest = std::max(furthest, stage.turn);
    return program_.repeat.times - furthest;
  }

  void leap() {
    const double scale = stages_[0].clock - clock_before_;
    clock_before_ = stages_[0].clock;
    const auto leap = history_.leap(turns_left(), reach_ + 1, scale);
    if (!leap) return;
    const int turns = leap->stride * leap->strides;
    move_stages(*leap);
    move_ends(*leap);
    allowed_ += turns;
    history_.clear();
    double first = stages_[0].clock;
    for (const Stage& stage : stages_) first = std::min(first, stage.clock);
    base_ += first;
    for (Stage& stage : stages_) stage.clock -= first;
    ends_.move_by(-first);
    clock_before_ = stages_[0].clock;
  }

  // The newest turn holds the last task of every stage, whose stride is that of the stage's clock.
  void move_stages(const Leap& leap) {
    const Turn &now = history_.back(0), &before = history_.back(static_cast<std::size_t>(leap.stride));
    for (std::size_t j = 0; j < now.size(); ++j)
      stages_[stage_of(now[j].lane)].clock = now[j].end + leap.strides * (now[j].end - before[j].end);
    const int turns = leap.stride * leap.strides;
    for (Stage& stage : stages_) {
      stage.turn += turns;
      stage.busy += stage.busy_of_turn * static_cast<double>(turns);
    }
  }

  // Oldest first: where two microbatches share a place, the newer one is still waited for.
  void move_ends(const Leap& leap) {
    const std::size_t stride = static_cast<std::size_t>(leap.stride);
    const int turns = leap.stride * leap.strides;
    for (std::size_t age = stride + reach_ + 1; age-- > 0;) {
      const Turn &now = history_.back(age), &before = history_.back(age + stride);
      for (std::size_t j = 0; j < now.size(); ++j) {
        if (now[j].microbatch < 0) continue;
        const int microbatch = now[j].microbatch + turns * program_.repeat.microbatches;
        ends_.at(now[j].lane, microbatch) = {microbatch, allowed_ + turns - static_cast<int>(age),
                                             now[j].end + leap.strides * (now[j].end - before[j].end)};
      }
    }
  }

  const Program& program_;
  const PipelineTimes& times_;
  Ends ends_;
  std::vector<Stage> stages_;
  TurnHistory history_;
  Turn turn_;
  int allowed_ = 0;        // turns that the first stage may begin again
  std::size_t reach_ = 0;  // turns from a task to the one that waits for it, at most
  double clock_before_ = 0, base_ = 0;
  long long tasks_run_ = 0;
};

}  // namespace

PipelineResult replay_folded(const Program& program, const PipelineTimes& times) {
  return FoldedReplay(program, times).run();
}

}  // namespace socle::train
