#include "socle/reliability/work_line.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::reliability {

WorkPlan plan_of_work(double work, double segment, std::int64_t per_store) {
  SOCLE_CHECK(work > 0 && segment > 0 && per_store >= 1, "work is cut into segments of some length");
  WorkPlan plan;
  plan.segment = segment;
  plan.per_store = per_store;
  plan.segments = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(work / segment - 1e-9)));
  plan.last_segment = work - static_cast<double>(plan.segments - 1) * segment;
  return plan;
}

double WorkLine::time_to(std::int64_t segment) const {
  const std::int64_t writes = segment / plan_.per_store - at_ / plan_.per_store;
  return static_cast<double>(segment - at_) * (plan_.segment + plan_.copy) + static_cast<double>(writes) * plan_.store;
}

std::int64_t WorkLine::completed(double time) const {
  const double step = plan_.segment + plan_.copy;
  const std::int64_t cycle = plan_.per_store;
  const std::int64_t first = cycle - at_ % cycle;  // segments that end with the next write
  const double first_time = static_cast<double>(first) * step + plan_.store;
  std::int64_t whole = 0;
  if (time < first_time) {
    whole = std::min(static_cast<std::int64_t>(time / step), first - 1);
  } else {
    const double cycle_time = static_cast<double>(cycle) * step + plan_.store;
    const auto cycles = static_cast<std::int64_t>((time - first_time) / cycle_time);
    const double rest = time - first_time - static_cast<double>(cycles) * cycle_time;
    whole = first + cycles * cycle + std::min(static_cast<std::int64_t>(std::max(rest, 0.0) / step), cycle - 1);
  }
  return std::min(whole, plan_.segments - 1 - at_);
}

void WorkLine::fail_after(double time, double now) {
  const std::int64_t whole = completed(time), end = at_ + whole;
  const double inside = std::max(time - time_to(end), 0.0);
  const double work = std::min(inside, end == plan_.segments - 1 ? plan_.last_segment : plan_.segment);
  worked_ += static_cast<double>(whole) * plan_.segment + work;
  written_ += time - static_cast<double>(whole) * plan_.segment - work;
  if (pending_ > stored_ && pending_until_ <= now) stored_ = pending_;
  const std::int64_t newest = end / plan_.per_store * plan_.per_store;
  if (newest > at_) {
    const double durable = time_to(newest) + plan_.lag;
    if (durable <= time) {
      stored_ = newest;
    } else {
      if (newest - plan_.per_store > at_) stored_ = newest - plan_.per_store;
      pending_ = newest;
      pending_until_ = now - time + durable;
    }
  }
  at_ = end;
}

void WorkLine::lose_memory(double now) {
  if (pending_ > stored_ && pending_until_ <= now) stored_ = pending_;
  pending_ = stored_;
  at_ = stored_;
}

void WorkLine::finish() {
  const double time = time_to_end();
  const double work = static_cast<double>(plan_.segments - 1 - at_) * plan_.segment + plan_.last_segment;
  worked_ += work;
  written_ += time - work;
  at_ = plan_.segments;
}

double WorkLine::secured() const {
  if (at_ < plan_.segments) return static_cast<double>(at_) * plan_.segment;
  return static_cast<double>(plan_.segments - 1) * plan_.segment + plan_.last_segment;
}

}  // namespace socle::reliability
