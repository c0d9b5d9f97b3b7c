#include "socle/workload/synthetic_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "socle/base/check.hpp"

namespace socle::workload {
namespace {

constexpr std::uint32_t kPurpose = 0x7AFF1C00;
// Draws of one request.
constexpr std::uint64_t kGapDraw = 0, kInputDraw = 1, kOutputDraw = 2, kClassDraw = 3, kGammaDraws = 16;

// Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; shapes below 1 by their section 6.
double gamma(const RandomStream& random, std::uint64_t entity, double shape) {
  if (shape < 1.0) return gamma(random, entity, shape + 1.0) * std::pow(random.uniform(entity, kGapDraw), 1.0 / shape);
  const double d = shape - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
  for (std::uint64_t draw = kGammaDraws;; draw += 2) {
    const double x = random.normal(entity, draw);
    const double v = std::pow(1.0 + c * x, 3.0);
    if (v > 0 && std::log(random.uniform(entity, draw + 1)) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

// Shape of a Weibull law whose standard deviation over mean is `variation`: by bisection.
double weibull_shape(double variation) {
  double low = 0.1, high = 100;
  for (int i = 0; i < 80; ++i) {
    const double shape = std::sqrt(low * high);
    const double ratio = std::exp(std::lgamma(1.0 + 2.0 / shape) - 2.0 * std::lgamma(1.0 + 1.0 / shape));
    (std::sqrt(std::max(0.0, ratio - 1.0)) > variation ? low : high) = shape;
  }
  return std::sqrt(low * high);
}

template <typename Traffic>
Request drawn(const Traffic& traffic, const RandomStream& random, std::int64_t id) {
  const auto entity = static_cast<std::uint64_t>(id);
  Request request{.id = id};
  const auto take = [&](const auto& lengths) {
    request.input = lengths.input.draw(random, entity, kInputDraw);
    request.output = lengths.output.draw(random, entity, lengths.paired ? kInputDraw : kOutputDraw);
  };
  if (traffic.classes.empty()) {
    take(traffic);
    return request;
  }
  request.service_class = class_of_draw(traffic.classes, random.uniform(entity, kClassDraw));
  take(traffic.classes[static_cast<std::size_t>(request.service_class)]);
  return request;
}

template <typename Lengths>
void check_pairs(const Lengths& lengths) {
  SOCLE_CHECK(!lengths.paired ||
                  (lengths.input.kind == LengthKind::kEmpirical && lengths.output.kind == LengthKind::kEmpirical &&
                   lengths.input.lengths.size() == lengths.output.lengths.size()),
              "pairs are two lists of one length");
}

template <typename Traffic>
void check_lengths(const Traffic& traffic) {
  check_pairs(traffic);
  for (const TrafficClass& one : traffic.classes) {
    SOCLE_CHECK(one.share > 0, "a class has some of the requests");
    check_pairs(one);
  }
}

}  // namespace

OpenSource::OpenSource(OpenTraffic traffic) : traffic_(std::move(traffic)), random_(traffic_.seed, kPurpose) {
  SOCLE_CHECK(traffic_.arrivals.rate > 0, "requests come at some rate");
  std::vector<double>& profile = traffic_.arrivals.profile;
  const double sum = std::accumulate(profile.begin(), profile.end(), 0.0);
  SOCLE_CHECK(profile.empty() || sum > 0, "a profile has requests somewhere");
  for (double& part : profile) part *= static_cast<double>(profile.size()) / sum;
  check_lengths(traffic_);
  if (traffic_.arrivals.kind != ArrivalKind::kWeibull) return;
  weibull_shape_ = weibull_shape(traffic_.arrivals.variation);
  weibull_mean_ = std::tgamma(1.0 + 1.0 / weibull_shape_);
}

// In units of the mean gap.
double OpenSource::gap(std::uint64_t entity) const {
  const ArrivalLaw& law = traffic_.arrivals;
  switch (law.kind) {
    case ArrivalKind::kPoisson:
      return random_.exponential(1.0, entity, kGapDraw);
    case ArrivalKind::kGamma: {
      const double shape = 1.0 / (law.variation * law.variation);
      return gamma(random_, entity, shape) / shape;
    }
    case ArrivalKind::kWeibull:
      return std::pow(random_.exponential(1.0, entity, kGapDraw), 1.0 / weibull_shape_) / weibull_mean_;
    case ArrivalKind::kEven:
      return entity == 0 ? 0.0 : 1.0;
    case ArrivalKind::kAtOnce:
      return 0.0;
  }
  return 0.0;
}

// Time goes on until so many mean gaps of load have come; in a part of the day with twice the rate it takes half of it.
void OpenSource::pass_load(double load) {
  const ArrivalLaw& law = traffic_.arrivals;
  if (law.profile.empty()) {
    now_ += load / law.rate;
    return;
  }
  const double part = law.period.value() / static_cast<double>(law.profile.size());
  while (load > 0) {
    const double parts = std::floor(now_ / part + 1e-12);
    const auto index = static_cast<std::size_t>(std::fmod(parts, static_cast<double>(law.profile.size())));
    const double rate = law.rate * law.profile[index], left = (parts + 1.0) * part - now_;
    if (rate * left > load) {
      now_ += load / rate;
      return;
    }
    load -= rate * left;
    now_ = (parts + 1.0) * part;
  }
}

std::optional<Request> OpenSource::next() {
  if (made_ >= traffic_.requests) return std::nullopt;
  pass_load(gap(static_cast<std::uint64_t>(made_)));
  if (traffic_.duration && now_ > traffic_.duration->value()) {
    traffic_.requests = made_;
    return std::nullopt;
  }
  Request request = drawn(traffic_, random_, made_++);
  request.arrival = Seconds{now_};
  return request;
}

std::optional<Seconds> Clients::ready() const {
  if (sent_ == ready_.size()) return std::nullopt;
  return Seconds{ready_[sent_]};
}

void Clients::answered(Seconds time) {
  if (sent_ > 4096 && sent_ * 2 > ready_.size()) {  // what was sent is forgotten now and then
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(sent_));
    sent_ = 0;
  }
  ready_.push_back((time + think_).value());
}

ClosedSource::ClosedSource(ClosedTraffic traffic)
    : traffic_(std::move(traffic)), random_(traffic_.seed, kPurpose), clients_(traffic_.concurrency, traffic_.think) {
  check_lengths(traffic_);
}

std::optional<Request> ClosedSource::next() {
  const std::optional<Seconds> ready = clients_.ready();
  if (!ready || made_ >= traffic_.requests || (traffic_.duration && *ready > *traffic_.duration)) return std::nullopt;
  clients_.send();
  Request request = drawn(traffic_, random_, made_++);
  request.arrival = *ready;
  return request;
}

void ClosedSource::completed(const Request&, Seconds time) { clients_.answered(time); }

ClosedReplay::ClosedReplay(std::unique_ptr<RequestSource> requests, int concurrency, Seconds think,
                           std::optional<Seconds> duration)
    : requests_(std::move(requests)), clients_(concurrency, think), duration_(duration) {}

std::optional<Request> ClosedReplay::next() {
  const std::optional<Seconds> ready = clients_.ready();
  if (!ready || (duration_ && *ready > *duration_)) return std::nullopt;
  std::optional<Request> request = requests_->next();
  if (!request) return std::nullopt;
  clients_.send();
  request->arrival = *ready;
  return request;
}

void ClosedReplay::completed(const Request&, Seconds time) { clients_.answered(time); }

}  // namespace socle::workload
