#pragma once

#include <cstddef>
#include <functional>

#include "socle/base/progress.hpp"

namespace socle {

/// Runs `body(i)` for every i below `count` on up to `threads` threads; 0 means one per hardware thread. Each body
/// writes only to slot i of a result, so that the result does not depend on the number of threads. When bodies throw,
/// the exception of the smallest such i that ran is rethrown after all threads have stopped. Each body that has run is
/// one part of `progress`; once that is cancelled, no body is begun and Cancelled is thrown.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body,
                  Progress* progress = nullptr);

}  // namespace socle
