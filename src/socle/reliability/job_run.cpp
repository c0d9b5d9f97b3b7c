#include "socle/reliability/job_run.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>

namespace socle::reliability {
namespace {

PreparedFailure prepare(const Job& job, const JobFailure& failure) {
  PreparedFailure ready;
  ready.node_lost = failure.node_lost;
  ready.nodes_hit = failure.nodes_hit;
  ready.memory_lost = memory_lost_share(job, failure);
  ready.memory_lost_again = memory_lost_share_again(job, failure);
  ready.repair_median = failure.repair.median.value();
  // A lognormal's mean / median is exp(sigma^2 / 2).
  if (failure.repair.mean > failure.repair.median)
    ready.repair_sigma = std::sqrt(2 * std::log(failure.repair.mean / failure.repair.median));
  for (const Replacement one : {Replacement::kInPlace, Replacement::kHotSpare, Replacement::kOther})
    ready.paths[static_cast<int>(one)] = recovery_path(job, failure, one);
  return ready;
}

/// Nodes under repair, of the job and of its spares.
class RepairShop {
 public:
  void bring(double until) { ready_.push(until); }
  std::int64_t down_at(double time) {
    while (!ready_.empty() && ready_.top() <= time) ready_.pop();
    return static_cast<std::int64_t>(ready_.size());
  }
  /// The first moment from `time` on with at most `most` down.
  double when_at_most(std::int64_t most, double time) {
    while (down_at(time) > most) time = std::max(time, ready_.top());
    return time;
  }

 private:
  std::priority_queue<double, std::vector<double>, std::greater<>> ready_;
};

/// One life of the job.
class JobRun {
 public:
  JobRun(const PreparedJob& job, const RandomStream& stream, std::uint64_t sample)
      : job_(job), draws_(stream, sample), line_(job.work) {
    factor_ = quantile_of(job.spread, draws_.uniform());
    regime_end_ = job.regimes.empty() ? 0 : job.regimes.front().duration.value();
    if (job_.spares) next_spare_failure_ = spare_gap();
  }

  JobSample run() {
    job_.elastic ? run_elastic() : run_restarting();
    line_.finish();
    TimeParts& parts = sample_.parts;
    parts.productive = line_.secured();
    parts.lost += line_.worked() - line_.secured();
    parts.checkpoint = line_.written();
    parts.planned = sample_.clock * job_.planned / (1 - job_.planned);
    sample_.clock += parts.planned;
    return sample_;
  }

 private:
  void run_restarting() {
    double left = time_to_failure();
    while (left < line_.time_to_end()) {
      sample_.clock += left;
      line_.fail_after(left, sample_.clock);
      left = recover();
    }
    sample_.clock += line_.time_to_end();
  }

  /// Nothing is rolled back; a replica away takes its share of the pace for as long as it is away.
  void run_elastic() {
    double work = line_.time_to_end(), debt = 0, left = time_to_failure();
    const double stall = job_.elastic->stall.value(), share = 1.0 / static_cast<double>(job_.elastic->replicas);
    while (left < work + debt) {
      sample_.clock += left;
      const double behind = std::min(left, debt);
      sample_.parts.degraded += behind;
      debt -= behind;
      work -= left - behind;
      for (left = 0;;) {
        debt += share * replica_away();
        const double next = time_to_failure(), stalled = std::min(next, stall);
        sample_.parts.restart += stalled;
        sample_.clock += stalled;
        left = next - stalled;
        if (next >= stall) break;
      }
    }
    sample_.clock += work + debt;
    sample_.parts.degraded += debt;
  }

  double replica_away() {
    ++sample_.interruptions;
    const PreparedFailure& failure = draw_failure();
    const Replacement from = replace_nodes(failure);
    const double path = failure.paths[static_cast<int>(from)].time(true);
    if (from == Replacement::kInPlace || !job_.spares) return path;
    return path + repairs_.when_at_most(job_.spares->size(), sample_.clock) - sample_.clock;
  }

  /// From a failure at the clock to useful work; returns the time from there to the next failure.
  double recover() {
    bool memory = job_.memory, first = true;
    for (;; first = false) {
      ++sample_.interruptions;
      const PreparedFailure& failure = draw_failure();
      if (chance(first ? failure.memory_lost : failure.memory_lost_again)) {
        memory = false;
        line_.lose_memory(sample_.clock);
      }
      const Replacement from = replace_nodes(failure);
      const RecoveryPath& path = failure.paths[static_cast<int>(from)];
      const double before = path.before_wait(), after = path.after_wait(memory), next = time_to_failure();
      spend(path, std::min(next, before + after));
      if (next > before && from == Replacement::kOther && job_.spares) {
        const double ready = repairs_.when_at_most(job_.spares->size(), sample_.clock + before);
        const double wait = ready - (sample_.clock + before);
        sample_.parts.wait += wait;
        sample_.clock += wait;
      }
      sample_.clock += std::min(next, before + after);
      if (next >= before + after) return next - (before + after);
    }
  }

