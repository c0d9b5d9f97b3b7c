#include <algorithm>
#include <cmath>

#include "socle/train/pipeline.hpp"

namespace socle::train {

using workload::Schedule;

namespace {

// A chunk this much longer than the average takes the settled replay.
constexpr double kUneven = 1.37;

// Forward and backward time of a whole stage, all chunks, and of its longest chunk.
struct StageTime {
  Seconds forward{}, backward{}, longest{};
  Seconds both() const { return forward + backward; }
};

// Most stages repeat the one before: their sums are copied, not added up again.
std::vector<StageTime> stage_times(int stages, const PipelineTimes& times) {
  std::vector<StageTime> all;
  all.reserve(static_cast<std::size_t>(stages));
  for (int s = 0; s < stages; ++s) {
    const auto own = times.chunk.begin() + static_cast<std::ptrdiff_t>(s) * times.chunks;
    if (s > 0 && std::equal(own, own + times.chunks, own - times.chunks)) {
      all.push_back(all.back());
      continue;
    }
    StageTime stage;
    for (int c = 0; c < times.chunks; ++c) {
      stage.forward += own[c].forward;
      stage.backward += own[c].backward;
      stage.longest = std::max(stage.longest, own[c].forward + own[c].backward);
    }
    all.push_back(stage);
  }
  return all;
}

// All forwards flow through, then all backwards: two flow shops of equal jobs.
Seconds gpipe_makespan(const std::vector<StageTime>& stages, int microbatches, Seconds hop) {
  Seconds forward{}, backward{}, most_forward{}, most_backward{};
  for (const StageTime& s : stages) {
    forward += s.forward;
    backward += s.backward;
    most_forward = std::max(most_forward, s.forward);
    most_backward = std::max(most_backward, s.backward);
  }
  const double hops = 2.0 * static_cast<double>(stages.size() - 1);
  return forward + backward + (microbatches - 1) * (most_forward + most_backward) + hops * hop;
}

// Longest path through the task lists of 1F1B when stage k sets the pace. w = p - 1 - k forwards run ahead.
//   before: F down to k and B back up from k;  start: until B_k(0) may run, either w + 1 own forwards or the trip of
//   the first microbatch below k;  steady: M - 1 - w pairs;  end: w own backwards or the trip of the last microbatch.
Seconds paced_by(const std::vector<StageTime>& stages, std::size_t k, int microbatches) {
  Seconds before{}, below{};
  for (std::size_t j = 0; j < k; ++j) before += stages[j].both();
  for (std::size_t j = k + 1; j < stages.size(); ++j) below += stages[j].both();
  const StageTime& own = stages[k];
  const int ahead = std::min(static_cast<int>(stages.size() - 1 - k), microbatches - 1);
  const Seconds start = std::max((ahead + 1) * own.forward, own.forward + below);
  const Seconds steady = own.backward + (microbatches - 1 - ahead) * own.both();
  const Seconds end = microbatches > 1 ? std::max(ahead * own.backward, ahead > 0 ? below : Seconds{}) : Seconds{};
  // With fewer microbatches than stages below, the last trip starts before the first has come back.
  const bool drained = microbatches - 1 >= static_cast<int>(stages.size() - 1 - k);
  return before + start + steady + (drained ? end : ahead * own.backward);
}

// Two families of paths compete. One stage sets the pace and messages show once on the way down and once up; or the
// path goes down and up the whole pipeline once for every p microbatches, and for the rest of them one stage less than
// their number, crossing stages and paying for messages each time.
Seconds one_f_one_b_makespan(const std::vector<StageTime>& stages, int microbatches, Seconds hop) {
  const int p = static_cast<int>(stages.size());
  Seconds paced{}, sum{};
  for (const StageTime& s : stages) sum += s.both();
  for (std::size_t k = 0; k < stages.size(); ++k) paced = std::max(paced, paced_by(stages, k, microbatches));
  paced = std::max(paced, sum + (microbatches - 1) * stages.back().both());
  const Seconds crossing = 2.0 * (p - 1) * hop;
  const int rounds = (microbatches - 1) / p;
  const int rest = (microbatches - 1) % p;
  Seconds deepest{};  // the last `rest` stages, where a shorter trip can always turn
  for (int s = p - rest; s < p; ++s) deepest += stages[static_cast<std::size_t>(s)].both();
  const Seconds travelling = (1.0 + rounds) * (sum + crossing) + deepest + 2.0 * std::max(0, rest - 1) * hop;
  return std::max(paced + crossing, travelling);
}

// Interleaved. A stage that sets the pace runs all its chunks for all microbatches; before and after, the first chunks
// of the stages above it fill and drain, and it waits once for the last chunks of the stages below. Beside that, the
// average path that pays for every message, and with few microbatches the ring: one microbatch through all chunks, the
// others behind it on the last one.
Seconds interleaved_makespan(const PipelineTimes& times, const std::vector<StageTime>& whole, int microbatches) {
  const int stages = static_cast<int>(whole.size());
  const int last = times.chunks - 1;
  const auto both = [&](int s, int c) { return times.at(s, c).forward + times.at(s, c).backward; };
  Seconds sum{}, above{}, below{}, paced{};
  for (int s = 0; s < stages; ++s) {
    below += both(s, last);
    sum += whole[static_cast<std::size_t>(s)].both();
  }
  for (int s = 0; s < stages; ++s) {
    below -= both(s, last);
    paced = std::max(paced, microbatches * whole[static_cast<std::size_t>(s)].both() + above + below);
    above += both(s, 0);
  }
  const double p = stages;
  const Seconds crossing = stages == 1 ? Seconds{} : 2.0 * (p - 1.0) * times.hop;
  const Seconds messages = stages == 1 ? Seconds{} : 2.0 * (p * times.chunks - 1.0) * times.hop;
  const Seconds average = sum * (microbatches / p + (p - 1.0) / p / times.chunks) + messages;
  const Seconds ring = sum + (microbatches - 1) * both(stages - 1, last) + messages;
  return std::max({paced + crossing, average, microbatches <= stages ? ring : Seconds{}});
}

// Zero-bubble family and uneven rings: the order settles into a period after a few rounds of the pipeline. Two replays
// of an even number of rounds apart give the time of a period, the rest repeats it.
Seconds settled_makespan(Schedule schedule, int stages, int microbatches, const PipelineTimes& times,
                         ProgramMemo& programs) {
  const auto makespan = [&](int count) {
    const auto program = programs.folded(schedule, stages, times.chunks, count, task_weights(times));
    return program->ordered ? replay(*program, times).makespan : Seconds{HUGE_VAL};
  };
  const int period = 2 * stages;
  const bool greedy = schedule == Schedule::kZbV || schedule == Schedule::kDualPipe;
  const int settled = (greedy ? 10 : 4) * period + microbatches % period;
  // The order of ZB-V never settles when its tasks differ in length: extrapolating errs by up to 4 %.
  if (schedule == Schedule::kZbV || microbatches <= settled + period) return makespan(microbatches);
  const Seconds start = makespan(settled);
  const double periods = static_cast<double>(microbatches - settled) / period;
  return start + periods * (makespan(settled + period) - start);
}

// Chunks of one ring that differ much make it wait inside a group of microbatches: no simple path is the longest.
bool uneven_chunks(const std::vector<StageTime>& stages, int chunks) {
  Seconds most{}, sum{};
  for (const StageTime& stage : stages) {
    most = std::max(most, stage.longest);
    sum += stage.both();
  }
  return most * (static_cast<double>(stages.size()) * chunks) > kUneven * sum;
}

}  // namespace

Seconds closed_form_makespan(Schedule schedule, int stages, int microbatches, const PipelineTimes& times) {
  ProgramMemo own;
  return closed_form_makespan(schedule, stages, microbatches, times, own);
}

Seconds closed_form_makespan(Schedule schedule, int stages, int microbatches, const PipelineTimes& times,
                             ProgramMemo& programs) {
  switch (schedule) {
    case Schedule::kGPipe:
      return gpipe_makespan(stage_times(stages, times), microbatches, times.hop);
    case Schedule::kOneFOneB:
      return one_f_one_b_makespan(stage_times(stages, times), microbatches, times.hop);
    case Schedule::kInterleaved: {
      const std::vector<StageTime> whole = stage_times(stages, times);
      if (times.chunks == 1) return one_f_one_b_makespan(whole, microbatches, times.hop);
      if (uneven_chunks(whole, times.chunks)) return settled_makespan(schedule, stages, microbatches, times, programs);
      return interleaved_makespan(times, whole, microbatches);
    }
    default:
      return settled_makespan(schedule, stages, microbatches, times, programs);
  }
}

}  // namespace socle::train
