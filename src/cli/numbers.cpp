#include "cli/numbers.hpp"

#include <charconv>

#include "socle/api/face.hpp"

namespace socle::cli {

unsigned thread_count(const Arguments& arguments) {
  const auto text = arguments.value("--threads");
  if (!text) return 0;
  unsigned count = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
  if (error != std::errc{} || end != text->data() + text->size() || count < 1 || count > 1024) {
    throw InputError(Problem{{}, 0, 0, "--threads", "--threads = \"" + *text + "\"; write a whole number from 1 to 1024"});
  }
  return count;
}

}  // namespace socle::cli
