#pragma once

#include <string>
#include <vector>

namespace socle::reference {

/// One page that is written from the code.
struct Page {
  std::string path;  ///< below docs/reference/
  std::string text;
};

/// `json.md`, a table for each document, and `schema/*.json`, its JSON Schema.
std::vector<Page> schema_pages();

}  // namespace socle::reference
