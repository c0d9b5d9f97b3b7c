#include "socle/reliability/trace_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "socle/base/check.hpp"
#include "socle/reliability/spares.hpp"

namespace socle::reliability {
namespace {

constexpr double kDay = 86400;
constexpr int kWindows = 6;

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0.0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of a whole population.
double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

double variance_to_mean(const std::vector<double>& counts) {
  const double mean = mean_of(counts);
  return mean > 0 ? variance_of(counts) / mean : 0.0;
}

/// Of sorted values, the middle of two where there is an even number.
double median_of(const std::vector<double>& sorted) {
  if (sorted.empty()) return 0.0;
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/// Time with each number of nodes down, index by number; and the means of the windows.
void walk_down(const workload::FaultTrace& trace, TraceStatistics& result) {
  std::vector<std::pair<double, int>> changes;
  for (const workload::Fault& fault : trace.faults) {
    changes.emplace_back(fault.down.value(), 1);
    changes.emplace_back(fault.up.value(), -1);
  }
  std::sort(changes.begin(), changes.end());  // repairs before faults at one time
  const double length = trace.length.value(), window = length / kWindows;
  std::vector<double> held(1, 0.0);
  result.window_down.assign(kWindows, 0.0);
  std::size_t down = 0;
  double before = 0;
  for (const auto& [time, change] : changes) {
    held[down] += time - before;
    for (double at = before; at < time;) {
      const auto index = std::min<int>(kWindows - 1, static_cast<int>(at / window));
      const double end = std::min(time, index + 1 == kWindows ? length : (index + 1) * window);
      result.window_down[static_cast<std::size_t>(index)] += static_cast<double>(down) * (end - at) / window;
      if (!(end > at)) break;
      at = end;
    }
    before = time;
    down = static_cast<std::size_t>(static_cast<std::int64_t>(down) + change);
    if (down >= held.size()) held.resize(down + 1, 0.0);
  }
  result.down_max = static_cast<std::int64_t>(held.size()) - 1;
  const auto quantile = [&](double level) {
    double sum = 0;
    for (std::size_t count = 0; count < held.size(); ++count) {
      sum += held[count];
      if (sum >= level * length) return static_cast<std::int64_t>(count);
    }
    return result.down_max;
  };
  for (std::size_t count = 0; count < held.size(); ++count)
    result.down_mean += static_cast<double>(count) * held[count] / length;
  result.down_p50 = quantile(0.5);
  result.down_p90 = quantile(0.9);
  result.down_p99 = quantile(0.99);
  result.down_p999 = quantile(0.999);
}

void count_bunches(const workload::FaultTrace& trace, TraceStatistics& result) {
  std::vector<double> days(static_cast<std::size_t>(trace.length.value() / kDay) + 1, 0.0), gaps;
  std::vector<double> of_node(static_cast<std::size_t>(result.nodes), 0.0);
  for (std::size_t i = 0; i < trace.faults.size(); ++i) {
    const workload::Fault& fault = trace.faults[i];
    days[static_cast<std::size_t>(fault.down.value() / kDay)] += 1;
    of_node[fault.node] += 1;
    if (i > 0) gaps.push_back((fault.down - trace.faults[i - 1].down).value());
  }
  result.daily_variance_to_mean = variance_to_mean(days);
  result.node_variance_to_mean = variance_to_mean(of_node);
  const double gap = mean_of(gaps);
  result.gap_variation = gap > 0 ? std::sqrt(variance_of(gaps)) / gap : 0.0;
  result.gap_weibull_shape = weibull_shape(gaps);
  std::sort(of_node.begin(), of_node.end(), std::greater<>());
  const std::size_t worst = std::max<std::size_t>(1, of_node.size() / 20);
  result.worst_nodes_share =
      std::accumulate(of_node.begin(), of_node.begin() + static_cast<std::ptrdiff_t>(worst), 0.0) /
      static_cast<double>(trace.faults.size());
}

}  // namespace

double weibull_shape(const std::vector<double>& values) {
  std::vector<double> logs;
  double largest = 0;
  for (const double value : values) {
    if (value > 0) logs.push_back(std::log(value));
    largest = std::max(largest, value);
  }
  if (logs.size() < 2 || variance_of(logs) == 0) return 0.0;
  const double mean = mean_of(logs), top = std::log(largest);
  // sum x^k ln x / sum x^k - 1 / k = mean ln x; the left side rises with k. Values relative to the largest.
  const auto excess = [&](double shape) {
    double weight = 0, weighted = 0;
    for (const double log : logs) {
      const double power = std::exp(shape * (log - top));
      weight += power;
      weighted += power * log;
    }
    return weighted / weight - 1 / shape - mean;
  };
  double low = 1e-3, high = 1e3;
  for (int step = 0; step < 200; ++step) {
    const double middle = std::sqrt(low * high);
    (excess(middle) > 0 ? high : low) = middle;
  }
  return high;
}

TraceStatistics trace_statistics(const workload::FaultTrace& trace, std::int64_t nodes) {
  SOCLE_CHECK(nodes >= static_cast<std::int64_t>(trace.nodes.size()), "a trace names no more nodes than were watched");
  TraceStatistics result;
  result.nodes = nodes;
  result.faults = static_cast<std::int64_t>(trace.faults.size());
  result.length = trace.length;
  result.per_1000_node_days =
      static_cast<double>(result.faults) / (static_cast<double>(nodes) * trace.length.value() / kDay) * 1000;
  std::vector<double> repairs;
  std::vector<std::vector<double>> of_kind(trace.kinds.size());
  for (const workload::Fault& fault : trace.faults) {
    repairs.push_back((fault.up - fault.down).value());
    of_kind[fault.kind].push_back(repairs.back());
  }
  result.unavailability =
      std::accumulate(repairs.begin(), repairs.end(), 0.0) / (static_cast<double>(nodes) * trace.length.value());
  std::sort(repairs.begin(), repairs.end());
  result.repair_median = Seconds{median_of(repairs)};
  result.repair_mean = Seconds{mean_of(repairs)};
  result.repair_p90 =
      Seconds{repairs[static_cast<std::size_t>(std::ceil(0.9 * static_cast<double>(repairs.size()))) - 1]};
  for (std::size_t kind = 0; kind < of_kind.size(); ++kind) {
    std::sort(of_kind[kind].begin(), of_kind[kind].end());
    result.classes.push_back({trace.kinds[kind], static_cast<std::int64_t>(of_kind[kind].size()),
                              Seconds{median_of(of_kind[kind])}, Seconds{mean_of(of_kind[kind])}});
  }
  std::stable_sort(result.classes.begin(), result.classes.end(),
                   [](const TraceClass& a, const TraceClass& b) { return a.count > b.count; });
  walk_down(trace, result);
  count_bunches(trace, result);
  result.binomial_p99 = binomial_quantile(nodes, std::min(result.unavailability, 1.0), 0.99);
  return result;
}

}  // namespace socle::reliability
