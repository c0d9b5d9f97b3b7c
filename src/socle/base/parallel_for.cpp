#include "socle/base/parallel_for.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace socle {

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& run,
                  Progress* progress) {
  const auto body = [&](std::size_t i) {
    check(progress);
    run(i);
    advance(progress);
  };
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::size_t>(threads, count));
  if (threads <= 1) {
    for (std::size_t i = 0; i < count; ++i) body(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex guard;
  std::exception_ptr failure;
  std::size_t failed_at = count;
  const auto work = [&] {
    while (!stopped.load(std::memory_order_relaxed)) {
      const std::size_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= count) return;
      try {
        body(i);
      } catch (...) {  // kept and rethrown below
        const std::lock_guard<std::mutex> lock(guard);
        if (i < failed_at) {
          failed_at = i;
          failure = std::current_exception();
        }
        stopped.store(true, std::memory_order_relaxed);
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned t = 1; t < threads; ++t) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace socle
