#include "cli/completion.hpp"

#include "cli/commands/commands.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  const std::string shell = arguments.words.empty() ? std::string() : arguments.words.front();
  if (shell == "bash") return {bash_completion(all_commands())};
  if (shell == "zsh") return {zsh_completion(all_commands())};
  if (shell == "fish") return {fish_completion(all_commands())};
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
