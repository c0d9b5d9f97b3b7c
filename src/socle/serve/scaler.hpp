#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "socle/net/clock.hpp"

namespace socle::serve {

using net::Picoseconds;

/// What decides on the size of a fleet may look at.
struct ScalingView {
  Picoseconds now = 0;
  int ready = 0, starting = 0;  ///< replicas; those that drain are in neither
  std::int64_t requests = 0;    ///< waiting and running, on all of them
};

/// Decides how many replicas a fleet wants. One per simulation: it may remember.
class Scaler {
 public:
  virtual ~Scaler() = default;
  virtual int wanted(const ScalingView& view) = 0;
};

/// Follows the load as the Horizontal Pod Autoscaler of Kubernetes does, with requests in flight as the metric:
/// ceil(replicas x metric / target), nothing within 10 % of the target, down only to the most that was wanted in the
/// last five minutes. Source: Kubernetes documentation, "Horizontal Pod Autoscaling" (tolerance 0.1, downscale
/// stabilization 300 s, read 2026-11).
class ReactiveScaler final : public Scaler {
 public:
  /// `target`: requests in flight for each replica; `least`: replicas that always run. Requires: target > 0, least > 0.
  explicit ReactiveScaler(double target, int least = 1) : target_(target), least_(least) {}
  int wanted(const ScalingView& view) override;

 private:
  double target_;
  int least_;
  std::deque<std::pair<Picoseconds, int>> recent_;  ///< what was wanted in the last five minutes
};

/// Knows the day: enough replicas for the largest of the rates that hold until a replica that starts now is ready. None
/// is stopped that is wanted again within 15 minutes.
class ForecastScaler final : public Scaler {
 public:
  /// `wanted`: replicas for each of equal parts of time from the start; the last goes on. `ahead`: how far it looks.
  /// Requires: wanted is not empty, part > 0.
  ForecastScaler(std::vector<int> wanted, Picoseconds part, Picoseconds ahead)
      : wanted_(std::move(wanted)), part_(part), ahead_(ahead) {}
  int wanted(const ScalingView& view) override;

 private:
  std::vector<int> wanted_;
  Picoseconds part_, ahead_;
};

}  // namespace socle::serve
