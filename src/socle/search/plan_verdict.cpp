#include "socle/search/plan_verdict.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::search {
namespace {

bool stands(const PlannedOffer& offer) { return offer.best.has_value() && offer.broken.empty(); }

/// What the front is taken over; smaller is better. Unknown is no tie: neither offer beats the other there.
struct Figures {
  Seconds run{};
  std::optional<double> money, energy;
};

Figures figures_of(const PlannedOffer& offer) {
  Figures figures{.run = finish_of(offer), .money = {}, .energy = {}};
  if (offer.cost) figures.money = offer.cost->amount;
  if (offer.energy > Joules{}) figures.energy = offer.energy.value();
  return figures;
}

bool known_no_more(const std::optional<double>& a, const std::optional<double>& b) { return a && b && *a <= *b; }

/// What no offer tells is not compared at all.
struct Compared {
  bool money = false, energy = false;
};

// Is `a` at least as good as `b` in time and all that is compared, and better in one?
bool dominates(const Figures& a, const Figures& b, Compared compared) {
  if (a.run > b.run) return false;
  if (compared.money && !known_no_more(a.money, b.money)) return false;
  if (compared.energy && !known_no_more(a.energy, b.energy)) return false;
  return a.run < b.run || a.money < b.money || a.energy < b.energy;
}

Compared compared_by(const Plan& plan) {
  Compared compared;
  for (const PlannedOffer& offer : plan.offers) {
    if (!stands(offer)) continue;
    compared.money = compared.money || offer.cost.has_value();
    compared.energy = compared.energy || offer.energy > Joules{};
  }
  return compared;
}

std::string unknown_of(const PlannedOffer& offer, Compared compared) {
  const bool money = compared.money && !offer.cost, energy = compared.energy && !(offer.energy > Joules{});
  if (!money && !energy) return {};
  return fmt::format("; {} unknown, which nothing can beat",
                     money && energy ? "its money and energy are" : (money ? "its money is" : "its energy is"));
}

std::string versus(const PlannedOffer& loser, const PlannedOffer& winner) {
  std::string text = fmt::format("{:.2f}x the time", finish_of(loser) / finish_of(winner));
  if (loser.cost && winner.cost && winner.cost->amount > 0)
    text += fmt::format(", {:.2f}x the money", *loser.cost / *winner.cost);
  if (loser.energy > Joules{} && winner.energy > Joules{})
    text += fmt::format(", {:.2f}x the energy", loser.energy / winner.energy);
  return text;
}

void find_front(Plan& plan, Compared compared) {
  for (PlannedOffer& offer : plan.offers) {
    if (!stands(offer)) {
      offer.verdict = !offer.best ? "no plan: " + offer.infeasible : "breaks a limit: " + offer.broken.front();
      continue;
    }
    const auto better = std::find_if(plan.offers.begin(), plan.offers.end(), [&](const PlannedOffer& other) {
      return stands(other) && dominates(figures_of(other), figures_of(offer), compared);
    });
    offer.on_front = better == plan.offers.end();
    if (!offer.on_front)
      offer.verdict = fmt::format("beaten by {} everywhere: {}", better->name, versus(offer, *better));
  }
}

// Can the offer's step shrink to this share, with all FLOPs that its hardware executes at their peak?
bool physical(const PlannedOffer& offer, double ratio) {
  return std::max(offer.best->step.mfu, offer.best->step.hfu) / ratio <= 1.0;
}

// What the runner-up needs: a lower price, or a faster step, each alone.
void word_turns(Plan& plan) {
  const PlannedOffer& winner = plan.offers[*plan.winner];
  const PlannedOffer& second = plan.offers[*plan.runner_up];
  if (plan.by_cost) {
    const double ratio = *winner.cost / *second.cost;
    plan.turns.push_back(fmt::format("{} ties on money when its cost to finish falls by {} (to {:.3f}x)", second.name,
                                     format_percent(1.0 - ratio), ratio));
    plan.turns.push_back(
        physical(second, ratio)
            ? fmt::format("or when its step gets {:.2f}x as fast: {} instead of {}, MFU {} instead of {}", 1.0 / ratio,
                          format_seconds(second.best->step.step_time * ratio),
                          format_seconds(second.best->step.step_time), format_percent(second.best->step.mfu / ratio),
                          format_percent(second.best->step.mfu))
            : fmt::format("a faster step alone cannot do it: {:.2f}x as fast is beyond the datasheet's peak",
                          1.0 / ratio));
  } else {
    const double ratio = finish_of(winner) / finish_of(second);
    plan.turns.push_back(
        physical(second, ratio)
            ? fmt::format("{} ties on time when its step gets {:.2f}x as fast: MFU {} instead of {}", second.name,
                          1.0 / ratio, format_percent(second.best->step.mfu / ratio),
                          format_percent(second.best->step.mfu))
            : fmt::format("{} cannot tie on time with its chips: {:.2f}x as fast is beyond the datasheet's peak",
                          second.name, 1.0 / ratio));
    plan.turns.push_back(fmt::format("or with about {:.2f}x its chips, when they scale evenly", 1.0 / ratio));
  }
  // The stated ranges may overlap: then the order is not settled.
  const double winner_high = (plan.by_cost ? winner.cost->amount : finish_of(winner).value()) * winner.range_high;
  const double second_low = (plan.by_cost ? second.cost->amount : finish_of(second).value()) * second.range_low;
  if (winner_high > second_low)
    plan.turns.push_back("the two 90 % ranges overlap: measure a step on both before signing");
}

}  // namespace

