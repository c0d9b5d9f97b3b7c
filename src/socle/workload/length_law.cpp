#include "socle/workload/length_law.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "socle/base/check.hpp"

namespace socle::workload {

int LengthLaw::draw(const RandomStream& random, std::uint64_t entity, std::uint64_t draw) const {
  double length = mean;
  if (kind == LengthKind::kUniform) {
    const auto values = static_cast<std::uint64_t>(high - low) + 1;
    length = low + static_cast<double>(random.below(values, entity, draw));
  } else if (kind == LengthKind::kLognormal) {
    const double sigma2 = std::log1p(variation * variation);
    length = std::exp(std::log(mean) - sigma2 / 2.0 + std::sqrt(sigma2) * random.normal(entity, draw));
  } else if (kind == LengthKind::kEmpirical) {
    SOCLE_CHECK(!lengths.empty(), "an empirical law has lengths");
    length = lengths[random.below(lengths.size(), entity, draw)];
  }
  if (high > 1) length = std::clamp<double>(length, low, high);
  return std::max(1, static_cast<int>(std::min(std::round(length), 1e9)));
}

double LengthLaw::average() const {
  if (kind == LengthKind::kUniform) return (static_cast<double>(low) + high) / 2.0;
  if (kind == LengthKind::kEmpirical)
    return std::accumulate(lengths.begin(), lengths.end(), 0.0) / static_cast<double>(lengths.size());
  return mean;
}

LengthLaw ranged_length(int length, double range) {
  LengthLaw law{.kind = LengthKind::kUniform};
  law.low = std::max(1, static_cast<int>(std::floor(range * length)));
  law.high = length;
  return law;
}

}  // namespace socle::workload
