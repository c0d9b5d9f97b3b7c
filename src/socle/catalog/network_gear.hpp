#pragma once

#include <optional>
#include <string>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// One piece of the network as it is bought, or one typical figure of it ("latency", "ratio").
struct NetworkGear {
  std::string category;  ///< "asic", "switch_box", "nic", "optic", "cable", "latency" or "ratio"
  std::string name;
  std::string vendor;
  std::optional<int> year;
  std::optional<BytesPerSecond> capacity;  ///< all ports together, per direction
  std::optional<int> ports;
  std::optional<BytesPerSecond> port_speed;  ///< per direction
  std::optional<Bytes> buffer;
  std::optional<Seconds> latency;
  std::optional<Watts> power;
  std::optional<Money> price;
  std::string price_source;
  std::string price_date;         ///< "2024-08"; empty = the source does not tell
  std::optional<double> reach_m;  ///< metres
  Provenance provenance;
};

}  // namespace socle::catalog
