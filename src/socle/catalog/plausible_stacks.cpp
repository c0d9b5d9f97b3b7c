#include "socle/catalog/plausible_stacks.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "socle/catalog/stacks.hpp"

namespace socle::catalog {
namespace {

constexpr int kYearsInUse = 1;     // after the last of its own (assumption: people upgrade within a year)
constexpr int kLatestYear = 9999;  // of the kind's default

bool later(const Stack& a, const Stack& b) { return std::tie(a.from_year, a.slug) > std::tie(b.from_year, b.slug); }

}  // namespace

std::vector<Stack> plausible_stacks(const std::vector<Stack>& stacks, const Chip& chip) {
  const std::string_view kind = chip_kind(chip);
  int now = 0;
  for (const Stack& stack : stacks) now = std::max(now, stack.from_year);
  std::map<std::string, const Stack*> latest;  // by framework
  for (const Stack& stack : stacks) {
    if (std::find(stack.plausible_on.begin(), stack.plausible_on.end(), kind) == stack.plausible_on.end()) continue;
    const Stack*& known = latest[stack.framework];
    if (known == nullptr || later(stack, *known)) known = &stack;
  }
  std::vector<Stack> plausible;
  for (const auto& [framework, stack] : latest) {
    if (stack->to_year < chip.year.value_or(0) || stack->to_year + kYearsInUse < now) continue;
    plausible.push_back(*stack);
  }
  if (plausible.empty()) plausible.push_back(stack_of_source(stacks, {}, kLatestYear, kind));
  std::sort(plausible.begin(), plausible.end(), [](const Stack& a, const Stack& b) { return a.slug < b.slug; });
  return plausible;
}

}  // namespace socle::catalog