  void spend(const RecoveryPath& path, double time) {
    const double seen = std::min(time, path.unnoticed), found = std::min(time, path.unnoticed + path.detect);
    sample_.parts.lost += seen;
    sample_.parts.detect += found - seen;
    sample_.parts.restart += time - found;
  }

  Replacement replace_nodes(const PreparedFailure& failure) {
    if (!chance(failure.node_lost)) return Replacement::kInPlace;
    if (!job_.spares) return Replacement::kOther;
    fail_idle_spares();
    const std::int64_t down = repairs_.down_at(sample_.clock);
    for (int i = 0; i < failure.nodes_hit; ++i) repairs_.bring(sample_.clock + repair_time(failure));
    return down + failure.nodes_hit <= job_.spares->hot ? Replacement::kHotSpare : Replacement::kOther;
  }

  /// Spares fail as nodes at work do, those that are up.
  void fail_idle_spares() {
    while (next_spare_failure_ <= sample_.clock) {
      const PreparedFailure& failure = draw_failure();
      const auto up = static_cast<double>(job_.spares->size() - repairs_.down_at(next_spare_failure_));
      const double chosen = draws_.uniform() * static_cast<double>(job_.spares->size());
      if (chance(failure.node_lost) && chosen < up) repairs_.bring(next_spare_failure_ + repair_time(failure));
      next_spare_failure_ += spare_gap();
    }
  }

  double spare_gap() {
    const double rate = job_.spare_rate * factor_;
    return rate > 0 ? draws_.exponential() / rate : std::numeric_limits<double>::infinity();
  }

  double repair_time(const PreparedFailure& failure) {
    if (failure.repair_sigma == 0) return failure.repair_median;
    return failure.repair_median * std::exp(failure.repair_sigma * draws_.normal());
  }

  const PreparedFailure& draw_failure() {
    if (job_.failures.size() == 1) return job_.failures.front();
    const double share = draws_.uniform();
    for (const PreparedFailure& failure : job_.failures) {
      if (share < failure.until) return failure;
    }
    return job_.failures.back();
  }

  bool chance(double share) {
    if (share <= 0 || share >= 1) return share >= 1;
    return draws_.uniform() < share;
  }

  /// By the hazard of the regimes from the clock on.
  double time_to_failure() {
    const double usual = job_.rate * factor_;
    if (!(usual > 0)) return std::numeric_limits<double>::infinity();
    double hazard = draws_.exponential();
    if (regime_ == job_.regimes.size()) return hazard / usual;
    while (regime_ < job_.regimes.size() && regime_end_ <= sample_.clock) next_regime();
    double at = sample_.clock, end = regime_end_;
    for (std::size_t i = regime_; i < job_.regimes.size(); ++i) {
      const double rate = usual * job_.regimes[i].factor;
      if (rate * (end - at) >= hazard) return at - sample_.clock + hazard / rate;
      hazard -= rate * (end - at);
      at = end;
      if (i + 1 < job_.regimes.size()) end += job_.regimes[i + 1].duration.value();
    }
    return at - sample_.clock + hazard / usual;
  }

  void next_regime() {
    ++regime_;
    if (regime_ < job_.regimes.size()) regime_end_ += job_.regimes[regime_].duration.value();
  }

  const PreparedJob& job_;
  RandomCursor draws_;
  WorkLine line_;
  RepairShop repairs_;
  JobSample sample_;
  double factor_ = 1, regime_end_ = 0, next_spare_failure_ = 0;
  std::size_t regime_ = 0;
};

}  // namespace

PreparedJob prepare(const Job& job, const Intervals& intervals) {
  PreparedJob ready;
  ready.rate = interruption_rate(job.failures).value();
  double until = 0;
  for (const JobFailure& failure : job.failures) {
    if (!(failure.rate > PerSecond{})) continue;
    ready.failures.push_back(prepare(job, failure));
    until += failure.rate.value() / ready.rate;
    ready.failures.back().until = until;
  }
  ready.memory = job.checkpoints.memory.has_value();
  ready.work = plan_of_work(job.productive.value(), intervals.segment, intervals.per_store);
  ready.work.copy = ready.memory ? job.checkpoints.memory->blocking.value() : 0.0;
  ready.work.store = job.checkpoints.blocking.value();
  ready.work.lag = job.checkpoints.lag.value();
  ready.spares = job.spares;
  if (job.spares)
    ready.spare_rate = ready.rate / static_cast<double>(job.nodes) * static_cast<double>(job.spares->size());
  ready.regimes = job.regimes;
  ready.spread = job.spread;
  ready.elastic = job.elastic;
  ready.planned = (job.planned.rate * job.planned.time);
  return ready;
}

JobSample play_job(const PreparedJob& job, const RandomStream& stream, std::uint64_t sample) {
  return JobRun(job, stream, sample).run();
}

}  // namespace socle::reliability
