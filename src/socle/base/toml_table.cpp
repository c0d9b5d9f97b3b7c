#include <algorithm>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/toml_node.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

using detail::TomlKind;
using detail::TomlNode;

std::string_view kind_name(TomlKind kind) {
  switch (kind) {
    case TomlKind::kTable:
      return "a table";
    case TomlKind::kArray:
      return "an array";
    case TomlKind::kString:
      return "a text";
    case TomlKind::kInteger:
      return "an integer";
    case TomlKind::kReal:
      return "a real number";
    case TomlKind::kBoolean:
      return "a boolean";
    case TomlKind::kDate:
      return "a date";
  }
  return "a value";
}

}  // namespace

bool TomlTable::has(std::string_view key) const { return node_->find(key) != nullptr; }

bool TomlTable::is_array(std::string_view key) const {
  const TomlNode* node = node_->find(key);
  return node != nullptr && node->kind == TomlKind::kArray;
}

bool TomlTable::is_text(std::string_view key) const {
  const TomlNode* node = node_->find(key);
  return node != nullptr && node->kind == TomlKind::kString;
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::string> names;
  for (const auto& member : node_->members) names.push_back(member.first);
  return names;
}

std::string TomlTable::path() const { return node_->path; }

TomlPosition TomlTable::position(std::string_view key) const {
  const TomlNode* value = node_->find(key);
  return value ? value->position : node_->position;
}

const TomlNode* TomlTable::ask(std::string_view key) const {
  node_->asked.emplace(key);
  return node_->find(key);
}

std::string TomlTable::name_of(std::string_view key) const {
  return node_->path.empty() ? std::string(key) : fmt::format("{}.{}", node_->path, key);
}

void TomlTable::problem(std::string_view key, std::string message) const {
  const TomlPosition at = position(key);
  // Two readers of one key meet the same mistake: it is told once, whatever remedy the second would name.
  const auto mistake = [](std::string_view text) { return text.substr(0, text.find(';')); };
  for (const Problem& told : state_->problems.list()) {
    if (told.line == at.line && told.column == at.column && mistake(told.message) == mistake(message)) return;
  }
  state_->problems.add({state_->source, at.line, at.column, name_of(key), std::move(message)});
}

void TomlTable::ignore(std::string_view key) const {
  if (const TomlNode* value = ask(key)) value->ignored = true;
}

std::optional<std::string> TomlTable::optional_string(std::string_view key) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  if (value->kind == TomlKind::kString) return value->text;
  problem(key, fmt::format("{} is {}; write a text in quotes", key, kind_name(value->kind)));
  return std::nullopt;
}

std::optional<std::int64_t> TomlTable::optional_integer(std::string_view key, std::int64_t least,
                                                        std::int64_t most) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  if (value->kind != TomlKind::kInteger) {
    problem(key, fmt::format("{} is {}; write an integer from {} to {}", key, kind_name(value->kind), least, most));
    return std::nullopt;
  }
  if (value->integer >= least && value->integer <= most) return value->integer;
  problem(key,
          fmt::format("{} = {} is out of range; write an integer from {} to {}", key, value->integer, least, most));
  return std::nullopt;
}

std::optional<double> TomlTable::optional_real(std::string_view key, double least, double most) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  if (value->kind != TomlKind::kInteger && value->kind != TomlKind::kReal) {
    problem(key, fmt::format("{} is {}; write a number from {} to {}", key, kind_name(value->kind), least, most));
    return std::nullopt;
  }
  if (value->real >= least && value->real <= most) return value->real;  // false for NaN
  problem(key, fmt::format("{} = {} is out of range; write a number from {} to {}", key, value->real, least, most));
  return std::nullopt;
}

std::optional<bool> TomlTable::optional_boolean(std::string_view key) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  if (value->kind == TomlKind::kBoolean) return value->boolean;
  problem(key, fmt::format("{} is {}; write true or false", key, kind_name(value->kind)));
  return std::nullopt;
}

template <typename T>
std::optional<T> TomlTable::optional_quantity(std::string_view key) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  if (value->kind == TomlKind::kString) {
    const Parsed<T> parsed = parse_unit_text<T>(value->text);
    if (!parsed.value) problem(key, fmt::format("{} = {}", key, parsed.problem));
    return parsed.value;
  }
  if constexpr (std::is_same_v<T, Tokens> || std::is_same_v<T, double>) {
    const bool number = value->kind == TomlKind::kInteger || value->kind == TomlKind::kReal;
    if (number && value->real >= 0 && std::isfinite(value->real)) return T{value->real};
  }
  problem(key, fmt::format("{} is {}; write {}", key, kind_name(value->kind), accepted_unit_text<T>()));
  return std::nullopt;
}

