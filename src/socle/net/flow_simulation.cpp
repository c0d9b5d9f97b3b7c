#include "socle/net/flow_simulation.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::net {
namespace {

constexpr double kPerSecond = 1e12;
/// 100 days: a flow that would take longer ends the run there.
constexpr double kLongest = 8.64e18;

}  // namespace

FlowId FlowSimulation::add(std::span<const LinkId> links, std::span<const double> shares, Picoseconds latency,
                           double weight, double cap) {
  const FlowId id = rates_.add(links, shares, weight, cap);
  flows_.push_back({.latency = latency});
  return id;
}

void FlowSimulation::reserve(std::size_t flows, std::size_t hops) {
  flows_.reserve(flows);
  rates_.reserve(flows, hops);
}

void FlowSimulation::start(FlowId id, Bytes bytes) {
  SOCLE_CHECK(bytes >= Bytes{}, "a flow has bytes");
  Course& flow = flows_[id];
  flow.started = now_;
  ++flow.version;
  if (bytes == Bytes{}) {
    flow.finished = now_;
    queue_.push(now_ + flow.latency, EventClass::kArrived, {id, flow.version});
    return;
  }
  flow.remaining = bytes.value();
  flow.rate = 0;
  flow.since = now_;
  rates_.start(id);
  must_solve_ = true;
}

void FlowSimulation::reroute(FlowId id, std::span<const LinkId> links, std::span<const double> shares,
                             Picoseconds latency) {
  Course& flow = flows_[id];
  flow.latency = latency;
  if (!rates_.runs(id)) return rates_.set_path(id, links, shares);
  flow.remaining -= flow.rate * static_cast<double>(now_ - flow.since) / kPerSecond;
  flow.since = now_;
  flow.rate = 0;
  ++flow.version;
  rates_.stop(id);
  rates_.set_path(id, links, shares);
  rates_.start(id);
  must_solve_ = true;
}

Picoseconds FlowSimulation::run(Listener& listener) {
  update_rates();
  while (!queue_.empty() || !finishes_.empty()) {
    const bool finish_first = queue_.empty() || (!finishes_.empty() && finishes_.next_time() <= queue_.next_time());
    const Picoseconds next = finish_first ? finishes_.next_time() : queue_.next_time();
    if (react_at_ > 0 && react_at_ < next) {
      now_ = react_at_;
      update_rates();
      continue;
    }
    check(looked_at_);
    check_within_clock(next);
    now_ = next;
    ++instants_;
    handle_finished(listener);
    handle_events(listener);
    if (must_solve_ || reaction_ == 0)
      update_rates();
    else if (react_at_ == 0)
      react_at_ = now_ + std::llround(reaction_ * static_cast<double>(now_));
  }
  return now_;
}

void FlowSimulation::handle_finished(Listener& listener) {
  ended_.clear();
  while (!finishes_.empty() && finishes_.next_time() == now_) {
    finishes_.take([this](const FinishQueue::Entry& entry) { return flows_[entry.flow].version == entry.version; },
                   ended_);
  }
  events_ += ended_.size();
  advance(told_, ended_.size());
  for (const FlowId id : ended_) finish(id, listener);
}

void FlowSimulation::handle_events(Listener& listener) {
  while (!queue_.empty() && queue_.next_time() == now_) {
    const EventClass kind = queue_.next_class();
    queue_.pop(batch_);
    events_ += batch_.size();
    std::vector<EventQueue::Event> batch;
    batch.swap(batch_);  // starting flows may push to the queue, never to this batch
    for (const auto& [id, version] : batch) {
      if (kind == EventClass::kChanged)
        listener.due(id);
      else if (flows_[id].version == version)
        listener.arrived(id);
    }
    batch_.swap(batch);
  }
}

void FlowSimulation::finish(FlowId id, Listener& listener) {
  Course& flow = flows_[id];
  rates_.stop(id);
  ++flow.version;  // what else was expected of it is void
  flow.remaining = 0;
  flow.rate = 0;
  flow.finished = now_;
  if (flow.latency == 0)
    listener.arrived(id);
  else
    queue_.push(now_ + flow.latency, EventClass::kArrived, {id, flow.version});
}

void FlowSimulation::update_rates() {
  rates_.solve();
  must_solve_ = false;
  react_at_ = 0;
  for (const FlowId id : rates_.changed()) expect_finish(id, rates_.rate(id));
  finishes_.commit();
}

void FlowSimulation::expect_finish(FlowId id, double rate) {
  Course& flow = flows_[id];
  flow.remaining -= flow.rate * static_cast<double>(now_ - flow.since) / kPerSecond;
  if (flow.remaining < 0) flow.remaining = 0;
  flow.since = now_;
  flow.rate = rate;
  ++flow.version;
  if (rate <= 0) return;  // stalled until something changes
  const double left = flow.remaining / rate * kPerSecond;
  finishes_.expect({now_ + std::llround(std::min(left, kLongest - static_cast<double>(now_))), id, flow.version});
}

}  // namespace socle::net
