#pragma once

#include <string>
#include <string_view>

#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// What `socle validate` prints and writes.
struct ValidationAnswer {
  std::string text;       ///< table of at most 100 columns, or one JSON document
  std::string rows_csv;   ///< one line per case and metric
};

struct ValidationRequest {
  std::string kind;         ///< "training" or "collectives"
  std::string csv;          ///< the cases
  std::string source_name;  ///< what messages call them
  bool json = false;
  unsigned threads = 0;     ///< 0 = all cores; the answer does not depend on it
};

/// Throws InputError, naming the kinds that exist, unless `kind` is one of them. Checked before any file is read.
void check_validation_kind(std::string_view kind);

/// The cases that a kind is judged by unless others are named, relative to the root of the project. Requires: a known kind.
const char* default_cases(std::string_view kind);

/// Predicts every case and reports the errors. Throws InputError for an unknown kind or a malformed CSV.
ValidationAnswer validate(const catalog::Catalog& catalog, const ValidationRequest& request);

}  // namespace socle::api
