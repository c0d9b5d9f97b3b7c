#include "cli/commands/serve.hpp"

namespace socle::cli {

std::vector<NamedCommand> serve_questions() {
  return {{"fit", "Does a model fit: weights, cache, tokens, sequences, fewest chips, as the engine counts.",
           serve_fit_command()}};
}

}  // namespace socle::cli
