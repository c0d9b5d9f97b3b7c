#pragma once

#include <string>

namespace socle::catalog {

/// Where a fact comes from and how far to trust it.
struct Provenance {
  std::string source;      ///< document, page or repository and commit
  std::string confidence;  ///< "datasheet", "reported" or "estimate"
  std::string
      checked;  ///< which figures were read in the source ("seen: ...") and which only remembered ("recall: ...")
  std::string notes;
};

}  // namespace socle::catalog
