#pragma once

#include "socle/base/quantity.hpp"
#include "socle/catalog/collective_library.hpp"

namespace socle::comm {

/// Tokens to the experts that hold them, and back: the two all-to-alls of a mixture of experts, with the copies for one
/// node sent once and spread inside it, as DeepEP and its like do.
struct ExpertExchange {
  int ranks = 8;
  int domains = 1;  ///< nodes; ranks = domains x members
  int experts_per_token = 8;
  int nodes_per_token_max = 8;    ///< routing may limit it; domains otherwise
  BytesPerSecond link{};          ///< achieved by one chip inside the domain, per direction, all-to-all
  BytesPerSecond nic_per_chip{};  ///< nominal, per direction
};

/// Places among `places` that `draws` even draws touch on average: p (1 - (1 - 1/p)^k).
double touched(double places, double draws);

/// What such a library prints: bytes of the slowest stage, the own node's share counted, over time. Inside one domain:
/// over NVLink. Across domains, for tokens that go to N nodes and R ranks on average:
///   T_net = N (d - 1) / d / (nic_fraction NIC),  T_in = R (m - 1) / m / link,  printed = N / (T_net^p + T_in^p)^(1/p)
///   N = min(limit, d (1 - (1 - 1/d)^k)),  R = n (1 - (1 - 1/n)^k)    (experts chosen evenly; assumption)
/// Requires: ranks = domains x members, at least two ranks.
BytesPerSecond expert_bandwidth(const ExpertExchange& exchange, const catalog::CollectiveLibrary& library);

/// Low-latency kernels send every copy by itself: start + bytes through the NIC beside bytes inside the domain.
/// Inside one domain the start is in `link`, which is that of an all-to-all of these bytes.
/// `bytes` = tokens of one rank x experts per token x width. Requires: as above.
Seconds expert_low_latency_time(const ExpertExchange& exchange, Bytes bytes, const catalog::CollectiveLibrary& library);

}  // namespace socle::comm