std::optional<int> TomlTable::optional_choice(std::string_view key, const std::vector<std::string>& names) const {
  const std::optional<std::string> name = optional_string(key);
  if (!name) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *name);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  problem(key, fmt::format("{} = \"{}\" is unknown{} Write one of: {}", key, printable(*name),
                           nearest_name(*name, names) ? did_you_mean(*name, names) : std::string("."),
                           fmt::join(names, ", ")));
  return std::nullopt;
}

std::optional<std::vector<std::string>> TomlTable::optional_strings(std::string_view key) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& element : value->elements) {
    if (element->kind == TomlKind::kString) texts.push_back(element->text);
  }
  if (value->kind == TomlKind::kArray && texts.size() == value->elements.size()) return texts;
  problem(key, fmt::format("{} must be an array of texts, such as [\"a\", \"b\"]", key));
  return std::nullopt;
}

std::optional<std::vector<double>> TomlTable::optional_reals(std::string_view key) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  std::vector<double> numbers;
  for (const auto& element : value->elements) {
    const bool number = element->kind == TomlKind::kInteger || element->kind == TomlKind::kReal;
    if (number && std::isfinite(element->real)) numbers.push_back(element->real);
  }
  if (value->kind == TomlKind::kArray && numbers.size() == value->elements.size()) return numbers;
  problem(key, fmt::format("{} must be an array of finite numbers, such as [0.5, 2]", key));
  return std::nullopt;
}

std::optional<TomlTable> TomlTable::optional_table(std::string_view key) const {
  const TomlNode* value = ask(key);
  if (!value) return std::nullopt;
  if (value->kind == TomlKind::kTable) return TomlTable(state_, value);
  value->ignored = true;
  problem(key, fmt::format("{} is {}; write a table", key, kind_name(value->kind)));
  return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) const {
  std::vector<TomlTable> list;
  const TomlNode* value = ask(key);
  if (!value) return list;
  for (const auto& element : value->elements) {
    if (element->kind == TomlKind::kTable) list.push_back(TomlTable(state_, element.get()));
  }
  if (value->kind == TomlKind::kArray && list.size() == value->elements.size()) return list;
  value->ignored = true;
  problem(key, fmt::format("{} must be an array of tables, each headed [[{}]]", key, name_of(key)));
  return {};
}

template <typename T>
T TomlTable::missing(std::string_view key, std::string_view accepted) const {
  // A value of a wrong type has been reported already.
  // Nor is what a missing table would have held worth a word.
  if (!has(key) && node_ != &state_->empty)
    problem(key, fmt::format("{} is missing; write {}", name_of(key), accepted));
  return T{};
}

std::string TomlTable::required_string(std::string_view key) const {
  const auto value = optional_string(key);
  return value ? *value : missing<std::string>(key, "a text in quotes");
}
std::string TomlTable::string_or(std::string_view key, std::string_view fallback) const {
  return optional_string(key).value_or(std::string(fallback));
}
std::int64_t TomlTable::required_integer(std::string_view key, std::int64_t least, std::int64_t most) const {
  const auto value = optional_integer(key, least, most);
  return value ? *value : missing<std::int64_t>(key, fmt::format("an integer from {} to {}", least, most));
}
double TomlTable::required_real(std::string_view key, double least, double most) const {
  const auto value = optional_real(key, least, most);
  return value ? *value : missing<double>(key, fmt::format("a number from {} to {}", least, most));
}
bool TomlTable::boolean_or(std::string_view key, bool fallback) const {
  return optional_boolean(key).value_or(fallback);
}
TomlTable TomlTable::required_table(std::string_view key) const {
  if (const auto value = optional_table(key)) return *value;
  if (!has(key)) problem(key, fmt::format("[{}] is missing", name_of(key)));
  return TomlTable(state_, &state_->empty);
}
template <typename T>
T TomlTable::required_quantity(std::string_view key) const {
  const auto value = optional_quantity<T>(key);
  return value ? *value : missing<T>(key, accepted_unit_text<T>());
}

#define SOCLE_QUANTITY(type)                                                               \
  template std::optional<type> TomlTable::optional_quantity<type>(std::string_view) const; \
  template type TomlTable::required_quantity<type>(std::string_view) const;
SOCLE_QUANTITY(Bytes)
SOCLE_QUANTITY(BytesPerSecond)
SOCLE_QUANTITY(Seconds)
SOCLE_QUANTITY(Flops)
SOCLE_QUANTITY(FlopsPerSecond)
SOCLE_QUANTITY(Watts)
SOCLE_QUANTITY(Joules)
SOCLE_QUANTITY(Tokens)
SOCLE_QUANTITY(Money)
SOCLE_QUANTITY(double)
#undef SOCLE_QUANTITY

}  // namespace socle
