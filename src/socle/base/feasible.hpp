#pragma once

#include <optional>
#include <string>
#include <utility>

#include "socle/base/check.hpp"

namespace socle {

/// Why something cannot be: it does not fit, does not divide, or breaks a limit. An answer, not an error.
struct Infeasible {
  std::string reason;  ///< a short, countable name, e.g. "memory"
  std::string detail;  ///< the figures: need, have
  std::string remedy;  ///< the nearest change that would make it feasible
};

/// A value, or the reason why there is none.
template <typename T>
class Feasible {
 public:
  Feasible(T value) : value_(std::move(value)) {}
  Feasible(Infeasible why) : why_(std::move(why)) {}

  explicit operator bool() const { return value_.has_value(); }
  const T& operator*() const {
    SOCLE_CHECK(value_.has_value(), "a feasible value is read");
    return *value_;
  }
  const T* operator->() const { return &**this; }
  T&& take() && {
    SOCLE_CHECK(value_.has_value(), "a feasible value is taken");
    return std::move(*value_);
  }
  const Infeasible& why() const {
    SOCLE_CHECK(!value_.has_value(), "a reason is read");
    return why_;
  }

 private:
  std::optional<T> value_;
  Infeasible why_;
};

}  // namespace socle
