#pragma once

namespace socle::net {

/// What hashing `flows` equal flows onto `links` equal links gives, each flow to each link with the same chance.
struct EcmpExpectation {
  double links_used = 0;      ///< share of the links that carry any flow: 1 - (1 - 1/m)^n
  double no_collision = 0;    ///< chance that no link carries two: m! / ((m - n)! m^n)
  double most_on_a_link = 0;  ///< expected number of flows on the busiest link
};

/// Exact. The chance that no link has more than k flows is n! / m^n times the coefficient of x^n in
/// (sum over j <= k of x^j / j!)^m; the expectation sums the chances that the busiest has more than k. It is computed
/// link by link with binomial chances, which neither overflow nor cancel. O(flows^2 x links x most).
/// Requires: 1 <= flows <= 4096, 1 <= links <= 4096.
EcmpExpectation ecmp_expectation(int links, int flows);

}  // namespace socle::net
