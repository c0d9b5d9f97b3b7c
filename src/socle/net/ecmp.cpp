#include "socle/net/ecmp.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "socle/base/check.hpp"

namespace socle::net {
namespace {

constexpr double kNegligible = 1e-13;

/// log of the chance that t of n flows take one of m links.
double log_binomial(int n, int t, int m) {
  const double choose = std::lgamma(n + 1.0) - std::lgamma(t + 1.0) - std::lgamma(n - t + 1.0);
  if (m == 1) return t == n ? 0.0 : -INFINITY;
  return choose - t * std::log(m) + (n - t) * std::log1p(-1.0 / m);
}

/// Chance that no link carries more than k flows.
double all_within(int links, int flows, int k) {
  std::vector<double> left(flows + 1, 0.0), next(flows + 1);  // by flows not yet placed
  left[flows] = 1.0;
  for (int open = links; open >= 1; --open) {
    std::fill(next.begin(), next.end(), 0.0);
    for (int n = 0; n <= flows; ++n) {
      for (int t = 0; left[n] > 0 && t <= std::min(k, n); ++t)
        next[n - t] += left[n] * std::exp(log_binomial(n, t, open));
    }
    left.swap(next);
  }
  return left[0];
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
  for (int k = 0; k < flows; ++k) {
    const double more = 1.0 - all_within(links, flows, k);
    if (more < kNegligible) break;
    expectation.most_on_a_link += more;
  }
  return expectation;
}

}  // namespace socle::net
