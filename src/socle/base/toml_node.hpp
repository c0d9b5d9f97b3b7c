#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/base/error.hpp"
#include "socle/base/toml_reader.hpp"

/// Internal to the TOML reader: the tree between the library that parses and the views that read.
namespace socle::detail {

enum class TomlKind { kTable, kArray, kString, kInteger, kReal, kBoolean, kDate };

/// Our own tree, so that no reader of TOML sees the library behind it.
struct TomlNode {
  TomlKind kind = TomlKind::kTable;
  TomlPosition position;
  std::string path;
  std::string text;
  std::int64_t integer = 0;
  double real = 0.0;
  bool boolean = false;
  std::vector<std::pair<std::string, std::unique_ptr<TomlNode>>> members;  // of a table
  std::vector<std::unique_ptr<TomlNode>> elements;                         // of an array
  mutable std::set<std::string, std::less<>> asked;                        // keys that the reader knows
  mutable bool ignored = false;

  const TomlNode* find(std::string_view key) const {
    for (const auto& [name, node] : members) {
      if (name == key) return node.get();
    }
    return nullptr;
  }
};

struct TomlState {
  std::string source;
  TomlNode root;
  TomlNode empty;  // stands in for a missing table
  Problems problems;
};

}  // namespace socle::detail