namespace {

RunFigures figures_within(const PlannedOffer& offer, bool rented) {
  return {.chips = offer.chips,
          .rented = rented,
          .run = finish_of(offer),
          .power = offer.power,
          .energy = offer.energy,
          .capex = offer.capex,
          .cost = offer.cost,
          .cost_basis = offer.cost_basis};
}

}  // namespace

void apply_limits(const PlanLimits& limits, bool rented, PlannedOffer& offer) {
  if (!offer.best) return;
  const RunFigures figures = figures_within(offer, rented);
  offer.broken = broken_limits(limits, figures);
  offer.unjudged = unjudged_limits(limits, figures);
}

void take_way(const PlanLimits& limits, Currency currency, PlannedOffer& offer) {
  OfferMoney& money = *offer.money;
  const auto amount = [&](cost::Way way) { return *money.run_cost[static_cast<std::size_t>(way)]; };
  offer.cost.reset();
  offer.cost_basis.clear();
  std::stable_sort(money.ways.begin(), money.ways.end(),
                   [&](cost::Way a, cost::Way b) { return amount(a) < amount(b); });
  const auto keeps = [&](cost::Way way) {
    PlannedOffer one = offer;
    one.cost = Money{amount(way), currency};
    return broken_limits(limits, figures_within(one, !cost::owns(way))).empty();
  };
  std::vector<cost::Way> within;
  std::copy_if(money.ways.begin(), money.ways.end(), std::back_inserter(within), keeps);
  if (!within.empty()) money.ways = std::move(within);
  if (money.ways.empty()) return;
  money.way = money.ways.front();
  offer.cost = Money{amount(*money.way), currency};
  offer.cost_basis = cost::way_name(*money.way);
  money.left_out = cost::yearly_cost(*money.way, money.plant, cost::middle_of(money.factors)).left_out;
}

void judge(Plan& plan) {
  const Compared compared = compared_by(plan);
  find_front(plan, compared);
  std::vector<std::size_t> standing;
  for (std::size_t i = 0; i < plan.offers.size(); ++i) {
    if (stands(plan.offers[i])) standing.push_back(i);
  }
  if (standing.empty()) return;
  plan.by_cost =
      std::all_of(standing.begin(), standing.end(), [&](std::size_t i) { return plan.offers[i].cost.has_value(); });
  std::stable_sort(standing.begin(), standing.end(), [&](std::size_t a, std::size_t b) {
    const PlannedOffer &x = plan.offers[a], &y = plan.offers[b];
    if (plan.by_cost && x.cost->amount != y.cost->amount) return x.cost->amount < y.cost->amount;
    return finish_of(x) < finish_of(y);
  });
  plan.winner = standing.front();
  PlannedOffer& winner = plan.offers[*plan.winner];
  winner.verdict = plan.by_cost ? "wins: the least money within the limits" : "wins: the least time within the limits";
  if (!plan.by_cost && compared.money) winner.verdict += "; money cannot decide while an offer's is unknown";
  if (standing.size() > 1) {
    plan.runner_up = standing[1];
    word_turns(plan);
  }
  for (const std::size_t i : standing) {
    PlannedOffer& offer = plan.offers[i];
    if (offer.verdict.empty())
      offer.verdict =
          fmt::format("on the front: {} of {}{}", versus(offer, winner), winner.name, unknown_of(offer, compared));
  }
}

}  // namespace socle::search
