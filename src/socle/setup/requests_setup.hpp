#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/setup/fabric_setup.hpp"
#include "socle/workload/request.hpp"

namespace socle::setup {

/// Opens a file that a scenario names, at its beginning each time; may throw InputError.
using FileOpener = std::function<std::unique_ptr<std::istream>(const std::string& path)>;

/// Lengths of one side of the requests, as they come.
struct LengthSummary {
  double mean = 0;
  double variation = 0;  ///< standard deviation / mean
  std::int64_t longest = 0;
};

/// What requests are held to: so large a share of them keeps all that is stated.
struct ServiceObjectives {
  std::optional<Seconds> ttft, tpot, e2e;
  double percentile = 0.99;
  bool any() const { return ttft || tpot || e2e; }
};

/// A class of requests, with what it is held to.
struct RequestClass {
  std::string name;
  int priority = 0;  ///< the lower, the sooner
  int weight = 1;
  ServiceObjectives slo;
};

/// The traffic of a scenario, every default filled in and every file looked through once.
struct RequestsSetup {
  std::string description;  ///< "trace.csv (azure): 8,819 requests in 57.27 min"
  /// A new stream of the same requests: equal seeds give equal streams, a trace the same one for any seed. Streams of
  /// one setup are independent of each other. May throw InputError when a file has changed.
  std::function<std::unique_ptr<workload::RequestSource>(std::uint32_t seed)> make;
  std::uint32_t seed = 1;
  double offered_rate = 0;  ///< requests a second, on average; 0: the answers decide (closed loop)
  int concurrency = 0;      ///< clients of a closed loop; 0: open
  std::int64_t count = 0;   ///< 0: not known, the duration decides
  LengthSummary input, output;
  int prefix_tokens = 0;                ///< that one name of Request::prefix stands for; 0: requests have no prefixes
  std::vector<RequestClass> classes{};  ///< by Request::service_class; empty: all requests are alike
  /// Requests longer than the model's limit, which engines refuse; -1: not known before they are drawn.
  std::int64_t too_long = 0;
  ServiceObjectives slo;
  /// Of all requests, or of a class.
  bool has_objectives() const;
  std::vector<std::string> assumptions, doubts;
};

/// Throws InputError with every key that does not go with another, or with the line of a file that is wrong: traces are
/// read once to their end (or the last request asked for). Without `open`, traces are read whole by `read_file`.
/// `max_model_len` 0: not known. Requires: both work as long as the setup makes streams.
RequestsSetup set_up_requests(const scenario::Scenario& scenario, const FileReader& read_file, const FileOpener& open,
                              std::int64_t max_model_len);

}  // namespace socle::setup
