#pragma once

#include <compare>

namespace socle {

/// A number with a dimension. The exponents count bytes, seconds, floating-point operations, joules and tokens;
/// a product or quotient adds or subtracts them, and a quotient without dimension is a plain `double`.
/// Only `base/`, serializers and the innermost kernels may take the raw number out with `.value()`.
template <int ByteExp, int TimeExp, int FlopExp, int EnergyExp, int TokenExp>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double value) : value_(value) {}

  /// The number in base units: bytes, seconds, FLOP, joules, tokens and their products.
  constexpr double value() const { return value_; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }
  constexpr Quantity& operator*=(double factor) {
    value_ *= factor;
    return *this;
  }
  constexpr Quantity& operator/=(double factor) {
    value_ /= factor;
    return *this;
  }
  constexpr Quantity operator-() const { return Quantity{-value_}; }

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.value_ + b.value_}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.value_ - b.value_}; }
  friend constexpr Quantity operator*(Quantity a, double b) { return Quantity{a.value_ * b}; }
  friend constexpr Quantity operator*(double a, Quantity b) { return Quantity{a * b.value_}; }
  friend constexpr Quantity operator/(Quantity a, double b) { return Quantity{a.value_ / b}; }

 private:
  double value_ = 0.0;
};

namespace detail {
template <int B, int T, int F, int E, int K>
struct Dimensioned {
  using type = Quantity<B, T, F, E, K>;
};
template <>
struct Dimensioned<0, 0, 0, 0, 0> {
  using type = double;
};
template <int B, int T, int F, int E, int K>
using DimensionedT = typename Dimensioned<B, T, F, E, K>::type;
}  // namespace detail

template <int B1, int T1, int F1, int E1, int K1, int B2, int T2, int F2, int E2, int K2>
constexpr auto operator*(Quantity<B1, T1, F1, E1, K1> a, Quantity<B2, T2, F2, E2, K2> b) {
  return detail::DimensionedT<B1 + B2, T1 + T2, F1 + F2, E1 + E2, K1 + K2>(a.value() * b.value());
}
template <int B1, int T1, int F1, int E1, int K1, int B2, int T2, int F2, int E2, int K2>
constexpr auto operator/(Quantity<B1, T1, F1, E1, K1> a, Quantity<B2, T2, F2, E2, K2> b) {
  return detail::DimensionedT<B1 - B2, T1 - T2, F1 - F2, E1 - E2, K1 - K2>(a.value() / b.value());
}
template <int B, int T, int F, int E, int K>
constexpr auto operator/(double a, Quantity<B, T, F, E, K> b) {
  return detail::DimensionedT<-B, -T, -F, -E, -K>(a / b.value());
}

using Bytes = Quantity<1, 0, 0, 0, 0>;
using Seconds = Quantity<0, 1, 0, 0, 0>;
using Flops = Quantity<0, 0, 1, 0, 0>;  // a count; a multiply-add is two
using Joules = Quantity<0, 0, 0, 1, 0>;
using Tokens = Quantity<0, 0, 0, 0, 1>;
using BytesPerSecond = Quantity<1, -1, 0, 0, 0>;
using FlopsPerSecond = Quantity<0, -1, 1, 0, 0>;
using TokensPerSecond = Quantity<0, -1, 0, 0, 1>;
using Watts = Quantity<0, -1, 0, 1, 0>;

inline namespace literals {
constexpr Bytes operator""_B(long double v) { return Bytes{static_cast<double>(v)}; }
constexpr Bytes operator""_GB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1e9}; }
constexpr Bytes operator""_GiB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1073741824.0}; }
constexpr Seconds operator""_us(long double v) { return Seconds{static_cast<double>(v) * 1e-6}; }
constexpr Seconds operator""_us(unsigned long long v) { return Seconds{static_cast<double>(v) * 1e-6}; }
constexpr Seconds operator""_s(long double v) { return Seconds{static_cast<double>(v)}; }
constexpr BytesPerSecond operator""_GBps(unsigned long long v) { return BytesPerSecond{static_cast<double>(v) * 1e9}; }
}  // namespace literals

}  // namespace socle
