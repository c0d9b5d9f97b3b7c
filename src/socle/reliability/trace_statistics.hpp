#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "socle/workload/fault_trace.hpp"

namespace socle::reliability {

/// One kind of fault in a trace.
struct TraceClass {
  std::string name;
  std::int64_t count = 0;
  Seconds repair_median, repair_mean;
};

/// What a trace says of the nodes that it covers. Variance / mean is 1 for events at random (Poisson).
struct TraceStatistics {
  std::int64_t nodes = 0, faults = 0;
  Seconds length;
  double per_1000_node_days = 0;
  double unavailability = 0;
  double down_mean = 0;  ///< nodes down together, over time
  std::int64_t down_p50 = 0, down_p90 = 0, down_p99 = 0, down_p999 = 0, down_max = 0;
  std::int64_t binomial_p99 = 0;      ///< that a constant rate would have
  double daily_variance_to_mean = 0;  ///< of faults in a day
  double node_variance_to_mean = 0;   ///< of faults of a node
  double gap_variation = 0;           ///< standard deviation / mean of the times between faults
  double gap_weibull_shape = 0;       ///< below 1: faults come in bunches; maximum likelihood
  double worst_nodes_share = 0;       ///< of faults, of the worst twentieth of the nodes
  Seconds repair_median, repair_mean, repair_p90;
  std::vector<double> window_down;  ///< mean nodes down in each sixth of the time
  std::vector<TraceClass> classes;  ///< most frequent first
};

/// `nodes` are all that were watched, those without a fault among them. Requires: nodes >= trace.nodes.size().
TraceStatistics trace_statistics(const workload::FaultTrace& trace, std::int64_t nodes);

/// Shape of the Weibull law of most likelihood; 0 for fewer than two positive values.
double weibull_shape(const std::vector<double>& values);

}  // namespace socle::reliability
