#pragma once

#include <cstdint>
#include <vector>

namespace socle::net {

/// The field of q = p^m elements, as tables. Elements are 0 .. q-1: digits in base p are coefficients of a polynomial.
class GaloisField {
 public:
  /// True for the powers of primes.
  static bool exists(std::uint32_t order);
  /// Requires: exists(order), order <= 1024.
  explicit GaloisField(std::uint32_t order);

  std::uint32_t order() const { return order_; }
  std::uint32_t add(std::uint32_t a, std::uint32_t b) const;
  std::uint32_t subtract(std::uint32_t a, std::uint32_t b) const;
  std::uint32_t multiply(std::uint32_t a, std::uint32_t b) const;
  /// Power i of a generator of the multiplicative group.
  std::uint32_t power(std::uint32_t i) const { return powers_[i % (order_ - 1)]; }

 private:
  std::uint32_t times_generator(std::uint32_t a, std::uint32_t modulus) const;
  std::uint32_t order_, prime_, degree_;
  std::vector<std::uint32_t> powers_, logs_;
};

}  // namespace socle::net
