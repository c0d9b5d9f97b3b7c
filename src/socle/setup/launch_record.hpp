#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/launch_flags.hpp"
#include "socle/migrate/serving/launch_record.hpp"

namespace socle::setup {

/// The only launch command of a text, every word of it, with variables that the script exports before it. Throws
/// InputError as find_launch does.
migrate::LaunchRecord read_launch_record(const std::vector<catalog::LaunchTable>& tables, std::string_view text,
                                         const std::string& source);

}  // namespace socle::setup
