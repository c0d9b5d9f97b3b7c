#pragma once

#include <string>
#include <string_view>

#include "socle/migrate/code/names.hpp"
#include "socle/migrate/code/scan.hpp"

namespace socle::migrate {

/// A unified diff that renames what the target has under another name, headers included, and touches nothing else;
/// empty when nothing is renamed. `patch -p1` applies it in the folder to which `path` is relative.
///
/// Requires: `found` is the scan of `source`, and can_stand_in_a_patch(path).
std::string rename_patch(const std::string& path, std::string_view source, const FileScan& found,
                         const NameTable& names, Target target);

/// The head of a diff can say this path: no control characters, quotes or backslashes.
bool can_stand_in_a_patch(std::string_view path);

}  // namespace socle::migrate
