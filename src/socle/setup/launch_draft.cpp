#include "socle/setup/launch_draft.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"

namespace socle::setup {
namespace {

using Value = LaunchDraft::Value;

constexpr int kWholeMax = 100'000'000;

}  // namespace

void LaunchDraft::say(const catalog::LaunchFlag& flag, Value value, LaunchFlagRead row) {
  const auto before = values_.find(flag.takes);
  if (before != values_.end()) {
    rows[before->second.row].use = catalog::LaunchUse::kIgnored;
    rows[before->second.row].why = "said again later, which wins";
  }
  value.row = rows.size();
  rows.push_back(std::move(row));
  values_.insert_or_assign(flag.takes, std::move(value));
}

const Value* LaunchDraft::find(std::string_view takes) const {
  const auto found = values_.find(takes);
  return found == values_.end() ? nullptr : &found->second;
}

std::optional<int> LaunchDraft::whole(std::string_view takes) {
  const Value* value = find(takes);
  if (value == nullptr) return std::nullopt;
  int number = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [stop, error] = std::from_chars(value->text.data(), end, number);
  if (error == std::errc() && stop == end && number >= 1 && number <= kWholeMax) return number;
  problem(*value, fmt::format("write a whole number from 1 to {}", kWholeMax));
  return std::nullopt;
}

bool LaunchDraft::on(std::string_view takes) {
  const Value* value = find(takes);
  return value != nullptr && value->text != "false";
}

void LaunchDraft::problem(const Value& at, std::string message) {
  const LaunchFlagRead& row = rows[at.row];
  const std::string word = row.value.empty() ? row.flag : row.flag + " " + row.value;
  problems.add({at.source, at.line, at.column, "from", fmt::format("{}: {}", printable(word, 80), message)});
}

}  // namespace socle::setup
