#include "socle/comm/expert_exchange.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::comm {
namespace {

double together(double a, double b, double exponent) {
  const double larger = std::max(a, b);
  return larger * std::pow(std::pow(a / larger, exponent) + std::pow(b / larger, exponent), 1.0 / exponent);
}

}  // namespace

double touched(double places, double draws) { return places * (1.0 - std::pow(1.0 - 1.0 / places, draws)); }

BytesPerSecond expert_bandwidth(const ExpertExchange& e, const catalog::CollectiveLibrary& library) {
  SOCLE_CHECK(e.ranks >= 2 && e.domains >= 1 && e.ranks % e.domains == 0, "ranks fill their domains");
  const double m = e.ranks / e.domains;
  const double inside = (m - 1) / m;
  if (e.domains == 1) return e.link / inside;
  const double nodes = std::min<double>(e.nodes_per_token_max, touched(e.domains, e.experts_per_token));
  const BytesPerSecond nic = library.nic_fraction * e.nic_per_chip;
  const double net = (nodes * (e.domains - 1) / e.domains * Bytes{1} / nic).value();
  const double local = (touched(e.ranks, e.experts_per_token) * inside * Bytes{1} / e.link).value();
  return BytesPerSecond{nodes / together(net, local, library.overlap_exponent)};
}

Seconds expert_low_latency_time(const ExpertExchange& e, Bytes bytes, const catalog::CollectiveLibrary& library) {
  SOCLE_CHECK(e.ranks >= 2 && e.domains >= 1 && e.ranks % e.domains == 0, "ranks fill their domains");
  const double m = e.ranks / e.domains;
  const Seconds net = bytes * ((e.domains - 1.0) / e.domains) / (library.nic_fraction * e.nic_per_chip);
  const Seconds local = bytes * ((m - 1) / m / e.domains) / e.link;
  const Seconds start = e.domains > 1 ? library.expert_start : Seconds{0};
  return start + Seconds{together(net.value(), local.value(), library.overlap_exponent)};
}

}  // namespace socle::comm
