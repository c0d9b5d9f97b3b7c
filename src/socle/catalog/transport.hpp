#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// How messages cross a NIC (`transports/<slug>.toml`): InfiniBand, RoCE, EFA, GPUDirect-TCPX, ...
struct Transport {
  std::string slug;
  std::string name;
  std::vector<std::string> words;  ///< by which tables and NICs name it
  double share = 1.0;              ///< of a NIC's nominal rate, that large messages reach
  Provenance provenance;
};

/// What nothing else is said of.
inline constexpr const char* kUsualTransport = "infiniband";

/// By slug, name or alias. Throws InputError, with "did you mean", when there is none, and on a malformed file.
Transport transport(const Catalog& catalog, std::string_view name);

/// The transport that a text names first, such as "CX-7 NDR" or "GPUDirect-TCPXO, 8 x 200 Gb/s"; empty for none.
std::optional<Transport> transport_in_text(const Catalog& catalog, std::string_view text);

/// "RoCE, 94.5 % of a link (estimate)": as assumptions say it.
std::string transport_text(const Transport& transport);

}  // namespace socle::catalog
