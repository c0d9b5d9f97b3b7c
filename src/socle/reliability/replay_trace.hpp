#pragma once

#include "socle/reliability/goodput.hpp"
#include "socle/workload/fault_trace.hpp"

namespace socle::reliability {

struct ReplayOptions {
  std::int64_t trace_nodes = 0;  ///< that the trace watched; at least those that it names
  SimulationOptions simulation;
};

/// Plays the job on nodes that fail and come back as a recorded trace says. Each sample begins at a random moment of
/// the trace, which closes into a ring; a job with more nodes than the trace watched is laid over copies of it that
/// begin at moments of their own. The job's own failure rates, their spread and regimes are not used; its spares are,
/// and where it gives none, the nodes of the copies that are left over. An elastic job is refused.
Feasible<SimulatedGoodput> replay_trace(const Job& job, const workload::FaultTrace& trace,
                                        const ReplayOptions& options);

}  // namespace socle::reliability
