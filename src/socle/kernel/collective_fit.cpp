#include "socle/kernel/collective_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "socle/base/check.hpp"
#include "socle/kernel/collective_time.hpp"

namespace socle::kernel {

// Minimises sum ((a + b x - t) / t)^2: with w = 1 / t^2 the normal equations of a weighted straight line. A negative
// start is set to zero, and the slope fitted alone: b = sum(w x t) / sum(w x x).
CollectiveLine fit_line(std::span<const CollectivePoint> points) {
  double w = 0, x = 0, t = 0, xx = 0, xt = 0;
  for (const CollectivePoint& p : points) {
    const double weight = 1.0 / (p.time.value() * p.time.value());
    const double size = p.buffer.value();
    w += weight;
    x += weight * size;
    t += weight * p.time.value();
    xx += weight * size * size;
    xt += weight * size * p.time.value();
  }
  const double determinant = w * xx - x * x;
  SOCLE_CHECK(determinant > 0, "a line needs two sizes");
  double slope = (w * xt - x * t) / determinant;
  double start = (t - slope * x) / w;
  if (start < 0) {
    start = 0;
    slope = xt / xx;
  }
  if (!(slope > 0)) slope = 1e-18;  // times that do not grow: a rate beyond every link
  CollectiveLine line{.start = Seconds{start}, .rate = BytesPerSecond{1.0 / slope}, .half = Bytes{start / slope}};
  for (const CollectivePoint& p : points) line.error += std::fabs(line.at(p.buffer) / p.time - 1.0);
  line.error /= static_cast<double>(points.size());
  return line;
}

CollectiveCurve curve_of(Collective collective, int ranks, std::span<const CollectivePoint> points) {
  SOCLE_CHECK(!points.empty(), "a curve has points");
  std::map<double, std::vector<double>> by_size;
  for (const CollectivePoint& p : points) by_size[p.buffer.value()].push_back(p.time.value());
  CollectiveCurve curve{.collective = collective, .ranks = ranks, .log2_bytes = {}, .log2_seconds = {}, .error = 0};
  std::vector<double> measured;
  for (auto& [size, times] : by_size) {
    std::sort(times.begin(), times.end());
    const std::size_t half = times.size() / 2;
    measured.push_back(times.size() % 2 == 1 ? times[half] : 0.5 * (times[half - 1] + times[half]));
    const double log2_seconds = std::log2(measured.back());
    curve.log2_bytes.push_back(std::log2(size));
    curve.log2_seconds.push_back(curve.log2_seconds.empty() ? log2_seconds
                                                            : std::max(curve.log2_seconds.back(), log2_seconds));
  }
  for (std::size_t i = 1; i + 1 < measured.size(); ++i) {
    const auto& x = curve.log2_bytes;
    const auto& y = curve.log2_seconds;
    const double weight = (x[i] - x[i - 1]) / (x[i + 1] - x[i - 1]);
    curve.error += std::fabs(std::exp2(y[i - 1] + weight * (y[i + 1] - y[i - 1])) / measured[i] - 1.0);
  }
  if (measured.size() > 2) curve.error /= static_cast<double>(measured.size() - 2);
  return curve;
}

}  // namespace socle::kernel
