#include "socle/net/ecmp.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "socle/base/check.hpp"

namespace socle::net {
namespace {

constexpr double kNegligible = 1e-13;

/// log(n!) for n = 0 to flows.
std::vector<double> log_factorials(int flows) {
  std::vector<double> table(flows + 1);
  for (int n = 0; n <= flows; ++n) table[n] = std::lgamma(n + 1.0);
  return table;
}

/// Chance that no link carries more than k flows: link by link, t of the n flows that are left take one of m links
/// with a chance of (n over t) (1/m)^t (1 - 1/m)^(n-t).
double all_within(const std::vector<double>& factorial, int links, int flows, int k) {
  std::vector<double> left(flows + 1, 0.0), next(flows + 1);  // by flows not yet placed
  left[flows] = 1.0;
  for (int open = links; open > 1; --open) {
    std::fill(next.begin(), next.end(), 0.0);
    const double taken = std::log(open), passed = std::log1p(-1.0 / open);
    for (int n = 0; n <= flows; ++n) {
      for (int t = 0; left[n] > 0 && t <= std::min(k, n); ++t) {
        const double choose = factorial[n] - factorial[t] - factorial[n - t];
        next[n - t] += left[n] * std::exp(choose - t * taken + (n - t) * passed);
      }
    }
    left.swap(next);
  }
  return std::accumulate(left.begin(), left.begin() + std::min(k, flows) + 1, 0.0);  // the last link takes the rest
}

}  // namespace

EcmpExpectation ecmp_expectation(int links, int flows) {
  SOCLE_CHECK(links >= 1 && links <= 4096 && flows >= 1 && flows <= 4096, "so many links and flows are within reach");
  EcmpExpectation expectation;
  expectation.links_used = -std::expm1(flows * std::log1p(-1.0 / links));
  if (links == 1) expectation.links_used = 1.0;
  expectation.no_collision =
      flows > links ? 0.0
                    : std::exp(std::lgamma(links + 1.0) - std::lgamma(links - flows + 1.0) - flows * std::log(links));
  const std::vector<double> factorial = log_factorials(flows);
  for (int k = 0; k < flows; ++k) {
    const double more = 1.0 - all_within(factorial, links, flows, k);
    if (more < kNegligible) break;
    expectation.most_on_a_link += more;
  }
  return expectation;
}

}  // namespace socle::net
