#include "socle/answer/risk/goodput_range.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socle::answer {
namespace {

constexpr double kWeightBytes = 2;    // as they are written, whatever the products take
constexpr double kLeastShare = 0.01;  // of a job that hardly moves

Feasible<double> share_at(reliability::Job job, double factor) {
  for (reliability::JobFailure& one : job.failures) one.rate *= factor;
  job.spread = {};
  const auto goodput = reliability::expected_goodput(job);
  if (!goodput) return goodput.why();
  return std::max(kLeastShare, goodput->effective);
}

}  // namespace

Feasible<cost::Uncertain> goodput_range(const reliability::Job& job) {
  const auto middle = share_at(job, job.spread.mode);
  if (!middle) return middle.why();
  const auto worst = share_at(job, job.spread.high), best = share_at(job, job.spread.low);
  return cost::Uncertain{worst ? std::min(*worst, *middle) : kLeastShare, *middle,
                         best ? std::max(*best, *middle) : *middle};
}

Feasible<cost::Factor> goodput_factor(const setup::RiskSetup& setup, const reliability::Job& job) {
  const auto range = goodput_range(job);
  if (!range) return range.why();
  return cost::Factor{.value = *range,
                      .foreign = false,
                      .basis = fmt::format("failures ({}), checkpoints and restarts as socle risk reckons them",
                                           setup.fleet ? setup.fleet->name : "your own rate"),
                      .date = {},
                      .confidence = "model"};
}

Bytes checkpoint_size(double parameters, double optimizer_bytes) {
  return Bytes{parameters * (kWeightBytes + optimizer_bytes)};
}

}  // namespace socle::answer
