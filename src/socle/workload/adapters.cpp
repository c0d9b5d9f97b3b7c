#include "socle/workload/adapters.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "socle/base/check.hpp"

namespace socle::workload {
namespace {

constexpr std::uint32_t kAdapterPurpose = 0xADA97E00;
constexpr std::uint64_t kHasDraw = 0, kWhichDraw = 1;
constexpr std::uint64_t kSessionDraws = 8;  // apart from those of requests without a session
// A large odd number: names of one block under two adapters differ.
constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;

}  // namespace

AdapterSource::AdapterSource(std::unique_ptr<RequestSource> requests, const AdapterTraffic& traffic, std::uint32_t seed)
    : requests_(std::move(requests)), share_(traffic.share), random_(seed, kAdapterPurpose) {
  SOCLE_CHECK(traffic.adapters >= 1, "requests are of some adapter");
  double sum = 0;
  for (int k = 1; k <= traffic.adapters; ++k) up_to_.push_back(sum += std::pow(k, -traffic.exponent));
  for (double& one : up_to_) one /= sum;
}

Request AdapterSource::adapted(Request request) const {
  const bool alone = request.session < 0;
  const auto entity = static_cast<std::uint64_t>(alone ? request.id : request.session);
  const std::uint64_t draws = alone ? 0 : kSessionDraws;
  if (random_.uniform(entity, draws + kHasDraw) >= share_) return request;
  const auto at = std::lower_bound(up_to_.begin(), up_to_.end(), random_.uniform(entity, draws + kWhichDraw));
  const auto last = static_cast<std::ptrdiff_t>(up_to_.size()) - 1;
  request.adapter = static_cast<int>(std::min(at - up_to_.begin(), last));
  for (std::int64_t& name : request.prefix)
    name = static_cast<std::int64_t>(static_cast<std::uint64_t>(name) ^
                                     (kMix * (static_cast<std::uint64_t>(request.adapter) + 1)));
  return request;
}

std::optional<Request> AdapterSource::next() {
  std::optional<Request> request = requests_->next();
  if (!request) return request;
  return adapted(*std::move(request));
}

// What is given back is as the other source made it: adapted again, whichever comes.
Request AdapterSource::sooner(Request held) {
  const int adapter = std::exchange(held.adapter, -1);
  if (adapter >= 0) {
    for (std::int64_t& name : held.prefix)
      name = static_cast<std::int64_t>(static_cast<std::uint64_t>(name) ^
                                       (kMix * (static_cast<std::uint64_t>(adapter) + 1)));
  }
  return adapted(requests_->sooner(std::move(held)));
}

}  // namespace socle::workload
