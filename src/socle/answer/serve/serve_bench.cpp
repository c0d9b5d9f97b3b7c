#include "socle/answer/serve/serve_bench.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "socle/serve/disaggregated.hpp"

namespace socle::answer {
namespace {

/// The same requests, their arrivals and waits divided by a speed, and no more than so many.
class Faster final : public workload::RequestSource {
 public:
  Faster(std::unique_ptr<workload::RequestSource> source, double speed, std::int64_t requests)
      : source_(std::move(source)), speed_(speed), left_(requests > 0 ? requests : -1) {}
  std::optional<workload::Request> next() override {
    if (left_ == 0) return std::nullopt;
    std::optional<workload::Request> request = source_->next();
    if (!request) return request;
    if (left_ > 0) --left_;
    return faster(std::move(*request));
  }
  workload::Request sooner(workload::Request held) override {
    held.arrival = given_;
    return faster(source_->sooner(std::move(held)));
  }
  void completed(const workload::Request& request, Seconds time) override {
    source_->completed(request, time * speed_);
  }

 private:
  workload::Request faster(workload::Request request) {
    given_ = request.arrival;
    request.arrival /= speed_;
    return request;
  }

  std::unique_ptr<workload::RequestSource> source_;
  Seconds given_{};  ///< arrival of the last request as the source has it
  double speed_;
  std::int64_t left_;  ///< -1: all
};

serve::SegmentListener listener_of(ServeTimeline* timeline) {
  if (timeline == nullptr) return {};
  return [timeline](bool prefill, std::size_t replica, const serve::Segment& segment) {
    timeline->see(prefill, replica, segment);
  };
}

constexpr double kWidest = 1024;           // times the first load, up or down, where the search ends
constexpr double kLongest = 20 * 86400.0;  // seconds that requests may be spread over: the clock ends at 30 days
constexpr double kClose = 1.01;            // between a load that holds and one that does not

}  // namespace

ServeBench::ServeBench(const setup::ServeSimulationSetup& setup, const setup::Deployment& deployment,
                       const serve::StepCosts& costs, const Objectives& objectives, std::optional<BenchPrefill> prefill)
    : setup_(setup), deployment_(deployment), objectives_(objectives), timer_(costs, deployment.timing) {
  if (!prefill) return;
  prefill_ = &prefill->side;
  prompt_timer_.emplace(prefill->costs, prefill_->deployment.timing);
}

ServeFigures ServeBench::run(const BenchRun& what, Progress* progress) {
  ++runs_;
  Faster source(setup_.requests.make(setup_.requests.seed), what.speed, what.requests);
  serve::Tally tally(deployment_.timing.edge, what.rows != nullptr);
  ServeFigures figures =
      prefill_ ? run_apart(source, what, tally, progress) : run_together(source, what, tally, progress);
  if (what.rows) *what.rows = tally.rows();
  return figures;
}

ServeFigures ServeBench::run_together(workload::RequestSource& source, const BenchRun& what, serve::Tally& tally,
                                      Progress* progress) {
  const int replicas = what.replicas * deployment_.batches;
  if (what.timeline) what.timeline->blocks = deployment_.replica.limits.blocks * deployment_.replica.lanes;
  FleetWatch watch(deployment_.replica.limits.blocks * deployment_.replica.lanes * replicas);
  const serve::FleetRun run = serve::run_fleet(source,
                                               {.replica = deployment_.replica,
                                                .replicas = replicas,
                                                .router = setup_.router,
                                                .observe = [&](const serve::FleetState& s) { watch.see(s); },
                                                .on_segment = listener_of(what.timeline)},
                                               timer_, tally, progress);
  return figures_of(tally, run, watch, objectives_, replicas);
}

// A request passes one front only, that of the prefill side.
ServeFigures ServeBench::run_apart(workload::RequestSource& source, const BenchRun& what, serve::Tally& tally,
                                   Progress* progress) {
  const int replicas = what.replicas * deployment_.batches;
  FleetWatch watch(deployment_.replica.limits.blocks * deployment_.replica.lanes * replicas);
  const int prefill_replicas = prefill_->replicas * prefill_->deployment.batches;
  const serve::ReplicaOptions decode = serve::decoding_only(deployment_.replica);
  if (what.timeline) {
    const serve::ReplicaOptions& prompts = prefill_->deployment.replica;
    what.timeline->blocks = decode.limits.blocks * decode.lanes;
    what.timeline->prefill_blocks = prompts.limits.blocks * prompts.lanes;
  }
  const serve::DisaggregatedRun run =
      serve::run_disaggregated(source,
                               {.prefill = prefill_->deployment.replica,
                                .decode = decode,
                                .prefill_replicas = prefill_replicas,
                                .decode_replicas = replicas,
                                .router = setup_.router,
                                .links = prefill_->links,
                                .cache_per_token = prefill_->cache_per_token,
                                .observe = [&](const serve::FleetState& s) { watch.see(s); },
                                .on_segment = listener_of(what.timeline)},
                               *prompt_timer_, timer_, tally, progress);
  ServeFigures figures = figures_of(tally, run.fleet, watch, objectives_, prefill_replicas + replicas);
  const double time = static_cast<double>(std::max<serve::Picoseconds>(1, run.fleet.end));
  figures.apart = {.prefill_busy_share = static_cast<double>(run.prefill_busy) / time / prefill_replicas,
                   .decode_busy_share = static_cast<double>(run.decode_busy) / time / replicas,
                   .transfer_mean = run.transfers.mean(),
                   .transfer_p99 = run.transfers.quantile(0.99)};
  return figures;
}

std::unique_ptr<workload::RequestSource> faster(std::unique_ptr<workload::RequestSource> source, double speed,
                                                std::int64_t requests) {
  return std::make_unique<Faster>(std::move(source), speed, requests);
}

std::optional<double> highest_load(double start, const std::function<LoadTrial(double speed)>& trial) {
  double span = 0;  // of the requests at the stated load
  const auto holds = [&](double speed) {
    const LoadTrial at = trial(speed);
    span = std::max(span, at.span.value());
    return at.holds;
  };
  double good = start, bad = start;
  if (holds(start)) {
    do bad *= 2.0;
    while (bad <= start * kWidest && holds(bad) && (good = bad) > 0);
    if (bad > start * kWidest) return std::nullopt;
  } else {
    do good /= 2.0;
    while (good >= start / kWidest && span / good < kLongest && !holds(good) && (bad = good) > 0);
    if (good < start / kWidest || span / good >= kLongest) return 0.0;
  }
  while (bad / good > kClose) {
    const double middle = std::sqrt(good * bad);
    (holds(middle) ? good : bad) = middle;
  }
  return good;
}

std::optional<double> ServeBench::capacity(double start, BenchRun what, Progress* progress) {
  return highest_load(start, [&](double speed) {
    what.speed = speed;
    const ServeFigures figures = run(what, progress);
    return LoadTrial{objectives_.hold(figures), figures.makespan * speed};
  });
}

}  // namespace socle::answer
