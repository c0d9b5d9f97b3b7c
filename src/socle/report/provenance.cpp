#include "socle/report/provenance.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "socle/base/version.hpp"

namespace socle::report {

namespace {

constexpr std::uint64_t kEmptyHash = 14695981039346656037ull;

std::uint64_t hashed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

}  // namespace

std::string content_hash(std::string_view text) { return fmt::format("{:016x}", hashed(kEmptyHash, text)); }

std::string content_hash(std::istream& stream) {
  std::uint64_t hash = kEmptyHash;
  std::string part(1 << 16, '\0');
  while (stream.read(part.data(), static_cast<std::streamsize>(part.size())) || stream.gcount() > 0)
    hash = hashed(hash, std::string_view(part).substr(0, static_cast<std::size_t>(stream.gcount())));
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
