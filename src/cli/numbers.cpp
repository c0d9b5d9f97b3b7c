#include "cli/numbers.hpp"

#include <charconv>

#include "socle/api/face.hpp"

namespace socle::cli {

int whole_number(const Arguments& arguments, const char* option, int fallback, int least, int most) {
  const auto text = arguments.value(option);
  if (!text) return fallback;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < least || value > most) {
    throw InputError(Problem{{},
                             0,
                             0,
                             option,
                             std::string(option) + " = \"" + *text + "\"; write a whole number from " +
                                 std::to_string(least) + " to " + std::to_string(most)});
  }
  return value;
}

unsigned thread_count(const Arguments& arguments) {
  return static_cast<unsigned>(whole_number(arguments, "--threads", 0, 1, 1024));
}

}  // namespace socle::cli
