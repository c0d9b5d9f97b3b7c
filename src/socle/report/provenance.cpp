#include "socle/report/provenance.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "socle/base/version.hpp"

namespace socle::report {

std::string content_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return fmt::format("{:016x}", hash);
}

Json provenance(std::string_view command, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("socle_version", version());
  json.set("command", command);
  Json list = Json::array();
  for (const InputText& input : inputs) {
    Json entry = Json::object();
    entry.set("name", input.name);
    entry.set("fnv1a64", input.hash);
    list.push(std::move(entry));
  }
  json.set("inputs", std::move(list));
  return json;
}

}  // namespace socle::report
