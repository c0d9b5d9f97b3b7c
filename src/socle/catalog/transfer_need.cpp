#include "socle/catalog/transfer_need.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace socle::catalog {
namespace {

bool in_force(const DataRule& rule, std::string_view day) {
  return day >= rule.effective && (rule.ends.empty() || day <= rule.ends);
}

bool among(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Requires: nothing of the transfer is unknown.
bool applies(const DataRule& rule, const Transfer& transfer) {
  if (!rule.to.empty() && !among(rule.to, transfer.to)) return false;
  if (!rule.ground.empty() && !among(rule.ground, transfer.ground)) return false;
  if (rule.critical_operator && rule.critical_operator != transfer.critical_operator) return false;
  if (rule.recipient_covered && rule.recipient_covered != transfer.recipient_covered) return false;
  if (rule.no_personal_data && (*transfer.persons > 0 || *transfer.sensitive > 0)) return false;
  if (!rule.important_data && !rule.persons_from && !rule.sensitive_from) return true;
  return (rule.important_data && *transfer.important_data) ||
         (rule.persons_from && *transfer.persons >= *rule.persons_from) ||
         (rule.sensitive_from && *transfer.sensitive >= *rule.sensitive_from);
}

/// The facts that may be unknown, as numbers: one value when known, else one for each side of every threshold.
constexpr std::size_t kFacts = 5;
constexpr std::array<const char*, kFacts> kFactNames{"persons", "sensitive", "critical_operator", "important_data",
                                                     "recipient_covered"};
using Choices = std::array<std::vector<double>, kFacts>;
using Choice = std::array<std::size_t, kFacts>;

Choices choices_of(const std::vector<const DataRule*>& rules, const Transfer& transfer) {
  Choices choices;
  const auto count = [&](std::size_t fact, const std::optional<double>& known, std::optional<double> DataRule::*from) {
    choices[fact] = {known.value_or(0)};
    if (known) return;
    choices[fact].push_back(1);
    for (const DataRule* rule : rules) {
      if (rule->*from) choices[fact].push_back(*(rule->*from));
    }
  };
  const auto yes_or_no = [&](std::size_t fact, const std::optional<bool>& known) {
    choices[fact] = known ? std::vector<double>{*known ? 1.0 : 0.0} : std::vector<double>{0, 1};
  };
  count(0, transfer.persons, &DataRule::persons_from);
  count(1, transfer.sensitive, &DataRule::sensitive_from);
  yes_or_no(2, transfer.critical_operator);
  yes_or_no(3, transfer.important_data);
  yes_or_no(4, transfer.recipient_covered);
  return choices;
}

/// The rule that decides one choice; null: none applies.
const DataRule* decides(const std::vector<const DataRule*>& rules, Transfer transfer, const Choices& choices,
                        const Choice& at) {
  transfer.persons = choices[0][at[0]];
  transfer.sensitive = choices[1][at[1]];
  transfer.critical_operator = choices[2][at[2]] > 0;
  transfer.important_data = choices[3][at[3]] > 0;
  transfer.recipient_covered = choices[4][at[4]] > 0;
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const DataRule* one) { return applies(*one, transfer); });
  return rule == rules.end() ? nullptr : *rule;
}

TransferNeed need_of(const DataRule* rule) { return rule == nullptr ? TransferNeed::kUnknown : rule->need; }

bool next(Choice& at, const Choices& choices) {
  for (std::size_t fact = 0; fact < kFacts; ++fact) {
    if (++at[fact] < choices[fact].size()) return true;
    at[fact] = 0;
  }
  return false;
}

}  // namespace

TransferVerdict transfer_need(const Jurisdiction& from, const Transfer& transfer, std::string_view day) {
  std::vector<const DataRule*> rules;
  for (const DataRule& rule : from.rules) {
    if (in_force(rule, day)) rules.push_back(&rule);
  }
  const Choices choices = choices_of(rules, transfer);
  TransferVerdict verdict;
  std::array<bool, kFacts> matters{};
  const DataRule* deciding = nullptr;
  Choice at{};
  do {
    const DataRule* rule = decides(rules, transfer, choices, at);
    const TransferNeed need = need_of(rule);
    if (std::find(verdict.possible.begin(), verdict.possible.end(), need) == verdict.possible.end())
      verdict.possible.push_back(need);
    if (deciding == nullptr) deciding = rule;
    for (std::size_t fact = 0; fact < kFacts; ++fact) {
      Choice first = at;
      first[fact] = 0;
      matters[fact] = matters[fact] || need_of(decides(rules, transfer, choices, first)) != need;
    }
  } while (next(at, choices));
  std::sort(verdict.possible.begin(), verdict.possible.end());
  for (std::size_t fact = 0; fact < kFacts; ++fact) {
    if (matters[fact]) verdict.undecided_by.emplace_back(kFactNames[fact]);
  }
  if (verdict.possible.size() > 1) return verdict;
  verdict.need = verdict.possible.front();
  if (deciding != nullptr) verdict.rule = *deciding;
  return verdict;
}

}  // namespace socle::catalog
