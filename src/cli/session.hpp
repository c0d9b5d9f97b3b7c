#pragma once

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string>
#include <thread>

#include "socle/api/face.hpp"

namespace socle::cli {

/// Watches over one run: shows how far it has come (on standard error, only on a terminal, only after two seconds) and
/// ends it on Ctrl-C within a fifth of a second. Make it before any other thread.
class Session {
 public:
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Progress& progress() { return progress_; }
  /// Clears the line of progress; call it before anything is printed.
  void finish();
  /// What is lost when work is cut off: "interrupted after 3.2 s while searching layouts (43 %); nothing was written".
  std::string loss() const;

  /// While held, files are being written: the program does not end before they are whole.
  std::unique_lock<std::mutex> writing() { return std::unique_lock<std::mutex>(writing_); }

 private:
  void watch();
  void show(double seconds);

  Progress progress_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  sigset_t signals_;
  std::mutex mutex_, writing_;
  std::condition_variable ended_;
  bool done_ = false, shown_ = false;
  std::thread watcher_;
};

}  // namespace socle::cli
