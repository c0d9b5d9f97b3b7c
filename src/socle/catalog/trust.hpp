#pragma once

#include <initializer_list>
#include <string_view>

#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// Whether a figure is doubtful: the entry is an estimate, or its `checked` text says that this field was remembered,
/// estimated or derived rather than read in the source. `words` are the names under which `checked` may list the field,
/// e.g. {"mem", "memory"}. A text such as "seen:bf16,mem; recall:rest" is understood; a field that is listed nowhere
/// and covered by no "rest" counts as read.
bool doubtful(const Provenance& provenance, std::initializer_list<std::string_view> words);

}  // namespace socle::catalog
