#include "cli/completion.hpp"

#include <algorithm>
#include <functional>

namespace socle::cli {
namespace {

/// Every command with the words that lead to it.
using Visit = std::function<void(const std::vector<std::string>& path, const NamedCommand& named)>;
void each_command(const std::vector<NamedCommand>& commands, std::vector<std::string> path, const Visit& visit) {
  for (const NamedCommand& named : commands) {
    std::vector<std::string> deeper = path;
    deeper.push_back(named.name);
    visit(deeper, named);
    each_command(named.children, deeper, visit);
  }
}

std::string joined(const std::vector<std::string>& words, const char* by) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : by) + word;
  return text;
}

std::vector<std::string> names_of(const std::vector<NamedCommand>& commands) {
  std::vector<std::string> names;
  for (const NamedCommand& named : commands) names.push_back(named.name);
  return names;
}

std::vector<std::string> options_of(const Command& command) {
  std::vector<std::string> names;
  for (const Option& option : command.options) names.push_back(option.name);
  names.insert(names.end(), {"--help", "--help-all"});
  return names;
}

/// Words that may stand first: "bash|zsh|fish", "training|collectives".
std::vector<std::string> words_of(const Command& command) {
  std::vector<std::string> words{""};
  for (const char c : command.words_name) {
    if (c == '|')
      words.emplace_back();
    else
      words.back() += c;
  }
  const bool fixed = words.size() > 1 && command.words_name.find_first_of("[ .") == std::string::npos;
  return fixed ? words : std::vector<std::string>{};
}

/// Text between single quotes of a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string bash_completion(const std::vector<NamedCommand>& commands) {
  std::string script =
      "# socle completion bash\n_socle() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
      "at=\"\" word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$at $word\" in\n";
  each_command(commands, {}, [&](const auto& path, const NamedCommand&) {
    const std::string before = joined({path.begin(), path.end() - 1}, " ");
    script += "      " + quoted(before + " " + path.back()) + ") at=" + quoted(joined(path, " ")) + " ;;\n";
  });
  script += "    esac\n  done\n  case \"$at:$prev\" in\n";
  each_command(commands, {}, [&](const auto& path, const NamedCommand& named) {
    for (const Option& option : named.command.options) {
      if (option.choices.empty()) continue;
      script += "    " + quoted(joined(path, " ") + ":" + option.name) + ") COMPREPLY=($(compgen -W " +
                quoted(joined(option.choices, " ")) + " -- \"$cur\")); return ;;\n";
    }
  });
  script += "  esac\n  case \"$at\" in\n    '') COMPREPLY=($(compgen -W " +
            quoted(joined(names_of(commands), " ") + " --help --version") + " -- \"$cur\")) ;;\n";
  each_command(commands, {}, [&](const auto& path, const NamedCommand& named) {
    std::vector<std::string> words = named.children.empty() ? words_of(named.command) : names_of(named.children);
    const std::string options = joined(options_of(named.command), " ");
    script += "    " + quoted(joined(path, " ")) + ")\n      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W " +
              quoted(options) + " -- \"$cur\"))\n";
    if (words.empty())
      script += "      else COMPREPLY=($(compgen -f -- \"$cur\")); fi ;;\n";
    else
      script += "      else COMPREPLY=($(compgen -W " + quoted(joined(words, " ")) + " -- \"$cur\")); fi ;;\n";
  });
  return script + "  esac\n}\ncomplete -o filenames -F _socle socle\n";
}

std::string zsh_completion(const std::vector<NamedCommand>& commands) {
  // In _arguments a colon ends a part of a specification, and brackets hold the description.
  const auto plain = [](std::string text) {
    std::replace(text.begin(), text.end(), ':', ',');
    std::replace(text.begin(), text.end(), '[', '(');
    std::replace(text.begin(), text.end(), ']', ')');
    return text;
  };
  std::string script =
      "#compdef socle\n# socle completion zsh\n_socle() {\n  local at=\"\" word\n  for word in "
      "\"${(@)words[2,CURRENT-1]}\"; do\n    case \"$at $word\" in\n";
  each_command(commands, {}, [&](const auto& path, const NamedCommand&) {
    const std::string before = joined({path.begin(), path.end() - 1}, " ");
    script += "      " + quoted(before + " " + path.back()) + ") at=" + quoted(joined(path, " ")) + " ;;\n";
  });
  script += "    esac\n  done\n  case \"$at\" in\n    '') compadd -- " + joined(names_of(commands), " ") +
            " --help --version ;;\n";
  each_command(commands, {}, [&](const auto& path, const NamedCommand& named) {
    script += "    " + quoted(joined(path, " ")) + ")\n";
    if (!named.children.empty()) {
      script += "      compadd -- " + joined(names_of(named.children), " ") + " --help ;;\n";
      return;
    }
    script += "      _arguments";
    for (const Option& option : named.command.options) {
      std::string spec = option.name + "[" + plain(option.help) + "]";
      if (!option.value_name.empty())
        spec += ":" + option.value_name + ":" +
                (option.choices.empty() ? "_files" : "(" + joined(option.choices, " ") + ")");
      script += " \\\n        " + quoted(spec);
    }
    const std::vector<std::string> words = words_of(named.command);
    script +=
        " \\\n        " + quoted(words.empty() ? "*:file:_files" : "*:word:(" + joined(words, " ") + ")") + " ;;\n";
  });
  return script + "  esac\n}\ncompdef _socle socle\n";
}

std::string fish_completion(const std::vector<NamedCommand>& commands) {
  std::string script = "# socle completion fish\n";
  for (const NamedCommand& named : commands) {
    script +=
        "complete -c socle -n __fish_use_subcommand -f -a " + quoted(named.name) + " -d " + quoted(named.help) + "\n";
  }
  each_command(commands, {}, [&](const auto& path, const NamedCommand& named) {
    std::string seen = "__fish_seen_subcommand_from " + path.front();
    for (std::size_t i = 1; i < path.size(); ++i) seen += "; and __fish_seen_subcommand_from " + path[i];
    const std::string when = "complete -c socle -n " + quoted(seen);
    for (const NamedCommand& child : named.children)
      script += when + " -f -a " + quoted(child.name) + " -d " + quoted(child.help) + "\n";
    for (const std::string& word : words_of(named.command)) script += when + " -f -a " + quoted(word) + "\n";
    for (const Option& option : named.command.options) {
      script += when + " -l " + option.name.substr(2);
      if (!option.choices.empty())
        script += " -x -a " + quoted(joined(option.choices, " "));
      else if (!option.value_name.empty())
        script += " -r";
      script += " -d " + quoted(option.help) + "\n";
    }
  });
  return script;
}

}  // namespace socle::cli
