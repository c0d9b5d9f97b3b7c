#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/workload/request.hpp"

namespace socle::workload {

/// Low-rank adapters (LoRA) that are served beside one model, as an engine holds them.
struct AdapterServing {
  int slots = 0;                ///< on the chip at once; 0: none are served
  int host = 0;                 ///< in the host's memory, those on the chip included; what is in neither is on disk
  int rank = 16;                ///< that a slot has room for: every adapter is computed with it
  bool attention_only = false;  ///< else of dense blocks, too

  bool any() const { return slots > 0; }
  bool operator==(const AdapterServing&) const = default;
};

/// Which requests are of which adapter.
struct AdapterTraffic {
  int adapters = 1;
  double exponent = 1;  ///< of Zipf's law: the k-th most asked for has k^-exponent of the requests; 0: all alike
  double share = 1;     ///< of the requests (or conversations) that have one; the rest are of the model itself
};

/// The requests of another source, each with an adapter. Turns of a session have the same; so a request has whatever
/// came before it. Names of prefixes tell adapters apart, since their caches differ.
class AdapterSource final : public RequestSource {
 public:
  /// Requires: at least one adapter.
  AdapterSource(std::unique_ptr<RequestSource> requests, const AdapterTraffic& traffic, std::uint32_t seed);
  std::optional<Request> next() override;
  void completed(const Request& request, Seconds time) override { requests_->completed(request, time); }
  Request sooner(Request held) override;

 private:
  Request adapted(Request request) const;

  std::unique_ptr<RequestSource> requests_;
  double share_;
  RandomStream random_;
  std::vector<double> up_to_;  ///< shares of the adapters, added up
};

}  // namespace socle::workload
