#include "cli/args.hpp"

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace socle::cli {
namespace {

/// What one subcommand's parser writes into.
struct Slot {
  const NamedCommand* named = nullptr;
  CLI::App* app = nullptr;
  std::vector<std::string> words;
  std::vector<std::pair<CLI::Option*, std::string>> options;  ///< with the spelling
  std::vector<Slot> children;
};

[[noreturn]] void refuse(const std::string& message) { throw InputError(Problem{{}, 0, 0, {}, message}); }

void add_spelling(Slot& slot, const Option& option, const std::string& spelling) {
  CLI::Option* added = option.value_name.empty() ? slot.app->add_flag(spelling) : slot.app->add_option(spelling);
  if (!option.value_name.empty())
    added->type_name(option.value_name)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  slot.options.emplace_back(added, spelling);
}

/// Describes a command to the parser; its options only when its name is among the words, since every call pays for
/// them.
void describe(const NamedCommand& named, const std::vector<std::string_view>& words, CLI::App& parent, Slot& slot) {
  slot.named = &named;
  slot.app = parent.add_subcommand(named.name);
  if (std::find(words.begin(), words.end(), named.name) == words.end()) return;
  slot.app->set_help_flag("-h,--help");
  slot.app->set_help_all_flag("--help-all");
  slot.children.resize(named.children.size());
  for (std::size_t i = 0; i < named.children.size(); ++i)
    describe(named.children[i], words, *slot.app, slot.children[i]);
  if (named.command.words_max > 0)
    slot.app->add_option("words", slot.words)->expected(0, -1);  // counted below, where the message can name the word
  for (const Option& option : named.command.options) {
    add_spelling(slot, option, option.name);
    for (const std::string& other : option.others) add_spelling(slot, option, other);
  }
}

/// Commands that take an option of this spelling, as they are typed.
void takers(const std::vector<NamedCommand>& commands, const std::string& prefix, const std::string& word,
            std::vector<std::string>& found) {
  for (const NamedCommand& named : commands) {
    for (const Option& option : named.command.options) {
      bool takes = option.name == word;
      for (const std::string& other : option.others) takes = takes || other == word;
      if (takes) found.push_back(prefix + " " + named.name);
    }
    takers(named.children, prefix + " " + named.name, word, found);
  }
}

std::string names_of(const std::vector<NamedCommand>& commands) {
  std::string names;
  for (const NamedCommand& named : commands) names += (names.empty() ? "" : ", ") + named.name;
  return names;
}

// A word that nothing takes, with where the words that are taken stand.
std::string unknown_word(const std::vector<NamedCommand>& commands, const std::vector<const NamedCommand*>& path,
                         const std::string& word) {
  const std::string shown = "\"" + printable(word, 40) + "\"";
  if (!word.starts_with("-")) {
    const bool group = !path.empty() && !path.back()->children.empty();
    if (group)
      return shown + " is no question of " + command_text(path) + "; write one of " + names_of(path.back()->children);
    if (!path.empty()) return shown + " is one word too many; see " + command_text(path) + " --help";
    return "unknown command " + shown + "; the commands are " + names_of(commands);
  }
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> others;
  takers(commands, "socle", name, others);
  if (path.empty()) return "unknown option " + shown + "; name a command first: " + names_of(commands);
  if (others.empty()) {
    std::vector<std::string> known;
    for (const Option& option : path.back()->command.options) known.push_back(option.name);
    const std::string nearest = did_you_mean(name, known);
    return "unknown option " + shown + (nearest.empty() ? "; " : nearest + " ") + command_text(path) +
           " --help-all lists the options";
  }
  std::string list;
  for (const std::string& other : others) list += (list.empty() ? "" : ", ") + other;
  return name + " does not act on " + command_text(path) + "; it is for " + list;
}

Arguments collect(const Slot& slot, const std::vector<const NamedCommand*>& path) {
  const Command& command = slot.named->command;
  const auto most = static_cast<std::size_t>(command.words_max);
  if (slot.words.size() > most)
    refuse("\"" + printable(slot.words[most], 40) + "\" is one word too many; see " + command_text(path) + " --help");
  Arguments arguments;
  arguments.words = slot.words;
  for (const auto& [option, spelling] : slot.options) {
    if (option->count() == 0) continue;
    const bool flag = option->get_type_size() == 0;
    const std::vector<std::string>& values = option->results();
    if (!flag && values.size() > 1)
      refuse(spelling + " is given " + std::to_string(values.size()) + " times; give it once");
    arguments.options[spelling] = flag || values.empty() ? std::string() : values.back();
  }
  return arguments;
}

/// The deepest subcommand that was named.
const Slot* parsed_slot(const std::vector<Slot>& slots, std::vector<const NamedCommand*>& path) {
  for (const Slot& slot : slots) {
    if (!slot.app->parsed()) continue;
    path.push_back(slot.named);
    const Slot* deeper = parsed_slot(slot.children, path);
    return deeper ? deeper : &slot;
  }
  return nullptr;
}

}  // namespace

std::string command_text(const std::vector<const NamedCommand*>& path) {
  std::string text = "socle";
  for (const NamedCommand* named : path) text += " " + named->name;
  return text;
}

std::string Arguments::text(std::string_view name) const { return value(name).value_or(std::string()); }

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = options.find(name);
  if (found == options.end()) return std::nullopt;
  return found->second;
}

Call parse_call(const std::vector<NamedCommand>& commands, int count, const char* const* arguments) {
  CLI::App app("socle", "socle");
  app.set_version_flag("--version", "");
  app.set_help_all_flag("--help-all");
  app.require_subcommand(0, 1);
  std::vector<Slot> slots(commands.size());
  const std::vector<std::string_view> words(arguments, arguments + count);
  for (std::size_t i = 0; i < commands.size(); ++i) describe(commands[i], words, app, slots[i]);
  Call call;
  const auto locate = [&] {
    call.path.clear();
    return parsed_slot(slots, call.path);
  };
  try {
    app.parse(count, arguments);
  } catch (const CLI::CallForVersion&) {
    call.kind = Call::Kind::kVersion;
    return call;
  } catch (const CLI::CallForAllHelp&) {
    call.kind = Call::Kind::kHelpAll;
    locate();
    return call;
  } catch (const CLI::CallForHelp&) {
    locate();
    return call;
  } catch (const CLI::ExtrasError& error) {
    const std::vector<std::string> words = app.remaining(true);
    locate();
    refuse(unknown_word(commands, call.path, words.empty() ? error.what() : words.front()));
  } catch (const CLI::ParseError& error) {
    locate();
    refuse(std::string(error.what()) + "; see " + command_text(call.path) + " --help");
  }
  const Slot* slot = locate();
  if (!slot) return call;
  if (!slot->named->command.run)
    refuse("say what to do: " + command_text(call.path) + " " + names_of(slot->named->children));
  call.kind = Call::Kind::kRun;
  call.arguments = collect(*slot, call.path);
  return call;
}

}  // namespace socle::cli
