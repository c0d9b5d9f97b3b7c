#include "cli/progress.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace socle::cli {

Progress::Progress(std::string what) : what_(std::move(what)) {
  if (isatty(STDERR_FILENO) != 0) thread_ = std::thread([this] { report(); });
}

Progress::~Progress() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::report() {
  std::unique_lock<std::mutex> lock(mutex_);
  int seconds = 2;
  bool shown = false;
  auto pause = std::chrono::seconds(seconds);
  while (!changed_.wait_for(lock, pause, [this] { return done_; })) {
    std::fprintf(stderr, "\rsocle: %s, %d s ", what_.c_str(), seconds);
    shown = true;
    pause = std::chrono::seconds(1);
    ++seconds;
  }
  if (shown) std::fputs("\r\033[K", stderr);
}

}  // namespace socle::cli
