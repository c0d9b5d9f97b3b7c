#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::workload {

/// One request to a served model, as traffic states it.
struct Request {
  std::int64_t id = 0;  ///< numbers of a stream rise
  Seconds arrival{};    ///< at the router
  int input = 1;        ///< prompt tokens
  int output = 1;       ///< tokens to generate
  int service_class = 0;
  int adapter = -1;                    ///< low-rank adapter that it is of; -1: of the model itself
  std::int64_t session = -1;           ///< turns of one conversation share it; -1: none
  std::vector<std::int64_t> prefix{};  ///< names of the prompt's leading blocks, equal for equal content; may be empty
};

/// Requests in order of arrival, one at a time, so that a stream of any length takes constant memory.
class RequestSource {
 public:
  virtual ~RequestSource() = default;
  /// The next request; nothing when there is none, or none until a request is done. Arrivals never fall.
  virtual std::optional<Request> next() = 0;
  /// A request is done, or refused, at that time. Closed loops and conversations then have another.
  virtual void completed(const Request& request, Seconds time) {
    static_cast<void>(request);
    static_cast<void>(time);
  }
  /// What comes next in place of `held`, which next() gave and which has not arrived: since then completed() may have
  /// made an earlier one possible, such as the next turn of a conversation. `held` then comes again by next().
  virtual Request sooner(Request held) { return held; }
};

}  // namespace socle::workload
