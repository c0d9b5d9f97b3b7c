#include "socle/reliability/replay_trace.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/reliability/cycle_time.hpp"
#include "socle/reliability/sample_summary.hpp"

namespace socle::reliability {
namespace {

constexpr std::uint32_t kPurpose = 0x54524143;
constexpr std::int64_t kEventsMax = 20'000'000;
constexpr double kClockMax = 100;  // times the useful work: then the job is given up

/// A fault of one copy of the trace.
struct Event {
  double down = 0, up = 0;
  std::uint32_t node = 0;
};

/// The nodes of a job and its spares, moved from event to event.
class NodePool {
 public:
  /// Nodes 0 to `needed` - 1 begin in the job, the others as spares, those that are down at the start apart.
  NodePool(std::vector<Event> events, double ring, std::size_t needed, std::size_t nodes)
      : events_(std::move(events)), ring_(ring), place_(nodes, kSpare), needed_(needed) {
    for (const Event& event : events_) {
      if (event.down <= 0 && event.up > 0) take_down(event.node, event.up);
      if (event.up > ring_) take_down(event.node, event.up - ring_);
    }
    for (std::size_t node = 0; node < nodes; ++node) {
      if (place_[node] == kSpare) spares_.push_back(static_cast<std::uint32_t>(node));
    }
    std::reverse(spares_.begin(), spares_.end());
    for (std::size_t i = 0; i < needed_; ++i) fill();
  }

  /// Goes on to `until`, or to the moment at which a node of the job goes down, which is then returned.
  std::optional<double> advance(double until) {
    for (;;) {
      const double fault = next_fault(), repair = repairs_.empty() ? until : std::min(until, repairs_.top().first);
      if (std::min(fault, repair) >= until) return std::nullopt;
      if (repair <= fault) {
        bring_back();
        continue;
      }
      const Event& event = events_[at_ % events_.size()];
      const double up = event.up + ring_ * static_cast<double>(at_ / events_.size());
      ++at_;
      const Place before = place_[event.node];
      if (before == kDown) continue;  // the ring closes on a fault that is still open
      take_down(event.node, up);
      if (before == kJob) {
        ++missing_;
        replaced_ = fill_from_spares();
        return fault;
      }
      spares_.erase(std::find(spares_.begin(), spares_.end(), event.node));
    }
  }

  /// A spare took the place of the node that failed last.
  bool replaced() const { return replaced_; }
  bool complete() const { return missing_ == 0; }
  /// Goes on until the job has all its nodes, or to about `limit`; returns when.
  double complete_at(double now, double limit) {
    while (!complete() && now < limit) {
      now = std::max(now, repairs_.top().first);
      const double moment = std::nextafter(now, std::numeric_limits<double>::infinity());
      while (advance(moment)) {}
    }
    return now;
  }

 private:
  enum Place : std::uint8_t { kSpare, kJob, kDown };
  using Repair = std::pair<double, std::uint32_t>;

  double next_fault() const {
    return events_[at_ % events_.size()].down + ring_ * static_cast<double>(at_ / events_.size());
  }
  void take_down(std::uint32_t node, double up) {
    place_[node] = kDown;
    repairs_.emplace(up, node);
  }
  void fill() {
    ++missing_;
    fill_from_spares();
  }
  bool fill_from_spares() {
    if (spares_.empty()) return false;
    place_[spares_.back()] = kJob;
    spares_.pop_back();
    --missing_;
    return true;
  }
  void bring_back() {
    const std::uint32_t node = repairs_.top().second;
    repairs_.pop();
    place_[node] = kSpare;
    spares_.insert(spares_.begin(), node);
    if (missing_ > 0) fill_from_spares();
  }

  std::vector<Event> events_;
  double ring_;
  std::vector<Place> place_;
  std::size_t needed_, at_ = 0, missing_ = 0;
  std::vector<std::uint32_t> spares_;
  std::priority_queue<Repair, std::vector<Repair>, std::greater<>> repairs_;
  bool replaced_ = false;
};

/// Copies of the trace, each from a moment of its own, in the order of time on one ring.
std::vector<Event> events_of(const workload::FaultTrace& trace, std::int64_t trace_nodes, std::size_t copies,
                             RandomCursor& draws) {
  const double ring = trace.length.value();
  std::vector<Event> events;
  events.reserve(trace.faults.size() * copies);
  for (std::size_t copy = 0; copy < copies; ++copy) {
    const double start = draws.uniform() * ring;
    for (const workload::Fault& fault : trace.faults) {
      double down = fault.down.value() - start;
      if (down < 0) down += ring;
      events.push_back({down, down + (fault.up - fault.down).value(),
                        static_cast<std::uint32_t>(copy * static_cast<std::size_t>(trace_nodes)) + fault.node});
    }
  }
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return std::tuple(a.down, a.node) < std::tuple(b.down, b.node); });
  return events;
}

/// Nodes are shuffled over job and spares: lemons are not always on one side.
void shuffle(std::vector<Event>& events, std::size_t nodes, RandomCursor& draws) {
  std::vector<std::uint32_t> order(nodes);
  for (std::size_t i = 0; i < nodes; ++i) order[i] = static_cast<std::uint32_t>(i);
  for (std::size_t i = nodes; i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(draws.uniform() * static_cast<double>(i))]);
  for (Event& event : events) event.node = order[event.node];
}

