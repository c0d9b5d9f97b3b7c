#include "cli/completion.hpp"

#include "cli/commands/commands.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  const std::string shell = arguments.words.empty() ? std::string() : arguments.words.front();
  if (shell == "bash") return {.text = bash_completion(all_commands()), .verbatim = true};
  if (shell == "zsh") return {.text = zsh_completion(all_commands()), .verbatim = true};
  if (shell == "fish") return {.text = fish_completion(all_commands()), .verbatim = true};
  throw InputError(Problem{{}, 0, 0, {}, "name the shell: socle completion bash, zsh or fish"});
}

}  // namespace

Command completion_command() {
  return {
      .words_name = "bash|zsh|fish",
      .words_max = 1,
      .examples = {"source <(socle completion bash)", "socle completion fish > ~/.config/fish/completions/socle.fish"},
      .run = run};
}

}  // namespace socle::cli
