#include "socle/train/communication_time.hpp"

#include <algorithm>
#include <cmath>

#include "socle/comm/expert_exchange.hpp"

namespace socle::train {

Seconds joined(Seconds a, Seconds b) {
  const Seconds longer = std::max(a, b);
  if (longer <= Seconds{}) return longer;
  const double ratio = std::min(a, b) / longer;
  return longer * std::sqrt(std::sqrt(1.0 + ratio * ratio * ratio * ratio));
}

namespace {

Seconds exchange_time(const graph::Communication& c, const comm::Footprint& group, const comm::Network& network) {
  const comm::Footprint inside{
      .ranks = group.per_domain, .per_domain = group.per_domain, .domains = 1, .stride = group.stride};
  const Seconds local = network.collective_time(c.collective, inside, c.buffer * comm::touched(group.ranks, c.choices));
  if (group.domains == 1) return local;
  const comm::Footprint across{
      .ranks = group.domains, .per_domain = 1, .domains = group.domains, .stride = group.per_domain * group.stride};
  const Seconds outside =
      network.collective_time(c.collective, across, c.buffer * comm::touched(group.domains, c.choices));
  return joined(local, outside);
}

}  // namespace

Seconds communication_time(const graph::Communication& c, const comm::Footprint& group, const comm::Network& network) {
  return c.choices > 0 ? exchange_time(c, group, network) : network.collective_time(c.collective, group, c.buffer);
}

double copies_of(const graph::Communication& c, int ranks) {
  return c.choices > 0 ? comm::touched(ranks, c.choices) : 1.0;
}

}  // namespace socle::train