class Replay {
 public:
  Replay(const Job& job, const WorkPlan& work, NodePool pool)
      : job_(job), line_(work), pool_(std::move(pool)), limit_(kClockMax * job.productive.value()) {}

  /// Empty when the job gets nowhere.
  std::optional<JobSample> run() {
    sample_.clock = sample_.parts.wait = pool_.complete_at(0, limit_);
    for (;;) {
      if (sample_.clock >= limit_) return std::nullopt;
      const auto failed = pool_.advance(sample_.clock + line_.time_to_end());
      if (!failed) break;
      line_.fail_after(*failed - sample_.clock, *failed);
      sample_.clock = *failed;
      recover();
    }
    sample_.clock += line_.time_to_end();
    line_.finish();
    sample_.parts.productive = line_.secured();
    sample_.parts.lost = line_.worked() - line_.secured();
    sample_.parts.checkpoint = line_.written();
    const double planned = job_.planned.rate * job_.planned.time;
    sample_.parts.planned = sample_.clock * planned / (1 - planned);
    sample_.clock += sample_.parts.planned;
    return sample_;
  }

 private:
  void recover() {
    bool memory = job_.checkpoints.memory.has_value();
    if (!memory) line_.lose_memory(sample_.clock);
    for (bool done = false; !done && sample_.clock < limit_;) {
      ++sample_.interruptions;
      const bool spare = pool_.replaced(), hot = spare && job_.spares && job_.spares->hot > 0;
      const RecoveryPath path = recovery_path(job_, {}, hot ? Replacement::kHotSpare : Replacement::kOther);
      done = stay(path.detect, &TimeParts::detect) && stay(path.drain, &TimeParts::restart);
      if (!done) continue;
      const double ready = pool_.complete_at(sample_.clock, limit_);
      sample_.parts.wait += ready - sample_.clock;
      sample_.clock = ready;
      done = stay(path.after_wait(memory), &TimeParts::restart);
    }
  }

  /// Spends the time unless a node fails first.
  bool stay(double time, double TimeParts::*part) {
    const double start = sample_.clock;
    const auto failed = pool_.advance(start + time);
    sample_.clock = failed ? *failed : start + time;
    sample_.parts.*part += sample_.clock - start;
    return !failed;
  }

  const Job& job_;
  WorkLine line_;
  NodePool pool_;
  double limit_;
  JobSample sample_;
};

}  // namespace

Feasible<SimulatedGoodput> replay_trace(const Job& job, const workload::FaultTrace& trace,
                                        const ReplayOptions& options) {
  SOCLE_CHECK(options.trace_nodes >= static_cast<std::int64_t>(trace.nodes.size()), "a trace names no more nodes");
  if (job.elastic)
    return Infeasible{"elastic", "a trace is replayed on jobs that stop at each failure", "take elastic out"};
  const auto intervals = choose_intervals(job);
  if (!intervals) return intervals.why();
  const std::int64_t wanted = job.nodes + (job.spares ? job.spares->size() : 0);
  const std::int64_t copies = (wanted + options.trace_nodes - 1) / options.trace_nodes;
  const std::int64_t nodes = job.spares ? wanted : copies * options.trace_nodes;
  const std::int64_t events = static_cast<std::int64_t>(trace.faults.size()) * copies * options.simulation.samples;
  if (events > kEventsMax)
    return Infeasible{
        "samples",
        fmt::format("{} faults would be replayed; at most {}", format_whole(events), format_whole(kEventsMax)),
        "ask for fewer samples"};
  const PreparedJob ready = prepare(job, *intervals);
  const RandomStream stream(options.simulation.seed, kPurpose);
  std::vector<std::optional<JobSample>> played(static_cast<std::size_t>(options.simulation.samples));
  if (options.simulation.progress) options.simulation.progress->begin("replaying the trace", played.size());
  parallel_for(
      played.size(), options.simulation.threads,
      [&](std::size_t i) {
        RandomCursor draws(stream, i);
        std::vector<Event> all = events_of(trace, options.trace_nodes, static_cast<std::size_t>(copies), draws);
        shuffle(all, static_cast<std::size_t>(copies * options.trace_nodes), draws);
        std::erase_if(all, [&](const Event& event) { return event.node >= static_cast<std::size_t>(nodes); });
        if (all.empty()) all.push_back({std::numeric_limits<double>::infinity(), 0, 0});
        NodePool pool(std::move(all), trace.length.value(), static_cast<std::size_t>(job.nodes),
                      static_cast<std::size_t>(nodes));
        played[i] = Replay(job, ready.work, std::move(pool)).run();
      },
      options.simulation.progress);
  std::vector<JobSample> samples;
  for (const auto& one : played) {
    if (!one)
      return Infeasible{
          "spares",
          fmt::format("with the faults of the trace, {} of {} nodes are hardly ever up together: after {} "
                      "times its work the job had not ended",
                      job.nodes, nodes, kClockMax),
          "add spares, or use fewer nodes"};
    samples.push_back(*one);
  }
  return summary(samples);
}

}  // namespace socle::reliability
