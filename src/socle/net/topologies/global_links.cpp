#include "socle/net/topologies/global_links.hpp"

namespace socle::net {

// One round is the offsets 1, g-1, 2, g-2, ...: neighbours in this order are opposite ends of the same cables. With an
// even number of groups the last offset g/2 is its own opposite.
std::uint32_t GlobalLinks::used() const {
  const std::uint32_t round = groups_ - 1, rest = ports_ % round;
  return ports_ - rest % 2;
}

std::uint32_t GlobalLinks::offset(std::uint32_t port) const {
  const std::uint32_t place = port % (groups_ - 1);
  return place % 2 == 0 ? place / 2 + 1 : groups_ - (place + 1) / 2;
}

std::uint32_t GlobalLinks::reverse(std::uint32_t port) const {
  const std::uint32_t place = port % (groups_ - 1);
  if (2 * offset(port) == groups_) return port;
  return place % 2 == 0 ? port + 1 : port - 1;
}

std::vector<std::uint32_t> GlobalLinks::ports_to(std::uint32_t offset) const {
  const std::uint32_t place = 2 * offset <= groups_ ? 2 * (offset - 1) : 2 * (groups_ - offset) - 1;
  std::vector<std::uint32_t> ports;
  for (std::uint32_t port = place; port < used(); port += groups_ - 1) ports.push_back(port);
  return ports;
}

}  // namespace socle::net
