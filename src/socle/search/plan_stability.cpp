#include "socle/search/plan_stability.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/tail_mean.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::search {
namespace {

using cost::CostFactor;
using cost::Uncertain;
using cost::Values;

constexpr std::uint32_t kPurpose = 0x706c616e;      // "plan"
constexpr std::uint64_t kStepEntity = 1ULL << 32U;  // of step times, beyond all factors of all machines

/// The offers that stand, with what their money rests on.
class Field {
 public:
  explicit Field(const Plan& plan) : plan_(plan) {
    for (std::size_t i = 0; i < plan.offers.size(); ++i) {
      const PlannedOffer& offer = plan.offers[i];
      if (offer.best && offer.broken.empty() && offer.money && offer.cost) standing_.push_back(i);
    }
  }
  const std::vector<std::size_t>& standing() const { return standing_; }
  const OfferMoney& money(std::size_t offer) const { return *plan_.offers[offer].money; }
  Uncertain step(std::size_t offer) const {
    return {plan_.offers[offer].range_low, 1.0, plan_.offers[offer].range_high};
  }
  double cost(std::size_t offer, const Values& values, double step) const {
    return run_money(money(offer), values, plan_.offers[offer].run * step).value_or(HUGE_VAL);
  }
  /// The offer of least money, given each one's; the first wins a tie.
  std::size_t cheapest(const std::vector<double>& costs) const {
    return standing_[static_cast<std::size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin())];
  }

 private:
  const Plan& plan_;
  std::vector<std::size_t> standing_;
};

/// An input that may move, and how far: -1 its low end, 1 its high end.
struct Input {
  std::optional<CostFactor> factor;  ///< empty: the step time
  std::optional<std::size_t> offer;  ///< whose it is; empty: all offers share it
};

double at(const Uncertain& range, double place) {
  return place < 0 ? range.middle + (range.middle - range.low) * place
                   : range.middle + (range.high - range.middle) * place;
}

class Turning {
 public:
  Turning(const Plan& plan, const Field& field) : plan_(plan), field_(field) {}

  std::size_t winner(const Input& input, double place) const {
    std::vector<double> costs;
    for (const std::size_t offer : field_.standing()) {
      const OfferMoney& money = field_.money(offer);
      Values values = cost::middle_of(money.factors);
      double step = 1.0;
      const bool moves = !input.offer || field_.money(*input.offer).machine == money.machine;
      if (moves && !input.factor) {
        step = at(field_.step(offer), place);
      } else if (moves && money.factors[cost::index_of(*input.factor)]) {
        values = cost::moved(money.factors, values, *input.factor,
                             at(money.factors[cost::index_of(*input.factor)]->value, place));
      }
      costs.push_back(field_.cost(offer, values, step));
    }
    return field_.cheapest(costs);
  }

  /// The place of the smallest move towards `end` that changes the winner, by bisection; empty: none does.
  std::optional<double> turns_at(const Input& input, double end) const {
    const std::size_t first = winner(input, 0);
    if (winner(input, end) == first) return std::nullopt;
    double stays = 0, turned = end;
    for (int i = 0; i < 40; ++i) {
      const double middle = (stays + turned) / 2;
      (winner(input, middle) == first ? stays : turned) = middle;
    }
    return turned;
  }

  std::string say(const Input& input, double place) const {
    const std::string& now = plan_.offers[winner(input, place)].name;
    const std::string whose = input.offer ? plan_.offers[*input.offer].name + ": " : "";
    if (!input.factor)
      return fmt::format("{}a step {:.2f}x as long as predicted makes {} the cheapest", whose,
                         at(field_.step(*input.offer), place), now);
    const catalog::CostFactorFacts& facts = catalog::facts_of(*input.factor);
    const std::size_t any = input.offer.value_or(field_.standing().front());
    const Uncertain& range = field_.money(any).factors[cost::index_of(*input.factor)]->value;
    return fmt::format("{}{} of {} instead of {} makes {} the cheapest", whose, facts.label,
                       format_count(at(range, place)), format_count(range.middle), now);
  }

 private:
  const Plan& plan_;
  const Field& field_;
};

std::string turned_by(const Plan& plan, const Field& field) {
  const Turning turning(plan, field);
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < cost::kCostFactors; ++i) {
    const auto factor = static_cast<CostFactor>(i);
    if (!cost::of_machine(factor)) {
      inputs.push_back({factor, std::nullopt});
      continue;
    }
    for (const std::size_t offer : field.standing()) {
      if (field.money(offer).factors[i]) inputs.push_back({factor, offer});
    }
  }
  for (const std::size_t offer : field.standing()) inputs.push_back({std::nullopt, offer});
  double least = 2;
  std::string said;
  for (const Input& input : inputs) {
    for (const double end : {-1.0, 1.0}) {
      const auto place = turning.turns_at(input, end);
      if (!place || std::fabs(*place) >= least) continue;
      least = std::fabs(*place);
      said = turning.say(input, *place);
    }
  }
  return said;
}

}  // namespace

Stability stability_of(const Plan& plan, int draws, std::uint32_t seed) {
  SOCLE_CHECK(draws >= 1, "at least one draw");
  const Field field(plan);
  Stability result{.draws = draws, .offers = {}, .turned_by = {}};
  result.offers.resize(plan.offers.size());
  if (field.standing().empty()) return result;
  const RandomStream stream(seed, kPurpose);
  std::vector<std::vector<double>> costs(field.standing().size());
  std::vector<int> wins(plan.offers.size(), 0);
  for (int draw = 0; draw < draws; ++draw) {
    const auto number = static_cast<std::uint64_t>(draw);
    std::vector<double> now;
    for (const std::size_t offer : field.standing()) {
      const OfferMoney& money = field.money(offer);
      const double u = stream.uniform(kStepEntity + money.machine, number);
      now.push_back(field.cost(offer, cost::drawn(money.factors, stream, number, money.machine),
                               cost::triangular(field.step(offer), u)));
    }
    for (std::size_t i = 0; i < now.size(); ++i) costs[i].push_back(now[i]);
    ++wins[field.cheapest(now)];
  }
  for (std::size_t i = 0; i < costs.size(); ++i) {
    std::sort(costs[i].begin(), costs[i].end());
    const auto quantile = [&](double share) {
      return costs[i][static_cast<std::size_t>(share * static_cast<double>(draws - 1) + 0.5)];
    };
    const std::size_t offer = field.standing()[i];
    result.offers[offer] =
        OfferDraws{static_cast<double>(wins[offer]) / draws, quantile(0.5), quantile(0.9), tail_mean(costs[i], 0.9)};
  }
  if (field.standing().size() > 1) result.turned_by = turned_by(plan, field);
  return result;
}

}  // namespace socle::search
