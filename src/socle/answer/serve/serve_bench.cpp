#include "socle/answer/serve/serve_bench.hpp"

#include <cmath>
#include <memory>
#include <utility>

namespace socle::answer {
namespace {

/// The same requests, their arrivals and waits divided by a speed, and no more than so many.
class Faster final : public workload::RequestSource {
 public:
  Faster(std::unique_ptr<workload::RequestSource> source, const BenchRun& what)
      : source_(std::move(source)), speed_(what.speed), left_(what.requests > 0 ? what.requests : -1) {}
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

constexpr double kWidest = 1024;  // times the first load, up or down, where the search ends
constexpr double kClose = 1.01;   // between a load that holds and one that does not

}  // namespace

ServeFigures ServeBench::run(const BenchRun& what, Progress* progress) {
  ++runs_;
  Faster source(setup_.requests.make(setup_.requests.seed), what);
  const int replicas = what.replicas * deployment_.batches;
  const std::int64_t blocks = deployment_.replica.limits.blocks * deployment_.replica.lanes * replicas;
  FleetWatch watch(blocks);
  serve::Tally tally(what.rows != nullptr);
  const serve::FleetRun run = serve::run_fleet(source,
                                               {.replica = deployment_.replica,
                                                .replicas = replicas,
                                                .router = setup_.router,
                                                .observe = [&](const serve::FleetState& s) { watch.see(s); }},
                                               timer_, tally, progress);
  if (what.rows) *what.rows = tally.rows();
  return figures_of(tally, run, watch, objectives_, deployment_.timing.request, replicas);
}

std::optional<double> ServeBench::capacity(double start, BenchRun what, Progress* progress) {
  const auto holds = [&](double speed) {
    what.speed = speed;
    return run(what, progress).share_met >= objectives_.share;
  };
  double good = start, bad = start;
  if (holds(start)) {
    do bad *= 2.0;
    while (bad <= start * kWidest && holds(bad) && (good = bad) > 0);
    if (bad > start * kWidest) return std::nullopt;
  } else {
    do good /= 2.0;
    while (good >= start / kWidest && !holds(good) && (bad = good) > 0);
    if (good < start / kWidest) return 0.0;
  }
  while (bad / good > kClose) {
    const double middle = std::sqrt(good * bad);
    (holds(middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace socle::answer
