#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"
#include "socle/base/ranged.hpp"
#include "socle/base/unit_text.hpp"

namespace socle {

/// A unit that several figures share, so that they can be compared at a glance: a value and both ends of its range, or
/// the cells of a column. T is a Quantity, Money, or double for a plain count.
template <typename T>
class UnitScale {
 public:
  /// `unit` is the size of one in base units; the suffix starts with a blank where one stands behind the number, as in
  /// " GiB". Money's suffix is without the currency: "M" for millions. Requires: unit > 0.
  UnitScale(double unit, std::string_view suffix) : unit_(unit), suffix_(suffix) {}

  /// At most four significant digits and no unit: "59.02". Not finite becomes "unknown".
  std::string number(const T& figure) const { return format_number(plain(figure) / unit_); }
  /// "59.02 GiB", "1.092M USD".
  std::string text(const T& figure) const {
    if (!std::isfinite(plain(figure))) return "unknown";
    std::string out = number(figure) + std::string(suffix_);
    if constexpr (std::is_same_v<T, Money>) out += " " + std::string(currency_name(figure.currency));
    return out;
  }
  /// The figure, or what stands for none.
  std::string text(const std::optional<T>& figure, std::string_view none) const {
    return figure ? text(*figure) : std::string(none);
  }
  /// "14.19-22.15 days": the unit once.
  std::string span(const T& low, const T& high) const { return number(low) + "-" + text(high); }

  /// The unit without a figure: "M CNY", "GiB".
  std::string name(Currency currency = Currency::kUsd) const {
    std::string text(suffix_);
    if constexpr (std::is_same_v<T, Money>) text += " " + std::string(currency_name(currency));
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
  }
  /// One of the unit, in base units.
  double size() const { return unit_; }

  /// At most four digits before the point?
  bool short_for(const T& figure) const { return std::fabs(plain(figure)) < 9999.5 * unit_; }

  /// The figure in base units.
  static double plain(const T& figure) {
    if constexpr (std::is_same_v<T, Money>)
      return figure.amount;
    else if constexpr (std::is_same_v<T, double>)
      return figure;
    else
      return figure.value();
  }

 private:
  double unit_;
  std::string_view suffix_;  // of a literal
};

/// The unit that keeps this figure between 1 and 1000, where there is one; what rounds up to the next unit is written
/// in it. Bytes count in powers of 1000 (buffers, messages, storage), links in bytes.
UnitScale<Bytes> unit_for(Bytes size);
/// Memory of chips and what must fit into it: powers of 1024.
UnitScale<Bytes> binary_unit_for(Bytes size);
UnitScale<BytesPerSecond> unit_for(BytesPerSecond rate);
UnitScale<BytesPerSecond> bit_unit_for(BytesPerSecond rate);
/// Seconds up to two minutes; days are the largest.
UnitScale<Seconds> unit_for(Seconds time);
UnitScale<Flops> unit_for(Flops count);
/// TFLOP/s from 1 to 100,000 of them: chips are compared in it.
UnitScale<FlopsPerSecond> unit_for(FlopsPerSecond rate);
UnitScale<Watts> unit_for(Watts power);
/// J, then Wh, kWh and so on, as energy is billed.
UnitScale<Joules> unit_for(Joules energy);
UnitScale<Tokens> unit_for(Tokens count);
UnitScale<TokensPerSecond> unit_for(TokensPerSecond rate);
UnitScale<Money> unit_for(const Money& money);
UnitScale<double> unit_for(double count);

/// A figure with both ends of its range in the unit of the figure.
struct RangeText {
  std::string value, low, high;
};

template <typename T>
RangeText range_text(const Ranged<T>& figure) {
  const UnitScale<T> unit = unit_for(figure.value);
  return {unit.text(figure.value), unit.text(figure.low), unit.text(figure.high)};
}

namespace detail {
template <typename T>
std::optional<T> maybe(const T& figure) {
  return figure;
}
template <typename T>
std::optional<T> maybe(const std::optional<T>& figure) {
  return figure;
}

// The finite figures of a column that are smallest (but not zero) and largest by size; zero without any.
template <typename Rows, typename Figure>
auto extremes_of(const Rows& rows, Figure figure) {
  using T = typename decltype(maybe(std::invoke(figure, *std::begin(rows))))::value_type;
  const auto size = [](const T& value) { return std::fabs(UnitScale<T>::plain(value)); };
  std::pair<T, T> extremes{};
  for (const auto& row : rows) {
    const std::optional<T> value = maybe(std::invoke(figure, row));
    if (!value || !std::isfinite(size(*value)) || size(*value) == 0) continue;
    auto& [smallest, largest] = extremes;
    if (size(smallest) == 0 || size(*value) < size(smallest)) smallest = *value;
    if (size(*value) > size(largest)) largest = *value;
  }
  return extremes;
}
}  // namespace detail

/// The unit of a column. `figure` takes a row to its figure or to an optional one. It is the unit of the smallest
/// figure that is not zero, so that none needs digits behind 0.; where the largest would then need more than four
/// digits before the point, it is that of the largest.
template <typename Rows, typename Figure>
auto column_unit(const Rows& rows, Figure figure) {
  const auto [smallest, largest] = detail::extremes_of(rows, figure);
  const auto unit = unit_for(smallest);
  return unit.short_for(largest) ? unit : unit_for(largest);
}

/// The same for memory, by the largest figure: the parts of one chip's memory add up and are read against all of it.
template <typename Rows, typename Figure>
UnitScale<Bytes> memory_column_unit(const Rows& rows, Figure figure) {
  return binary_unit_for(detail::extremes_of(rows, figure).second);
}

}  // namespace socle
