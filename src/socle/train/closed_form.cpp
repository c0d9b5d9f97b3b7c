#include <algorithm>

#include "socle/train/pipeline.hpp"

namespace socle::train {

using workload::Schedule;

namespace {

// Forward and backward time of a whole stage, all chunks.
struct StageTime {
  Seconds forward{}, backward{};
  Seconds both() const { return forward + backward; }
};

std::vector<StageTime> stage_times(int stages, const PipelineTimes& times) {
  std::vector<StageTime> all(static_cast<std::size_t>(stages));
  for (int s = 0; s < stages; ++s) {
    for (int c = 0; c < times.chunks; ++c) {
      all[static_cast<std::size_t>(s)].forward += times.at(s, c).forward;
      all[static_cast<std::size_t>(s)].backward += times.at(s, c).backward;
    }
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
//   before: F down to k and B back up from k;  start: until B_k(0) may run, either w + 1 own forwards or the trip of the
//   first microbatch below k;  steady: M - 1 - w pairs;  end: w own backwards or the trip of the last microbatch.
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

// A message's time shows once on the way down and once up for every p microbatches, and for the rest of them one stage
// less than their number: the path that crosses most stages.
double one_f_one_b_hops(int stages, int microbatches) {
  const int rounds = (microbatches - 1) / stages;
  const int rest = (microbatches - 1) % stages;
  return 2.0 * ((stages - 1) * (1.0 + rounds) + std::max(0, rest - 1));
}

Seconds one_f_one_b_makespan(const std::vector<StageTime>& stages, int microbatches, Seconds hop) {
  Seconds longest{}, sum{};
  for (const StageTime& s : stages) sum += s.both();
  for (std::size_t k = 0; k < stages.size(); ++k) {
    // Any stage may be the pace of all but one microbatch: path down, M - 1 pairs there, path up.
    longest = std::max(longest, paced_by(stages, k, microbatches));
  }
  longest = std::max(longest, sum + (microbatches - 1) * stages.back().both());
  return longest + one_f_one_b_hops(static_cast<int>(stages.size()), microbatches) * hop;
}

// Interleaved: the pace of the busiest stage for all microbatches, and one chunk of every other stage to fill and drain.
// With fewer microbatches than stages every chunk waits for the ring: all chunks of the first microbatch in sequence.
Seconds interleaved_makespan(const std::vector<StageTime>& stages, int microbatches, int chunks, Seconds hop) {
  const double p = static_cast<double>(stages.size());
  Seconds sum{}, most{};
  for (const StageTime& s : stages) {
    sum += s.both();
    most = std::max(most, s.both());
  }
  const Seconds ring = sum + (microbatches - 1) * most * (1.0 / chunks);
  const Seconds paced = microbatches * most + (sum - most) * (1.0 / chunks);
  const double hops = stages.size() == 1 ? 0.0 : 2.0 * (p * chunks - 1.0);
  return std::max(ring, paced) + hops * hop;
}

// Zero-bubble family: the greedy order settles into a period after a few rounds of the pipeline. Two replays of an even
// number of rounds apart give the time of a period, the rest repeats it.
Seconds settled_makespan(Schedule schedule, int stages, int microbatches, const PipelineTimes& times) {
  const auto makespan = [&](int count) { return replay(make_program(schedule, stages, times.chunks, count), times).makespan; };
  const int period = 2 * stages;
  const int settled = 3 * period + microbatches % period;
  if (microbatches <= settled + period) return makespan(microbatches);
  const Seconds start = makespan(settled);
  const double periods = static_cast<double>(microbatches - settled) / period;
  return start + periods * (makespan(settled + period) - start);
}

}  // namespace

Seconds closed_form_makespan(Schedule schedule, int stages, int microbatches, const PipelineTimes& times) {
  switch (schedule) {
    case Schedule::kGPipe: return gpipe_makespan(stage_times(stages, times), microbatches, times.hop);
    case Schedule::kOneFOneB: return one_f_one_b_makespan(stage_times(stages, times), microbatches, times.hop);
    case Schedule::kInterleaved:
      if (times.chunks == 1) return one_f_one_b_makespan(stage_times(stages, times), microbatches, times.hop);
      return interleaved_makespan(stage_times(stages, times), microbatches, times.chunks, times.hop);
    default: return settled_makespan(schedule, stages, microbatches, times);
  }
}

}  // namespace socle::train
