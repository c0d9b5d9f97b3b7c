#include "cli/session.hpp"

#include <cerrno>
#include <cstdio>

#include <unistd.h>

#include "cli/args.hpp"
#include "cli/terminal.hpp"

namespace socle::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLook{50};       // how often signals are looked for
constexpr milliseconds kPatience{100};  // for work to end by itself after Ctrl-C
constexpr double kQuiet = 2.0;          // seconds without a word

}  // namespace

Session::Session() {
  std::signal(SIGPIPE, SIG_IGN);
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now = {};
    // What was to be ignored stays so: nohup, jobs in the background of a script.
    if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&signals_, signal);
  }
  // Blocked in every thread, so that only the watcher takes them.
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  watcher_ = std::thread([this] { watch(); });
}

Session::~Session() { finish(); }

void Session::finish() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (done_) return;
    done_ = true;
  }
  ended_.notify_all();
  watcher_.join();
  if (shown_) std::fputs("\r\033[K", stderr);
}

std::string Session::loss() const {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  char text[160];
  const char* what = progress_.what();
  if (what)
    std::snprintf(text, sizeof text, "interrupted after %.1f s while %s (%.0f %%); nothing was written", seconds, what,
                  100 * progress_.share());
  else
    std::snprintf(text, sizeof text, "interrupted after %.1f s; nothing was written", seconds);
  return text;
}

void Session::watch() {
  const bool shows = is_terminal(STDERR_FILENO);
  int ticks = 0;
  for (;;) {
    const timespec now{0, 0};
    const int signal = sigtimedwait(&signals_, nullptr, &now);
    std::unique_lock<std::mutex> lock(mutex_);
    if (signal > 0) {
      progress_.cancel();
      if (ended_.wait_for(lock, kPatience, [this] { return done_; })) return;
      lock.unlock();
      // The work does not look up. Nothing is half-written: that lock is taken while files are.
      const auto files = writing();
      std::fprintf(stderr, "%ssocle: %s\n", shown_ ? "\r\033[K" : "", loss().c_str());
      std::_Exit(kInterrupted);
    }
    if (ended_.wait_for(lock, kLook, [this] { return done_; })) return;
    lock.unlock();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (shows && seconds >= kQuiet && ++ticks % 4 == 0) show(seconds);
  }
}

void Session::show(double seconds) {
  const char* what = progress_.what();
  std::fprintf(stderr, "\rsocle: %s, %.0f %%, %.0f s \033[K", what ? what : "working", 100 * progress_.share(),
               seconds);
  shown_ = true;
}

}  // namespace socle::cli
