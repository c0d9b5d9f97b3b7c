#include "socle/serve/tally.hpp"

#include <algorithm>
#include <cmath>

namespace socle::serve {
namespace {

constexpr double kWidth = 1.01;
constexpr double kSmallest = 1e6;  // a microsecond: all below is one bin

}  // namespace

std::size_t TimeHistogram::bin(Picoseconds time) {
  if (static_cast<double>(time) < kSmallest) return 0;
  return 1 + static_cast<std::size_t>(std::log(static_cast<double>(time) / kSmallest) / std::log(kWidth));
}

double TimeHistogram::lower_end(std::size_t bin) {
  return bin == 0 ? 0.0 : kSmallest * std::pow(kWidth, static_cast<double>(bin) - 1.0);
}

void TimeHistogram::add(std::int64_t count, Picoseconds first, Picoseconds growth, std::int64_t steps) {
  count_ += count * steps;
  const double n = static_cast<double>(steps);
  sum_ += static_cast<double>(count) * (n * static_cast<double>(first) + n * (n - 1) / 2 * static_cast<double>(growth));
  std::int64_t at = 0;
  while (at < steps) {  // as many as fall into one bin at a time
    const Picoseconds time = first + growth * at;
    const std::size_t index = bin(time);
    std::int64_t same = steps - at;
    if (growth > 0) {
      const double room = lower_end(index + 1) - static_cast<double>(time);
      same =
          std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(room / static_cast<double>(growth))), 1, same);
    }
    if (bins_.size() <= index) bins_.resize(index + 1, 0);
    bins_[index] += count * same;
    at += same;
  }
}

Seconds TimeHistogram::mean() const {
  return count_ > 0 ? Seconds{sum_ / static_cast<double>(count_) * 1e-12} : Seconds{};
}

Seconds TimeHistogram::quantile(double q) const {
  const double wanted = q * static_cast<double>(count_);
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    seen += bins_[i];
    if (bins_[i] > 0 && static_cast<double>(seen) >= wanted) return Seconds{lower_end(i + 1) * 1e-12};
  }
  return Seconds{};
}

ClassCounts& Tally::class_of(const Request& request) {
  const auto index = static_cast<std::size_t>(request.service_class);
  if (classes_.size() <= index) classes_.resize(index + 1);
  return classes_[index];
}

void Tally::turned_away(const Request& request, Refusal why) {
  ClassCounts& counts = class_of(request);
  ++(why == Refusal::kTooLong ? counts.refused : counts.rejected);
  if (keep_rows_)
    rows_.push_back({.id = request.id,
                     .outcome = {.arrival = net::to_picoseconds(request.arrival)},
                     .input = request.input,
                     .output = request.output,
                     .service_class = request.service_class,
                     .turned_away = why});
}

void Tally::done(const Request& request, const Outcome& outcome) {
  RequestFigures figures;
  const Seconds edge = edge_.of(request.input);
  figures.ttft = static_cast<float>((net::to_seconds(outcome.first_token - outcome.arrival) + edge).value());
  figures.e2e = static_cast<float>((net::to_seconds(outcome.last_token - outcome.arrival) + edge).value());
  if (request.output > 1) {
    const double decode = net::to_seconds(outcome.last_token - outcome.first_token).value();
    figures.tpot = static_cast<float>(decode / (request.output - 1));
  }
  figures.service_class = request.service_class;
  requests_.push_back(figures);
  if (keep_rows_)
    rows_.push_back({.id = request.id,
                     .outcome = outcome,
                     .input = request.input,
                     .output = request.output,
                     .service_class = request.service_class});
  ClassCounts& counts = class_of(request);
  ++counts.done;
  counts.input += request.input;
  counts.output += request.output;
  counts.preemptions += outcome.preemptions;
  input_ += request.input;
  output_ += request.output;
  cached_ += outcome.cached;
  preemptions_ += outcome.preemptions;
  first_arrival_ = first_arrival_ < 0 ? outcome.arrival : std::min(first_arrival_, outcome.arrival);
  last_token_ = std::max(last_token_, outcome.last_token);
}

void Tally::gaps(std::int64_t sequences, Picoseconds first, Picoseconds growth, std::int64_t steps) {
  itl_.add(sequences, first, growth, steps);
}

}  // namespace socle::serve
