#pragma once

#include <string>

namespace socle::setup {

/// The day of the export rules: as asked, "2026-06-30", or the newest that the catalogue knows. Throws InputError for
/// what is no day of the calendar.
std::string export_day(const std::string& asked);

}  // namespace socle::setup
