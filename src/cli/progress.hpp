#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace socle::cli {

/// While it lives, says on standard error that work goes on: only on a terminal, and only after two seconds.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void report();

  std::string what_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace socle::cli
