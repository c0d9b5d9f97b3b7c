#pragma once

#include <optional>
#include <string>

#include "socle/base/quantity.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// One server (or rack that acts as one scale-up domain) as it is bought.
struct Node {
  std::string slug;  ///< file name, e.g. "hgx-h100"
  std::string name;
  std::string vendor;
  std::string chip;  ///< slug of the chip
  int chips = 0;
  std::optional<int> scale_up_domain;  ///< chips that share the scale-up fabric, may exceed `chips`
  std::string scale_up_note;
  std::optional<int> nics;
  std::optional<BytesPerSecond> nic_bandwidth;  ///< per NIC, per direction
  std::string nic_type;
  std::optional<Watts> power;  ///< nameplate or measured, see provenance
  std::string cpu;
  std::optional<Bytes> host_memory;
  std::string cooling;
  std::optional<double> price_usd;
  std::optional<double> price_cny;
  std::string price_source;
  Provenance provenance;
};

}  // namespace socle::catalog
