#include "socle/model/hf_reader.hpp"

#include <cmath>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"

namespace socle::model {
namespace {

constexpr std::size_t kShownMax = 40;
constexpr std::size_t kKeyShownMax = 80;

std::string shown(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  const std::string text = value.dump(false);
  return text.size() <= kShownMax ? printable(text) : printable(text.substr(0, kShownMax)) + "...";
}

}  // namespace

const Json* HfReader::find(std::string_view key) const {
  asked_.emplace(key);
  const Json* value = object_->find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool HfReader::has(std::string_view key) const {
  const Json* value = object_->find(key);
  return value != nullptr && !value->is_null();
}

bool HfReader::is_array(std::string_view key) const {
  const Json* value = object_->find(key);
  return value != nullptr && value->is_array();
}

bool HfReader::is_empty_array(std::string_view key) const {
  const Json* value = object_->find(key);
  return value != nullptr && value->is_array() && value->as_array().empty();
}

void HfReader::problem(std::string_view key, std::string_view message) const {
  const std::string name = path_ + printable(key.substr(0, kKeyShownMax));
  std::string text = fmt::format("{}: {}", name, message);
  for (const Problem& known : problems_->list()) {
    if (known.message == text) return;  // families read some keys once for each layer
  }
  problems_->add(Problem{*source_, 0, 0, name, std::move(text)});
}

std::optional<int> HfReader::integer(std::string_view key, const Json& value, int least, int most) const {
  const bool whole = value.is_integer() || (value.is_number() && value.as_double() == std::floor(value.as_double()));
  if (!whole) {
    problem(key, fmt::format("{} is not a whole number; give one from {} to {}", shown(value), least, most));
    return std::nullopt;
  }
  const double number = value.as_double();
  if (number >= least && number <= most) return static_cast<int>(number);
  problem(key, fmt::format("{} is out of range; give {} to {}", shown(value), least, most));
  return std::nullopt;
}

int HfReader::required(Keys keys, int most) const {
  for (const char* key : keys) {
    if (const Json* value = find(key)) return integer(key, *value, 1, most).value_or(1);
  }
  problem(*keys.begin(), fmt::format("the key is missing; add it with a whole number from 1 to {}", most));
  return 1;
}

int HfReader::optional(Keys keys, int fallback, int most, int least) const {
  std::optional<int> found;
  for (const char* key : keys) {
    const Json* value = find(key);
    if (value != nullptr && !found) found = integer(key, *value, least, most).value_or(least);
  }
  return found.value_or(fallback);
}

int HfReader::uniform(Keys keys, int fallback, int most, int least) const {
  for (const char* key : keys) {
    if (!is_array(key)) continue;
    const std::vector<int> list = integers(key, least, most);
    if (list.empty()) return has(key) && find(key)->as_array().empty() ? fallback : least;
    for (const int entry : list) {
      if (entry == list.front()) continue;
      problem(key, fmt::format("{} and {} for different layers; only one figure for all layers can be read",
                               list.front(), entry));
      break;
    }
    return list.front();
  }
  return optional(keys, fallback, most, least);
}

bool HfReader::flag(std::string_view key, bool fallback) const {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_bool()) return value->as_bool();
  problem(key, fmt::format("{} is neither true nor false", shown(*value)));
  return fallback;
}

double HfReader::real(std::string_view key, double least, double most) const {
  const Json* value = find(key);
  if (value != nullptr && value->is_number() && value->as_double() >= least && value->as_double() <= most)
    return value->as_double();
  problem(key, fmt::format("{}; give a number from {} to {}",
                           value == nullptr ? "the key is missing" : shown(*value) + " is out of range", least, most));
  return least;
}

double HfReader::optional_real(std::string_view key, double fallback, double least, double most) const {
  return find(key) == nullptr ? fallback : real(key, least, most);
}

std::string HfReader::text(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->as_string();
  problem(key, fmt::format("{} is not a text", shown(*value)));
  return {};
}

std::vector<int> HfReader::integers(std::string_view key, int least, int most) const {
  std::vector<int> list;
  const Json* value = find(key);
  if (value == nullptr) return list;
  if (!value->is_array()) {
    problem(key, fmt::format("{} is not an array of whole numbers", shown(*value)));
    return list;
  }
  for (const Json& element : value->as_array()) {
    if (element.is_bool())
      list.push_back(element.as_bool() ? 1 : 0);
    else if (const auto number = integer(key, element, least, most))
      list.push_back(*number);
    else
      return {};  // one problem for each key is enough
  }
  return list;
}

std::vector<int> HfReader::per_layer(std::string_view key, int layers) const {
  std::vector<int> list = integers(key, 0, 1'000'000'000);
  if (is_empty_array(key)) return list;  // means the default, as an absent key does
  if (has(key) && list.size() != static_cast<std::size_t>(layers)) {
    problem(key, fmt::format("{} entries for {} layers; give one for each", list.size(), layers));
    list.assign(static_cast<std::size_t>(layers), 0);
  }
  return list;
}

std::vector<std::string> HfReader::texts(std::string_view key) const {
  std::vector<std::string> list;
  const Json* value = find(key);
  if (value == nullptr) return list;
  if (!value->is_array()) {
    problem(key, fmt::format("{} is not an array of texts", shown(*value)));
    return list;
  }
  for (const Json& element : value->as_array()) {
    if (!element.is_string()) {
      problem(key, fmt::format("{} in it is not a text", shown(element)));
      return {};
    }
    list.push_back(element.as_string());
  }
  return list;
}

std::vector<std::string> HfReader::texts_per_layer(std::string_view key, int layers) const {
  std::vector<std::string> list = texts(key);
  if (is_empty_array(key)) return list;
  if (has(key) && list.size() != static_cast<std::size_t>(layers)) {
    problem(key, fmt::format("{} entries for {} layers; give one for each", list.size(), layers));
    return {};
  }
  return list;
}

std::optional<HfReader> HfReader::object(std::string_view key) const {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_object()) return HfReader(*value, fmt::format("{}{}.", path_, key), *source_, *problems_);
  problem(key, fmt::format("{} is not an object", shown(*value)));
  return std::nullopt;
}

std::vector<HfReader> HfReader::objects(std::string_view key) const {
  std::vector<HfReader> list;
  const Json* value = find(key);
  if (value == nullptr || !value->is_array()) {
    problem(key, value == nullptr ? "the key is missing; add an array of objects" : "is not an array of objects");
    return list;
  }
  for (const Json& element : value->as_array()) {
    if (!element.is_object()) {
      problem(key, fmt::format("{} in it is not an object", shown(element)));
      return {};
    }
    list.emplace_back(element, fmt::format("{}{}[{}].", path_, key, list.size()), *source_, *problems_);
  }
  return list;
}

void HfReader::ignore(Keys keys) const {
  for (const char* key : keys) asked_.emplace(key);
}

void HfReader::adopt_unread(const HfReader& part) const {
  for (const Unread& left : part.all_unread()) adopted_.push_back(left);
}

std::vector<std::string> HfReader::keys() const {
  std::vector<std::string> list;
  for (const auto& [key, value] : object_->as_object()) {
    if (!value.is_null()) list.push_back(key);
  }
  return list;
}

std::vector<std::string> HfReader::unread() const {
  std::vector<std::string> list;
  for (const auto& [key, value] : object_->as_object()) {
    if (!value.is_null() && asked_.find(key) == asked_.end()) list.push_back(key);
  }
  return list;
}

std::vector<HfReader::Unread> HfReader::all_unread() const {
  std::vector<Unread> list;
  for (const std::string& key : unread()) list.push_back({path_ + key, key, object_->find(key)});
  std::erase_if(list, [](const Unread& left) { return left.value == nullptr; });  // a name cut short
  list.insert(list.end(), adopted_.begin(), adopted_.end());
  return list;
}

}  // namespace socle::model
