#pragma once

#include <string>
#include <vector>

namespace socle {

/// What one column of a table that users write holds: the reader and the reference read the same list.
struct ColumnFacts {
  const char* name;
  const char* accepts;
  const char* meaning;
  bool required = false;
};

/// Names of all columns, or of those that must be there.
inline std::vector<std::string> names_of(const std::vector<ColumnFacts>& columns, bool required_only) {
  std::vector<std::string> names;
  for (const ColumnFacts& column : columns) {
    if (column.required || !required_only) names.emplace_back(column.name);
  }
  return names;
}

}  // namespace socle
