#pragma once

#include <optional>
#include <vector>

#include "socle/serve/fleet.hpp"

namespace socle::serve {

/// The replicas of a fleet, which of them take requests, and how that changes.
class ReplicaSet {
 public:
  /// Requires: `timer`, those of other groups and `recorder` outlive this object.
  ReplicaSet(const FleetOptions& options, StepTimer& timer, Recorder& recorder);
  ReplicaSet(const ReplicaSet&) = delete;
  ReplicaSet& operator=(const ReplicaSet&) = delete;

  std::vector<Replica>& replicas() { return replicas_; }
  /// The one that a request goes to.
  std::size_t choose(Router router, const Request& request, std::int64_t routed) const;

  /// When the next that starts is ready; kNever: none starts.
  Picoseconds next_ready() const { return next_ready_; }
  void make_ready(Picoseconds now);
  /// Starts or drains replicas until there are as many as are wanted. Requires: the fleet scales.
  void scale(Picoseconds now);
  /// Stops the replica if it drains and is empty. Returns whether it did.
  bool release(std::size_t index, Picoseconds now);

  /// Adds what all replicas did, and who held chips when.
  void finish(FleetRun& run);

 private:
  enum class Phase { kOff, kStarting, kReady, kDraining };
  struct Slot {
    Phase phase = Phase::kReady;
    Picoseconds ready = kNever;
  };
  /// The options with the listener for a place; empty: the next.
  ReplicaOptions watched(ReplicaOptions replica, std::optional<std::size_t> place = std::nullopt) const;
  void set_up(std::size_t index, Phase phase, Picoseconds now, Picoseconds ready = kNever);
  void count(const Replica& replica);
  void list_ready();

  const FleetOptions& options_;
  StepTimer& timer_;
  Recorder& recorder_;
  std::vector<Replica> replicas_;
  std::vector<Slot> slots_;
  std::vector<double> all_weights_;
  // Those that take requests.
  std::vector<const Replica*> ready_;
  std::vector<double> weights_;
  Picoseconds next_ready_ = kNever;
  std::vector<HeldReplicas> held_;
  FleetRun stopped_;  ///< what replicas did that have stopped
};

}  // namespace socle::serve
