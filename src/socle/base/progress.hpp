#pragma once

#include <atomic>
#include <cstdint>
#include <exception>

namespace socle {

/// Leaves work that was told to stop. Nobody's error: a face says what is lost and ends.
class Cancelled : public std::exception {
 public:
  const char* what() const noexcept override { return "cancelled"; }
};

/// How far long work has come, and whether it is to stop. Those who work report and look, those who wait read and
/// cancel; any number of threads may do both.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Begins a phase of `parts` equal parts; what earlier phases reported is forgotten. Requires: `what` lives forever.
  void begin(const char* what, std::uint64_t parts) noexcept;
  /// So many parts more are done. Throws Cancelled after cancel().
  void advance(std::uint64_t parts = 1);
  /// Throws Cancelled after cancel().
  void check() const {
    if (cancelled()) throw Cancelled();
  }

  /// Safe in a signal handler.
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }

  /// The phase, e.g. "searching layouts"; nullptr before the first.
  const char* what() const noexcept { return what_.load(std::memory_order_relaxed); }
  /// Done of the phase, 0 to 1; 0 while its length is unknown.
  double share() const noexcept;

 private:
  std::atomic<const char*> what_{nullptr};
  std::atomic<std::uint64_t> parts_{0}, done_{0};
  std::atomic<bool> cancelled_{false};
};

/// For work that may be watched: nothing happens without a progress.
inline void advance(Progress* progress, std::uint64_t parts = 1) {
  if (progress) progress->advance(parts);
}
inline void check(const Progress* progress) {
  if (progress) progress->check();
}

}  // namespace socle
