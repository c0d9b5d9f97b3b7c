#pragma once

#include <string>

namespace socle::reference {

/// docs/reference/scenario.md: every section and key of a scenario, from the tables that read it.
std::string scenario_page();

/// docs/reference/files.md: columns of the files that a user writes beside a scenario.
std::string files_page();

}  // namespace socle::reference
