#include "cli/terminal.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace socle::cli {
namespace {

constexpr int kNarrowest = 40, kWidest = 100;

}  // namespace

bool is_terminal(int descriptor) { return isatty(descriptor) != 0; }

int text_width(int descriptor) {
  if (!is_terminal(descriptor)) return kWidest;
  int columns = 0;
  if (const char* stated = std::getenv("COLUMNS")) {
    const std::string_view text = stated;
    if (std::from_chars(text.data(), text.data() + text.size(), columns).ptr != text.data() + text.size()) columns = 0;
  }
  winsize window{};
  if (columns <= 0 && ioctl(descriptor, TIOCGWINSZ, &window) == 0) columns = window.ws_col;
  return columns <= 0 ? kWidest : std::clamp(columns, kNarrowest, kWidest);
}

}  // namespace socle::cli
