#include "socle/answer/migrate/ratio.hpp"

#include <cmath>

namespace socle::answer {

Ratio ratio_of(double target, double source, const catalog::TimingRange& of_target,
               const catalog::TimingRange& of_source) {
  const auto spread = [](double x, double y) { return std::exp(std::hypot(std::log(x), std::log(y))); };
  const double value = target / source;
  return {value, value / spread(of_target.low, of_source.low), value * spread(of_target.high, of_source.high)};
}

}  // namespace socle::answer
