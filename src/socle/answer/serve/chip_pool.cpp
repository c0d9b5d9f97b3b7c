#include "socle/answer/serve/chip_pool.hpp"

#include <algorithm>
#include <map>

namespace socle::answer {
namespace {

/// Calls with every stretch of equal use: from, to, chips.
template <typename Visit>
void each_stretch(const ChipSteps& steps, Seconds end, const Visit& visit) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Seconds to = i + 1 < steps.size() ? std::min(end, steps[i + 1].from) : end;
    if (to > steps[i].from) visit(steps[i].from, to, steps[i].chips);
  }
}

}  // namespace

ChipSteps sum_of(const std::vector<ChipSteps>& all) {
  std::map<double, int> changes;
  for (const ChipSteps& steps : all) {
    int before = 0;
    for (const ChipStep& step : steps) {
      changes[step.from.value()] += step.chips - before;
      before = step.chips;
    }
  }
  ChipSteps sum;
  int chips = 0;
  for (const auto& [from, change] : changes) {
    chips += change;
    sum.push_back({Seconds{from}, chips});
  }
  return sum;
}

int most_of(const ChipSteps& steps) {
  int most = 0;
  for (const ChipStep& step : steps) most = std::max(most, step.chips);
  return most;
}

double chip_seconds(const ChipSteps& steps, Seconds end) {
  double sum = 0;
  each_stretch(steps, end, [&](Seconds from, Seconds to, int chips) { sum += (to - from).value() * chips; });
  return sum;
}

Seconds time_above(const ChipSteps& steps, int chips, Seconds end) {
  Seconds sum{};
  each_stretch(steps, end, [&](Seconds from, Seconds to, int held) {
    if (held > chips) sum += to - from;
  });
  return sum;
}

double mean_between(const ChipSteps& steps, Seconds from, Seconds to) {
  double sum = 0;
  each_stretch(steps, to, [&](Seconds begin, Seconds end, int chips) {
    const Seconds start = std::max(begin, from);
    if (end > start) sum += (end - start).value() * chips;
  });
  return sum / (to - from).value();
}

IdleUse idle_use(const ChipSteps& steps, int pool, const IdleJob& job, Seconds end) {
  IdleUse use;
  Seconds free_since{};
  bool free = false;
  const auto stop = [&](Seconds at) {
    const Seconds length = at - free_since;
    if (!free || !(length > job.restart)) return;
    ++use.starts;
    use.held += length;
    use.useful += length - job.restart;
  };
  each_stretch(steps, end, [&](Seconds from, Seconds to, int chips) {
    static_cast<void>(to);
    const bool enough = pool - chips >= job.chips;
    if (enough && !free) free_since = from;
    if (!enough) stop(from);
    free = enough;
  });
  stop(end);
  if (job.step > Seconds{}) use.tokens = use.useful / job.step * job.tokens_per_step;
  return use;
}

}  // namespace socle::answer
