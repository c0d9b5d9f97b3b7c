#pragma once

#include <cstdint>

namespace socle::reliability {

/// The work of a job between failures, in seconds: `segments` of useful work, each closed by a copy in memory (`copy`)
/// and every `per_store`-th also by a write to storage (`store`), which counts `lag` later. Storage alone: per_store 1
/// and copy 0. All steps take constant time, however many segments pass.
struct WorkPlan {
  double segment = 0, last_segment = 0;
  std::int64_t segments = 1;  ///< at least one; the last has `last_segment` of work and ends with a write
  double copy = 0, store = 0;
  std::int64_t per_store = 1;
  double lag = 0;  ///< at most a cycle: per_store segments with their copies and the write
};

/// Cuts useful work into segments. Requires: work > 0, segment > 0.
WorkPlan plan_of_work(double work, double segment, std::int64_t per_store);

/// Where the work stands. Not thread-safe; one for each simulated run.
class WorkLine {
 public:
  explicit WorkLine(const WorkPlan& plan) : plan_(plan) {}

  /// Until the end, if nothing fails.
  double time_to_end() const { return time_to(plan_.segments) - (plan_.segment - plan_.last_segment); }
  /// The job ran for `time` from its last start to a failure at `now`, and stands at its last copy in memory.
  /// Requires: time < time_to_end().
  void fail_after(double time, double now);
  /// No copy in memory is left: the job stands at what storage held at `now`.
  void lose_memory(double now);
  /// The job ran to its end.
  void finish();

  double worked() const { return worked_; }    ///< time of useful work, also of what was lost
  double written() const { return written_; }  ///< time of copies and writes, also of those that were cut off
  /// Useful work that stands: everything, once finished.
  double secured() const;

 private:
  double time_to(std::int64_t segment) const;
  std::int64_t completed(double time) const;

  WorkPlan plan_;
  std::int64_t at_ = 0;       // segments behind the job at its last start
  std::int64_t stored_ = 0;   // the newest on storage for sure
  std::int64_t pending_ = 0;  // on its way to storage
  double pending_until_ = 0;
  double worked_ = 0, written_ = 0;
};

}  // namespace socle::reliability
