#include "socle/search/chip_mix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "socle/base/check.hpp"

namespace socle::search {
namespace {

constexpr double kRounding = 1e-9;  // of loads that fill chips exactly
constexpr double kNone = std::numeric_limits<double>::infinity();
constexpr double kChipsMost = 1e9;  // of a kind

double whole(double load) { return std::ceil(load - kRounding); }

/// Chips of a kind that one slice of a bucket keeps busy; infinite when it cannot serve it, or only
/// with more than a thousand million of them.
double slice_load(const MixQuestion& question, std::size_t bucket, std::size_t kind) {
  const double rate = question.buckets[bucket].rate / question.slices, one = question.kinds[kind].rates[bucket];
  if (rate == 0) return 0;
  return one > 0 && rate / one <= kChipsMost ? rate / one : kNone;
}

class Search {
 public:
  Search(const MixQuestion& question, long effort) : question_(question), effort_(effort) {
    order_.resize(question.buckets.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::vector<double> cost;
    for (std::size_t b = 0; b < order_.size(); ++b) cost.push_back(least_cost(b));
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return cost[a] > cost[b]; });
    rest_.assign(order_.size() + 1, 0.0);
    for (std::size_t i = order_.size(); i > 0; --i) rest_[i - 1] = rest_[i] + cost[order_[i - 1]];
    for (std::size_t b = 0; b < order_.size(); ++b) kinds_.push_back(cheap_first(b));
    loads_.assign(question.kinds.size(), 0.0);
    slices_.assign(question.buckets.size(), std::vector<int>(question.kinds.size(), 0));
  }

  double bound() const { return rest_.front(); }
  bool cut_short() const { return effort_ <= 0; }
  /// Looks for what is cheaper than this mix only.
  void start_from(ChipMix mix) { best_ = std::move(mix); }
  std::optional<ChipMix> run() {
    descend(0, 0, question_.slices);
    return best_;
  }

 private:
  /// Of a bucket's slices where they cost least, in fractions of chips.
  double least_cost(std::size_t bucket) const {
    double least = kNone;
    for (std::size_t k = 0; k < question_.kinds.size(); ++k) {
      const double load = slice_load(question_, bucket, k);
      if (load < kNone) least = std::min(least, question_.kinds[k].price * load * question_.slices);
    }
    return least;
  }

  /// The kinds, that on which the bucket costs least first: the first mix found is the bound, rounded up.
  std::vector<std::size_t> cheap_first(std::size_t bucket) const {
    std::vector<std::size_t> kinds(question_.kinds.size());
    std::iota(kinds.begin(), kinds.end(), std::size_t{0});
    const auto cost = [&](std::size_t kind) {
      const double load = slice_load(question_, bucket, kind);
      return load < kNone ? question_.kinds[kind].price * load : kNone;
    };
    std::stable_sort(kinds.begin(), kinds.end(), [&](std::size_t a, std::size_t b) { return cost(a) < cost(b); });
    return kinds;
  }

  /// The least that can come of what is placed: whole chips for it, or fractions for everything.
  double price_at_least(double left) const {
    double chips = 0, fractions = left;
    for (std::size_t k = 0; k < loads_.size(); ++k) {
      const MixKind& kind = question_.kinds[k];
      if (whole(loads_[k]) > kind.limit.value_or(static_cast<int>(kChipsMost))) return kNone;
      chips += kind.price * whole(loads_[k]);
      fractions += kind.price * loads_[k];
    }
    return std::max(chips, fractions);
  }

  void keep() {
    ChipMix mix{.counts = {}, .slices = slices_};
    for (std::size_t k = 0; k < loads_.size(); ++k) {
      mix.counts.push_back(static_cast<int>(whole(loads_[k])));
      mix.price += question_.kinds[k].price * mix.counts.back();
    }
    if (!best_ || mix.price < best_->price - kRounding) best_ = std::move(mix);
  }

  /// Places `left` slices of the bucket at `place` on its kinds from the `choice`th on.
  void descend(std::size_t place, std::size_t choice, int left) {
    if (--effort_ <= 0) return;
    if (place == order_.size()) return keep();
    const std::size_t bucket = order_[place];
    const double of_bucket = (rest_[place] - rest_[place + 1]) * left / question_.slices;
    const double least = price_at_least(of_bucket + rest_[place + 1]);
    if (least == kNone || (best_ && least >= best_->price - kRounding)) return;
    if (left == 0) return descend(place + 1, 0, question_.slices);
    if (choice == question_.kinds.size()) return;
    const std::size_t kind = kinds_[bucket][choice];
    const double load = slice_load(question_, bucket, kind), before = loads_[kind];
    const int most = load < kNone ? left : 0;
    for (int count = most; count >= 0; --count) {
      if (count > 0) loads_[kind] = before + load * count;
      slices_[bucket][kind] = count;
      descend(place, choice + 1, left - count);
      loads_[kind] = before;
    }
    slices_[bucket][kind] = 0;
  }

  const MixQuestion& question_;
  long effort_;
  std::vector<std::size_t> order_;
  std::vector<std::vector<std::size_t>> kinds_;  // by bucket, in the order in which they are tried
  std::vector<double> rest_;                     // least cost of the buckets from here on
  std::vector<double> loads_;
  std::vector<std::vector<int>> slices_;
  std::optional<ChipMix> best_;
};

/// Price with one kind alone.
std::optional<double> price_alone(const MixQuestion& question, std::size_t kind) {
  double load = 0;
  for (std::size_t b = 0; b < question.buckets.size(); ++b) load += slice_load(question, b, kind) * question.slices;
  const MixKind& one = question.kinds[kind];
  if (!(load < kNone) || (one.limit && whole(load) > *one.limit)) return std::nullopt;
  return one.price * whole(load);
}

}  // namespace

Feasible<ChipMix> cheapest_mix(const MixQuestion& question, long effort_most) {
  SOCLE_CHECK(question.slices >= 1, "a bucket has slices");
  for (const MixKind& kind : question.kinds)
    SOCLE_CHECK(kind.rates.size() == question.buckets.size() && kind.price >= 0, "a kind has a rate for each bucket");
  for (std::size_t b = 0; b < question.buckets.size(); ++b) {
    bool served = question.buckets[b].rate == 0;
    for (std::size_t k = 0; k < question.kinds.size(); ++k) served = served || slice_load(question, b, k) < kNone;
    if (!served)
      return Infeasible{"bucket", fmt::format("no kind serves {}", question.buckets[b].name),
                        "give a kind a rate for it that is above 0"};
  }
  Search search(question, effort_most);
  if (question.slices > 1) {  // what is cheapest unsplit is one of the mixes
    MixQuestion unsplit = question;
    unsplit.slices = 1;
    if (auto known = Search(unsplit, effort_most).run()) {
      for (std::vector<int>& bucket : known->slices) {
        for (int& slices : bucket) slices *= question.slices;
      }
      search.start_from(std::move(*known));
    }
  }
  std::optional<ChipMix> mix = search.run();
  if (!mix)
    return Infeasible{"limit",
                      search.cut_short() ? "no mix was found in the steps allowed"
                                         : "the chips that can be had do not carry all buckets",
                      "raise a limit, split buckets into more slices, or add a kind"};
  mix->bound = search.bound();
  mix->proved = !search.cut_short();
  for (std::size_t k = 0; k < question.kinds.size(); ++k) mix->alone.push_back(price_alone(question, k));
  return std::move(*mix);
}

}  // namespace socle::search
