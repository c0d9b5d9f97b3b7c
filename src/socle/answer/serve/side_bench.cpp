#include "socle/answer/serve/side_bench.hpp"

#include <unordered_map>
#include <utility>

#include "socle/serve/disaggregated.hpp"

namespace socle::answer {
namespace {

/// The same requests, for one token each; whoever made them hears of what they asked for.
class PromptsOnly final : public workload::RequestSource {
 public:
  explicit PromptsOnly(workload::RequestSource& source) : source_(source) {}
  std::optional<workload::Request> next() override {
    std::optional<workload::Request> request = source_.next();
    if (request) wanted_[request->id] = std::exchange(request->output, 1);
    return request;
  }
  workload::Request sooner(workload::Request held) override {
    const auto found = wanted_.find(held.id);
    held.output = found->second;
    wanted_.erase(found);
    workload::Request request = source_.sooner(std::move(held));
    wanted_[request.id] = std::exchange(request.output, 1);
    return request;
  }
  void completed(const workload::Request& request, Seconds time) override {
    workload::Request whole = request;
    const auto found = wanted_.find(request.id);
    whole.output = found->second;
    wanted_.erase(found);
    source_.completed(whole, time);
  }

 private:
  workload::RequestSource& source_;
  std::unordered_map<std::int64_t, int> wanted_;
};

/// Prompts that take no time to speak of.
class AtOnce final : public serve::StepTimer {
 public:
  serve::StepTime time(std::span<const serve::LaneStep>) override { return {.first = 1'000'000, .steps = 1}; }
};

Objectives of_side(const Objectives& all, PlanSide side) {
  Objectives objectives = all;
  objectives.e2e.reset();
  (side == PlanSide::kPrefill ? objectives.tpot : objectives.ttft).reset();
  for (Objectives& one : objectives.classes) one = of_side(one, side);
  return objectives;
}

ServeFigures play(const Planner& planner, const PlanWork& work, PlanSide side, serve::StepModel& timer,
                  workload::RequestSource& source, const Objectives& objectives) {
  const setup::Deployment& deployment = *work.deployment;
  const serve::Router router = planner.ground(work).setup.router;
  FleetWatch watch(deployment.replica.limits.blocks * deployment.replica.lanes * deployment.batches);
  serve::Tally tally(deployment.timing.edge);
  serve::FleetRun run;
  if (side == PlanSide::kPrefill) {
    PromptsOnly prompts(source);
    run = serve::run_fleet(prompts, {.replica = deployment.replica, .replicas = deployment.batches, .router = router},
                           timer, tally, planner.progress());
  } else {
    constexpr std::int64_t kAll = std::int64_t{1} << 40;
    const serve::ReplicaOptions at_once{
        .limits = {.blocks = kAll, .max_sequences = 1 << 20, .max_step_tokens = 1 << 30}, .policy = serve::vllm_v0};
    const BytesPerSecond no_limit{1e18};
    AtOnce prompts;
    run = serve::run_disaggregated(source,
                                   {.prefill = at_once,
                                    .decode = serve::decoding_only(deployment.replica),
                                    .prefill_replicas = 1,
                                    .decode_replicas = deployment.batches,
                                    .router = router,
                                    .links = {.prefill = no_limit, .decode = no_limit, .one = no_limit},
                                    .cache_per_token = Bytes{1.0}},
                                   prompts, timer, tally, planner.progress())
              .fleet;
  }
  return figures_of(tally, run, watch, objectives, deployment.batches);
}

}  // namespace

std::optional<double> side_capacity(const Planner& planner, const PlanWork& work, const Objectives& objectives,
                                    PlanSide side, double start, int& runs) {
  const serve::StepCosts costs = planner.costs(work);
  serve::StepModel timer(costs, work.deployment->timing);
  const Objectives own = of_side(objectives, side);
  const setup::RequestsSetup& requests = planner.ground(work).setup.requests;
  return highest_load(start, [&](double speed) {
    ++runs;
    const auto source = faster(requests.make(requests.seed), speed, kRequestsOfASearch);
    const ServeFigures figures = play(planner, work, side, timer, *source, own);
    return LoadTrial{own.hold(figures), figures.makespan * speed};
  });
}

}  // namespace socle::answer
