#include "socle/model/hf_keys.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"
#include "socle/model/hf_inert_keys.hpp"

namespace socle::model {
namespace {

// Words that speak of a shape: sizes, counts, blocks and their options. Long ones wherever they stand in a name, short
// ones at the start of its parts.
constexpr std::string_view kLong[] = {"layer",   "head",   "hidden",  "expert", "inter", "mamba", "atten",
                                      "vocab",   "embed",  "block",   "group",  "share", "width", "window",
                                      "pattern", "expand", "channel", "stack",  "recur", "cross", "parallel",
                                      "dense",   "depth",  "repeat",  "ratio"};
constexpr std::string_view kShort[] = {"num", "size",  "dim",  "moe", "mlp",  "ffn",  "rank", "lora", "conv",
                                       "ssm", "state", "attn", "kv",  "topk", "gate", "tie",  "norm", "bias",
                                       "mtp", "loop",  "mult", "top", "ff",   "qk",   "swa"};

bool speaks_of_shape(std::string_view key) {
  for (const std::string_view word : kLong) {
    if (key.find(word) != std::string_view::npos) return true;
  }
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t end = std::min(key.find('_', at), key.size());
    const std::string_view part = key.substr(at, end - at);
    if (part == "n" || part == "d") return true;
    for (const std::string_view word : kShort) {
      if (part.starts_with(word)) return true;
    }
    at = end + 1;
  }
  return false;
}

bool is_off(const Json& value) {
  if (value.is_bool()) return !value.as_bool();
  if (value.is_number()) return value.as_double() == 0.0;
  if (value.is_string()) return value.as_string().empty();
  if (value.is_array()) return value.as_array().empty();
  return value.is_object() && value.as_object().empty();
}

bool speaks_of_experts(std::string_view key) {
  if (key.find("router") != std::string_view::npos || is_inert_key(key)) return false;
  return key.find("expert") != std::string_view::npos || key.find("moe") != std::string_view::npos;
}

bool positive(const Json& value) {
  if (value.is_number()) return value.as_double() > 0;
  return value.is_array() && !value.as_array().empty();
}

std::string shown(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  return printable(value.dump(false).substr(0, 40));
}

}  // namespace

std::vector<UnusedKey> judge_unread_keys(const HfReader& c, const std::vector<std::string>& ignored) {
  std::vector<UnusedKey> unused;
  for (const auto& [key, name, value] : c.all_unread()) {
    const bool told = std::find(ignored.begin(), ignored.end(), key) != ignored.end();
    std::string why;
    if (told)
      why = kIgnoredAsTold;
    else if (is_inert_key(name))
      why = kInert;
    else if (is_off(*value))
      why = "is off";
    else if (!value->is_object() && !value->is_array() && !speaks_of_shape(name))
      why = "not known; its name says nothing of a shape";
    if (!why.empty()) {
      unused.push_back({key, why});
      continue;
    }
    c.problem(key, fmt::format("{}: not understood, and it could change the shape; --ignore-keys {} goes on without it",
                               shown(*value), printable(key)));
  }
  for (const std::string& key : ignored) {
    const auto is_key = [&](const UnusedKey& left) { return left.key == key; };
    if (std::none_of(unused.begin(), unused.end(), is_key))
      c.problem(key, "ignore_keys names it, but it is understood, or not in the file; leave it out there");
  }
  return unused;
}

std::vector<std::string> keys_of_missing_experts(const HfReader& c) {
  std::vector<std::string> keys;
  for (const std::string_view count : kExpertCountKeys) {
    if (c.has(count)) return keys;
  }
  for (const std::string& key : c.keys()) {
    if (speaks_of_experts(key) && positive(c.value(key))) keys.push_back(key);
  }
  return keys;
}

}  // namespace socle::model
