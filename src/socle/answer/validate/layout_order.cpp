#include "socle/answer/validate/layout_order.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "socle/base/check.hpp"

namespace socle::answer {
namespace {

constexpr std::size_t kLayoutsLeast = 3;

std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t from = 0, to; from < order.size(); from = to) {
    for (to = from + 1; to < order.size() && values[order[to]] == values[order[from]];) ++to;
    for (std::size_t i = from; i < to; ++i) ranks[order[i]] = static_cast<double>(from + to - 1) / 2;
  }
  return ranks;
}

}  // namespace

std::optional<double> rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  SOCLE_CHECK(a.size() == b.size(), "ranks are compared in pairs");
  const std::vector<double> x = ranks_of(a), y = ranks_of(b);
  const double mean = (static_cast<double>(a.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  if (xx == 0 || yy == 0) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

std::vector<JobOrder> job_orders(const std::vector<ValidationRow>& rows) {
  std::map<std::string, std::vector<const ValidationRow*>> by_job;
  std::vector<std::string> names;
  for (const ValidationRow& row : rows) {
    if (row.metric != "step_s" || row.job.empty() || !row.compared()) continue;
    auto& runs = by_job[row.job];
    if (runs.empty()) names.push_back(row.job);
    runs.push_back(&row);
  }
  std::vector<JobOrder> orders;
  for (const std::string& name : names) {
    const auto& runs = by_job[name];
    if (runs.size() < kLayoutsLeast) continue;
    std::vector<double> predicted, measured;
    for (const ValidationRow* run : runs) {
      predicted.push_back(run->value);
      measured.push_back(*run->measured);
    }
    const auto picked = std::min_element(predicted.begin(), predicted.end()) - predicted.begin();
    const double fastest = *std::min_element(measured.begin(), measured.end());
    orders.push_back({.job = name,
                      .source = collection_of(runs.front()->id),
                      .layouts = static_cast<int>(runs.size()),
                      .regret = measured[static_cast<std::size_t>(picked)] / fastest - 1.0,
                      .correlation = rank_correlation(predicted, measured)});
  }
  return orders;
}

}  // namespace socle::answer
