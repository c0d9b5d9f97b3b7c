#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

/// Programs of `make_folded_program` by all that decides them, so that steps which differ elsewhere share one order.
/// Holds 32 MB of tasks at most and forgets the oldest. Any number of threads; what it gives never depends on them.
class ProgramMemo {
 public:
  std::shared_ptr<const Program> folded(workload::Schedule schedule, int stages, int chunks, int microbatches,
                                        const TaskWeights& weights);
  /// Work counter: programs that were made, not remembered. Two threads may make one twice.
  long long made() const;

 private:
  using Key = std::tuple<workload::Schedule, int, int, int, int, int, int>;
  mutable std::mutex mutex_;
  std::map<Key, std::shared_ptr<const Program>> programs_;
  std::deque<Key> oldest_first_;
  std::size_t tasks_ = 0;
  long long made_ = 0;
};

}  // namespace socle::train
