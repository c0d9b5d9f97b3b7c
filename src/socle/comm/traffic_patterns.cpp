#include "socle/comm/traffic_patterns.hpp"

#include <numeric>
#include <utility>

#include "socle/base/random.hpp"

namespace socle::comm {
namespace {

constexpr std::uint32_t kPurpose = 0x70657266;  // of the random stream

RoundPlan one_round(const char* name) {
  RoundPlan plan{.algorithm = name};
  plan.rounds.emplace_back();
  return plan;
}

}  // namespace

// Sattolo's shuffle: a single cycle, so nobody sends to itself.
RoundPlan random_permutation(std::uint32_t members, Bytes bytes, std::uint32_t seed) {
  const RandomStream random(seed, kPurpose);
  std::vector<std::uint32_t> to(members);
  std::iota(to.begin(), to.end(), 0u);
  for (std::uint32_t i = members - 1; i > 0; --i) std::swap(to[i], to[random.below(i, i, 0)]);
  RoundPlan plan = one_round("permutation");
  for (std::uint32_t i = 0; i < members; ++i) plan.rounds[0].transfers.push_back({i, to[i], bytes});
  return plan;
}

RoundPlan shift(std::uint32_t members, std::uint32_t step, Bytes bytes) {
  RoundPlan plan = one_round("shift");
  for (std::uint32_t i = 0; i < members; ++i)
    plan.rounds[0].transfers.push_back(
        {i, static_cast<std::uint32_t>((i + static_cast<std::uint64_t>(step)) % members), bytes});
  return plan;
}

RoundPlan incast(std::uint32_t senders, Bytes bytes) {
  RoundPlan plan = one_round("incast");
  for (std::uint32_t i = 1; i <= senders; ++i) plan.rounds[0].transfers.push_back({i, 0, bytes});
  return plan;
}

}  // namespace socle::comm
