#include "socle/answer/serve/mixed_fleet.hpp"

#include <deque>

#include "socle/base/check.hpp"
#include "socle/serve/step_model.hpp"

namespace socle::answer {

ServeFigures run_mixed(const setup::RequestsSetup& requests, const std::vector<MixedReplicas>& kinds,
                       const Objectives& objectives, Progress* progress) {
  SOCLE_CHECK(!kinds.empty(), "a fleet has replicas");
  std::deque<serve::StepModel> timers;
  serve::FleetOptions options{.router = serve::least_loaded};
  std::int64_t blocks = 0;
  int replicas = 0;
  for (const MixedReplicas& kind : kinds) {
    const setup::Deployment& deployment = *kind.deployment;
    timers.emplace_back(kind.costs, deployment.timing);
    const int count = kind.replicas * deployment.batches;
    if (timers.size() == 1) {
      options.replica = deployment.replica;
      options.replicas = count;
    } else {
      options.others.push_back(
          {.replica = deployment.replica, .replicas = count, .timer = &timers.back(), .weight = kind.weight});
    }
    blocks += deployment.replica.limits.blocks * deployment.replica.lanes * count;
    replicas += count;
  }
  FleetWatch watch(blocks);
  options.observe = [&](const serve::FleetState& state) { watch.see(state); };
  serve::Tally tally(kinds.front().deployment->timing.edge);
  const auto source = requests.make(requests.seed);
  const serve::FleetRun run = serve::run_fleet(*source, options, timers.front(), tally, progress);
  return figures_of(tally, run, watch, objectives, replicas);
}

}  // namespace socle::answer
