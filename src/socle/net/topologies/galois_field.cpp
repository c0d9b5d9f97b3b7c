#include "socle/net/topologies/galois_field.hpp"

#include "socle/base/check.hpp"

namespace socle::net {
namespace {

std::uint32_t smallest_factor(std::uint32_t n) {
  for (std::uint32_t d = 2; d * d <= n; ++d) {
    if (n % d == 0) return d;
  }
  return n;
}

}  // namespace

bool GaloisField::exists(std::uint32_t order) {
  if (order < 2) return false;
  const std::uint32_t prime = smallest_factor(order);
  while (order % prime == 0) order /= prime;
  return order == 1;
}

// Degree 1: a generator is searched among the elements. Higher degrees: x generates for a primitive polynomial
// x^m = c(x), and c is searched; multiplying by x shifts digits and replaces the carry by carry * c.
GaloisField::GaloisField(std::uint32_t order) : order_(order), prime_(smallest_factor(order)), degree_(0) {
  SOCLE_CHECK(exists(order) && order <= 1024, "a field has p^m elements");
  for (std::uint32_t rest = order; rest > 1; rest /= prime_) ++degree_;
  for (std::uint32_t candidate = 1; candidate < order; ++candidate) {
    powers_.assign(1, 1);
    logs_.assign(order, 0);
    for (std::uint32_t a = times_generator(1, candidate); a > 1 && powers_.size() < order;
         a = times_generator(a, candidate)) {
      logs_[a] = static_cast<std::uint32_t>(powers_.size());
      powers_.push_back(a);
    }
    if (powers_.size() == order - 1) return;
  }
  SOCLE_CHECK(false, "every finite field has a generator");
}

std::uint32_t GaloisField::times_generator(std::uint32_t a, std::uint32_t modulus) const {
  if (degree_ == 1) return a * modulus % prime_;
  const std::uint32_t carry = a * prime_ / order_;
  std::uint32_t result = a * prime_ % order_;
  for (std::uint32_t i = 0; i < carry; ++i) result = add(result, modulus);
  return result;
}

std::uint32_t GaloisField::add(std::uint32_t a, std::uint32_t b) const {
  std::uint32_t sum = 0;
  for (std::uint32_t unit = 1; unit < order_; unit *= prime_) {
    sum += (a / unit % prime_ + b / unit % prime_) % prime_ * unit;
  }
  return sum;
}

std::uint32_t GaloisField::subtract(std::uint32_t a, std::uint32_t b) const {
  std::uint32_t difference = 0;
  for (std::uint32_t unit = 1; unit < order_; unit *= prime_) {
    difference += (prime_ + a / unit % prime_ - b / unit % prime_) % prime_ * unit;
  }
  return difference;
}

std::uint32_t GaloisField::multiply(std::uint32_t a, std::uint32_t b) const {
  if (a == 0 || b == 0) return 0;
  return power(logs_[a] + logs_[b]);
}

}  // namespace socle::net
