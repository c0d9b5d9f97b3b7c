#include "socle/answer/serve/plan_mix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "socle/base/check.hpp"

namespace socle::answer {
namespace {

constexpr double kSame = 1e-9;  // of rates and costs, as shares

class Search {
 public:
  Search(std::span<const MixOption> options, std::span<const int> stock, double rate, int spare)
      : options_(options), left_(stock.begin(), stock.end()), rate_(rate), spare_(spare), order_(options.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    // The cheapest for what it carries first: nothing after it carries what is missing for less.
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return price(a) < price(b); });
    now_.replicas.assign(options.size(), 0);
    best_.cost = std::numeric_limits<double>::infinity();
  }

  std::optional<FleetMix> run() {
    descend(0, rate_);
    if (std::isinf(best_.cost)) return std::nullopt;
    return best_;
  }

 private:
  double price(std::size_t i) const { return options_[i].cost / options_[i].capacity; }

  void descend(std::size_t place, double missing) {
    if (missing <= kSame * rate_) {
      if (now_.cost < best_.cost * (1 - kSame) || std::isinf(best_.cost)) best_ = now_;
      return;
    }
    if (place == order_.size()) return;
    const std::size_t index = order_[place];
    if (now_.cost + missing * price(index) >= best_.cost * (1 - kSame)) return;
    const MixOption& option = options_[index];
    const double needed = std::ceil(missing / option.capacity - kSame);
    const int there = left_[option.stock] / option.chips - spare_;
    const int most = static_cast<int>(std::min(needed, static_cast<double>(std::max(0, there))));
    for (int count = most; count >= 0; --count) {
      const int replicas = count > 0 ? count + spare_ : 0;
      now_.replicas[index] = replicas;
      now_.cost += replicas * option.cost;
      left_[option.stock] -= replicas * option.chips;
      descend(place + 1, missing - count * option.capacity);
      left_[option.stock] += replicas * option.chips;
      now_.cost -= replicas * option.cost;
    }
    now_.replicas[index] = 0;
  }

  std::span<const MixOption> options_;
  std::vector<int> left_;  ///< of each stock
  double rate_;
  int spare_;
  std::vector<std::size_t> order_;
  FleetMix now_, best_;
};

}  // namespace

std::optional<FleetMix> cheapest_mix(std::span<const MixOption> options, std::span<const int> stock, double rate,
                                     int spare) {
  for (const MixOption& option : options)
    SOCLE_CHECK(option.capacity > 0 && option.cost > 0 && option.chips > 0 && option.stock < stock.size(),
                "a kind of replica carries something, costs something and is made of chips that are counted");
  return Search(options, stock, rate, spare).run();
}

}  // namespace socle::answer
