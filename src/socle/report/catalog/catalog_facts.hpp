#pragma once

#include <string>
#include <vector>

#include "socle/answer/catalog/catalog.hpp"
#include "socle/base/json.hpp"

/// Catalogue entries as named facts, which tables, pages and JSON all print.
namespace socle::report {

struct Fact {
  std::string name;  ///< e.g. "memory bandwidth"
  std::string text;  ///< e.g. "3.35 TB/s"; empty = unknown
  std::string key;   ///< of the JSON member, with its unit, e.g. "memory_bandwidth_bytes_per_second"
  Json value;        ///< null = unknown
  bool doubtful = false;
};

std::vector<Fact> facts_of(const catalog::Chip& chip);
std::vector<Fact> facts_of(const catalog::Node& node);
std::vector<Fact> facts_of(const catalog::NetworkGear& gear);
std::vector<Fact> facts_of(const catalog::Price& price);
std::vector<Fact> facts_of(const catalog::Stack& stack);
std::vector<Fact> facts_of(const catalog::Engine& engine);
std::vector<Fact> facts_of(const answer::ModelEntry& model);
std::vector<Fact> facts_of(const answer::NamedEntry& entry);
std::vector<Fact> facts_of(const catalog::ExportRule& rule);
std::vector<Fact> facts_of(const catalog::DataRule& rule);
std::vector<Fact> facts_of(const catalog::Site& site);
std::vector<Fact> facts_of(const answer::FoundEntry& entry);

/// The facts as an object: unknown ones are left out, doubtful ones are named under "doubtful".
Json json_of(const std::vector<Fact>& facts);

}  // namespace socle::report
