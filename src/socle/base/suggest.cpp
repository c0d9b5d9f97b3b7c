#include "socle/base/suggest.hpp"

#include <algorithm>
#include <vector>

#include "socle/base/lower_case.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

constexpr std::size_t kLongestName = 200;  // longer text is no name, and the distance costs length squared

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int change = lower_case(a[i - 1]) == lower_case(b[j - 1]) ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && lower_case(a[i - 1]) == lower_case(b[j - 2]) &&
                           lower_case(a[i - 2]) == lower_case(b[j - 1]);
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

std::string plain_name(std::string_view name) {
  std::string text;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    const char low = lower_case(c);
    if (digit || (low >= 'a' && low <= 'z')) text += low;
  }
  return text;
}

std::optional<std::string> nearest_name(std::string_view wanted, std::span<const std::string> known) {
  if (wanted.empty() || wanted.size() > kLongestName) return std::nullopt;
  for (const std::string& name : known) {
    // "h100" for "h100-sxm": a whole beginning is what people type.
    if (wanted.size() >= 3 && name.size() > wanted.size() &&
        edit_distance(wanted, std::string_view(name).substr(0, wanted.size())) == 0) {
      return name;
    }
  }
  const int limit = std::max<int>(1, static_cast<int>(wanted.size()) / 3);
  std::optional<std::string> best;
  int best_distance = limit + 1;
  for (const std::string& name : known) {
    if (name.size() > kLongestName) continue;
    const int distance = edit_distance(wanted, name);
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string> known) {
  const std::optional<std::string> name = nearest_name(wanted, known);
  return name ? "; did you mean \"" + printable(*name) + "\"?" : std::string();
}

}  // namespace socle
