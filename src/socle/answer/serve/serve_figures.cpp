#include "socle/answer/serve/serve_figures.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace socle::answer {
namespace {

constexpr std::size_t kSamplesMax = 400;  // halved when reached

// The quantile as a value that occurs: the smallest with at least that share at or below it.
LatencyFigures latencies(std::vector<float> values) {
  LatencyFigures figures;
  if (values.empty()) return figures;
  double sum = 0;
  for (const float value : values) sum += value;
  figures.mean = Seconds{sum / static_cast<double>(values.size())};
  const auto quantile = [&](double q) {
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, rank) - 1);
    std::nth_element(values.begin(), at, values.end());
    return Seconds{static_cast<double>(*at)};
  };
  figures.p50 = quantile(0.50);
  figures.p90 = quantile(0.90);
  figures.p95 = quantile(0.95);
  figures.p99 = quantile(0.99);
  return figures;
}

}  // namespace

bool Objectives::any() const {
  return ttft || tpot || e2e ||
         std::any_of(classes.begin(), classes.end(), [](const Objectives& one) { return one.any(); });
}

bool Objectives::met(const serve::RequestFigures& request) const {
  const auto index = static_cast<std::size_t>(request.service_class);
  if (index < classes.size()) return classes[index].met(request);
  const auto holds = [](const std::optional<Seconds>& limit, float value) {
    return !limit || static_cast<double>(value) <= limit->value();
  };
  return holds(ttft, request.ttft) && holds(tpot, request.tpot) && holds(e2e, request.e2e);
}

bool Objectives::hold(const ServeFigures& figures) const {
  if (classes.empty()) return figures.share_met >= share;
  for (std::size_t i = 0; i < std::min(classes.size(), figures.classes.size()); ++i) {
    if (figures.classes[i].share_met < classes[i].share) return false;
  }
  return true;
}

Objectives objectives_of(const setup::RequestsSetup& requests) {
  const auto of = [](const setup::ServiceObjectives& slo) {
    return Objectives{.ttft = slo.ttft, .tpot = slo.tpot, .e2e = slo.e2e, .share = slo.percentile};
  };
  Objectives objectives = of(requests.slo);
  for (const setup::RequestClass& one : requests.classes) objectives.classes.push_back(of(one.slo));
  return objectives;
}

void FleetWatch::see(const serve::FleetState& state) {
  const auto passed = static_cast<double>(state.now - last_.now);
  running_ += passed * static_cast<double>(last_.running);
  waiting_ += passed * static_cast<double>(last_.waiting);
  cache_ += passed * static_cast<double>(last_.blocks_used);
  most_ = std::max(most_, state.blocks_used);
  last_ = state;
  if (state.now < next_) return;
  const double share = blocks_ > 0 ? static_cast<double>(state.blocks_used) / static_cast<double>(blocks_) : 0.0;
  samples_.push_back({net::to_seconds(state.now), state.waiting, state.running, share});
  next_ = state.now + every_;
  if (samples_.size() < kSamplesMax) return;
  for (std::size_t i = 0; i < kSamplesMax / 2; ++i) samples_[i] = samples_[2 * i];
  samples_.resize(kSamplesMax / 2);
  every_ *= 2;
}

void FleetWatch::finish(ServeFigures& figures) const {
  const auto time = static_cast<double>(std::max<serve::Picoseconds>(1, last_.now));
  const auto blocks = static_cast<double>(std::max<std::int64_t>(1, blocks_));
  figures.mean_running = running_ / time;
  figures.mean_waiting = waiting_ / time;
  figures.cache_mean = cache_ / time / blocks;
  figures.cache_most = static_cast<double>(most_) / blocks;
  figures.samples = samples_;
}

namespace {

/// Latencies of some of the requests, one by one.
struct Samples {
  std::vector<float> ttft, tpot, e2e;
  double met = 0;

  void add(const serve::RequestFigures& r, const Objectives& objectives) {
    ttft.push_back(r.ttft);
    if (r.tpot > 0) tpot.push_back(r.tpot);
    e2e.push_back(r.e2e);
    met += objectives.met(r) ? 1.0 : 0.0;
  }
  template <typename Figures>
  void fill(Figures& figures) {
    figures.ttft = latencies(std::move(ttft));
    figures.tpot = latencies(std::move(tpot));
    figures.e2e = latencies(std::move(e2e));
    if (figures.requests > 0) figures.share_met = met / static_cast<double>(figures.requests);
  }
};

std::vector<ClassFigures> class_figures(const serve::Tally& tally, const Objectives& objectives) {
  std::vector<ClassFigures> all(objectives.classes.size());
  std::vector<Samples> samples(all.size());
  for (const serve::RequestFigures& r : tally.requests()) {
    const auto index = static_cast<std::size_t>(r.service_class);
    if (index < all.size()) samples[index].add(r, objectives);
  }
  for (std::size_t i = 0; i < std::min(all.size(), tally.classes().size()); ++i) {
    const serve::ClassCounts& counts = tally.classes()[i];
    all[i] = {.requests = counts.done + counts.refused + counts.rejected,
              .refused = counts.refused,
              .rejected = counts.rejected,
              .preemptions = counts.preemptions,
              .input_tokens = static_cast<double>(counts.input),
              .output_tokens = static_cast<double>(counts.output),
              .ttft = {},
              .tpot = {},
              .e2e = {}};
    samples[i].fill(all[i]);
  }
  return all;
}

}  // namespace

ServeFigures figures_of(const serve::Tally& tally, const serve::FleetRun& run, const FleetWatch& watch,
                        const Objectives& objectives, int replicas) {
  ServeFigures figures;
  figures.requests = run.requests;
  figures.refused = run.refused;
  figures.rejected = run.rejected;
  figures.preemptions = tally.preemptions();
  figures.input_tokens = static_cast<double>(tally.input_tokens());
  figures.output_tokens = static_cast<double>(tally.output_tokens());
  figures.cached_tokens = static_cast<double>(tally.cached_tokens());
  figures.steps = run.steps;
  figures.adapter_loads = run.adapter_loads;
  figures.tier_loads = run.tier_loads;
  figures.events = run.segments;
  Samples samples;
  for (const serve::RequestFigures& r : tally.requests()) samples.add(r, objectives);
  samples.fill(figures);
  figures.classes = class_figures(tally, objectives);
  figures.itl = {tally.itl().mean(), tally.itl().quantile(0.5), tally.itl().quantile(0.9), tally.itl().quantile(0.95),
                 tally.itl().quantile(0.99)};
  if (tally.first_arrival() >= 0) figures.makespan = net::to_seconds(tally.last_token() - tally.first_arrival());
  if (run.end > 0) figures.busy_share = static_cast<double>(run.busy_time) / static_cast<double>(run.end) / replicas;
  watch.finish(figures);
  return figures;
}

}  // namespace socle::answer
