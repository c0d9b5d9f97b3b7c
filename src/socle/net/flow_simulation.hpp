#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/base/quantity.hpp"
#include "socle/net/event_queue.hpp"
#include "socle/net/finish_queue.hpp"
#include "socle/net/max_min.hpp"

namespace socle::net {

/// Flows over time: max-min fair rates between events, an integer clock, latency behind the last byte.
///
/// A flow takes bandwidth from its start until its last byte has left, and arrives its latency later. Rates are brought
/// up to date once for all that happens at an instant.
class FlowSimulation {
 public:
  /// Told what happens; may start flows and schedule changes.
  class Listener {
   public:
    virtual ~Listener() = default;
    /// The last byte of a flow has arrived.
    virtual void arrived(FlowId flow) = 0;
    /// The time that `schedule` was asked for has come.
    virtual void due(std::uint32_t /*what*/) {}
  };

  /// Capacities in bytes per second, by link.
  explicit FlowSimulation(std::vector<double> capacities) : rates_(std::move(capacities)) {}

  /// Makes a flow known, as MaxMin::add does. It may run any number of times.
  FlowId add(std::span<const LinkId> links, std::span<const double> shares, Picoseconds latency, double weight = 1.0,
             double cap = MaxMin::kNoCap);
  void reserve(std::size_t flows, std::size_t hops);
  /// Rates react to departures only after this share of the time passed so far, as congestion control does after some
  /// round trips: what leaves meanwhile is handled in one solution. 0 = at once, the default. Requires: 0 <= share < 1.
  void set_reaction(double share) { reaction_ = share; }
  /// `looked_at` ends a run by Cancelled; `told` of every flow that finishes. Both may be empty; they outlive the
  /// simulation.
  void watch(const Progress* looked_at, Progress* told) { looked_at_ = looked_at, told_ = told; }
  /// Starts a flow now. Requires: it does not run; bytes >= 0.
  void start(FlowId flow, Bytes bytes);
  void schedule(Picoseconds at, std::uint32_t what) { queue_.push(at, EventClass::kChanged, {what, 0}); }
  void set_capacity(LinkId link, double capacity) {
    rates_.set_capacity(link, capacity);
    must_solve_ = true;
  }
  /// Gives a flow another path; a running one goes on there with what it has left.
  void reroute(FlowId flow, std::span<const LinkId> links, std::span<const double> shares, Picoseconds latency);
  /// Runs until nothing happens any more; returns the time of the last event. Throws Cancelled.
  Picoseconds run(Listener& listener);

  Picoseconds now() const { return now_; }
  bool running(FlowId flow) const { return rates_.runs(flow); }
  /// When the flow started and when its last byte left; of its last run.
  Picoseconds started_at(FlowId flow) const { return flows_[flow].started; }
  Picoseconds finished_at(FlowId flow) const { return flows_[flow].finished; }
  const MaxMin& rates() const { return rates_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t instants() const { return instants_; }

 private:
  struct Course {
    double remaining = 0, rate = 0;  ///< bytes; bytes per second
    Picoseconds since = 0, latency = 0, started = 0, finished = 0;
    std::uint32_t version = 0;
  };
  void handle_finished(Listener& listener);
  void handle_events(Listener& listener);
  void finish(FlowId flow, Listener& listener);
  void update_rates();
  void expect_finish(FlowId flow, double rate);

  MaxMin rates_;
  std::vector<Course> flows_;
  EventQueue queue_;
  FinishQueue finishes_;
  std::vector<FlowId> ended_;
  std::vector<EventQueue::Event> batch_;
  Picoseconds now_ = 0, react_at_ = 0;  ///< react_at_: when departures are answered; 0 = none waits
  double reaction_ = 0;
  bool must_solve_ = false;  ///< flows started or capacities changed
  std::uint64_t events_ = 0, instants_ = 0;
  const Progress* looked_at_ = nullptr;
  Progress* told_ = nullptr;
};

}  // namespace socle::net
