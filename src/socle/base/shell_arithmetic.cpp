#include <cctype>
#include <charconv>

#include "socle/base/shell_variables.hpp"

namespace socle {
namespace {

constexpr int kDepthMax = 32;

/// sum := product {(+|-) product}; product := term {(*|/|%) term}; term := [-|+] number | (sum)
class Arithmetic {
 public:
  explicit Arithmetic(std::string_view text) : text_(text) {}
  std::optional<std::int64_t> value() {
    const auto found = sum(0);
    blanks();
    return at_ == text_.size() ? found : std::nullopt;
  }

 private:
  void blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  char next() {
    blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::optional<std::int64_t> sum(int depth) {
    auto left = product(depth);
    while (left && (next() == '+' || next() == '-')) {
      const char op = text_[at_++];
      const auto right = product(depth);
      std::int64_t made = 0;
      if (!right ||
          (op == '+' ? __builtin_add_overflow(*left, *right, &made) : __builtin_sub_overflow(*left, *right, &made)))
        return std::nullopt;
      left = made;
    }
    return left;
  }
  std::optional<std::int64_t> product(int depth) {
    auto left = term(depth);
    while (left && (next() == '*' || next() == '/' || next() == '%')) {
      const char op = text_[at_++];
      const auto right = term(depth);
      std::int64_t made = 0;
      if (!right || (op == '*' ? __builtin_mul_overflow(*left, *right, &made) : *right == 0 || *right == -1))
        return std::nullopt;
      left = op == '*' ? made : op == '/' ? *left / *right : *left % *right;
    }
    return left;
  }
  std::optional<std::int64_t> term(int depth) {
    if (depth > kDepthMax) return std::nullopt;
    const char c = next();
    if (c == '-' || c == '+') {
      ++at_;
      const auto found = term(depth + 1);
      return found && c == '-' ? std::optional(-*found) : found;
    }
    if (c == '(') {
      ++at_;
      const auto found = sum(depth + 1);
      if (!found || next() != ')') return std::nullopt;
      ++at_;
      return found;
    }
    std::int64_t number = 0;
    const char* end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, number);
    if (error != std::errc() || number > (std::int64_t{1} << 53)) return std::nullopt;
    at_ = static_cast<std::size_t>(stop - text_.data());
    return number;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::int64_t> shell_arithmetic(std::string_view text) { return Arithmetic(text).value(); }

}  // namespace socle
