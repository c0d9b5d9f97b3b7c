#include "cli/args.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

/// What one subcommand's parser writes into.
struct Slot {
  CLI::App* app = nullptr;
  std::vector<std::string> words;
  std::vector<CLI::Option*> options;
};

/// One line of usage in our own words; the rest as the library does it.
class UsageFormatter : public CLI::Formatter {
 public:
  explicit UsageFormatter(std::string usage) : usage_(std::move(usage)) {}
  std::string make_usage(const CLI::App*, std::string) const override { return "Usage: " + usage_ + "\n"; }

 private:
  std::string usage_;
};

std::string last_spelling(const std::string& name) { return name.substr(name.rfind(',') + 1); }

[[noreturn]] void refuse(const std::string& message) { throw InputError(Problem{{}, 0, 0, {}, message}); }

// A word that nothing takes, with where the words that are taken stand.
std::string unknown_word(const std::vector<NamedCommand>& commands, const std::vector<Slot>& slots, const std::string& word) {
  std::string names;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (slots[i].app->parsed()) return "unknown option \"" + word + "\"; socle " + commands[i].name + " --help lists the options";
    names += (i == 0 ? "" : ", ") + commands[i].name;
  }
  if (word.starts_with("-")) return "unknown option \"" + word + "\"; name a command first: " + names;
  return "unknown command \"" + word + "\"; the commands are " + names;
}

Arguments collect(const Command& command, const Slot& slot) {
  const auto most = static_cast<std::size_t>(command.words_max);
  if (slot.words.size() > most) refuse("\"" + slot.words[most] + "\" is one word too many; see socle " + slot.app->get_name() + " --help");
  Arguments arguments;
  arguments.words = slot.words;
  for (std::size_t i = 0; i < command.options.size(); ++i) {
    if (slot.options[i]->count() == 0) continue;
    const std::vector<std::string>& values = slot.options[i]->results();
    const bool flag = command.options[i].value_name.empty();
    if (!flag && values.size() > 1) refuse(last_spelling(command.options[i].name) + " is given " + std::to_string(values.size()) + " times; give it once");
    arguments.options[last_spelling(command.options[i].name)] = flag || values.empty() ? std::string() : values.back();
  }
  return arguments;
}

void describe(const NamedCommand& named, CLI::App& app, Slot& slot) {
  slot.app = app.add_subcommand(named.name, named.help);
  const std::string words = named.command.words_name.empty() ? "" : " " + named.command.words_name;
  slot.app->formatter(std::make_shared<UsageFormatter>("socle " + named.name + words + " [OPTIONS]"));
  if (!named.command.example.empty()) slot.app->footer("Example: " + named.command.example);
  if (named.command.words_max > 0) {
    slot.app->add_option("words", slot.words)
        ->expected(0, -1)  // counted below, where the message can name the word
        ->group("");
  }
  for (const Option& option : named.command.options) {
    CLI::Option* added = option.value_name.empty() ? slot.app->add_flag(option.name, option.help)
                                                   : slot.app->add_option(option.name)->description(option.help);
    if (!option.value_name.empty()) added->type_name(option.value_name)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    slot.options.push_back(added);
  }
}

}  // namespace

std::string Arguments::text(std::string_view name) const { return value(name).value_or(std::string()); }

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = options.find(name);
  if (found == options.end()) return std::nullopt;
  return found->second;
}

Outcome dispatch(const std::vector<NamedCommand>& commands, int count, const char* const* arguments) {
  CLI::App app("socle: a design tool for AI compute clusters", "socle");
  app.set_version_flag("--version", "socle " + std::string(version()));
  app.formatter(std::make_shared<UsageFormatter>("socle COMMAND [OPTIONS]"));
  app.require_subcommand(0, 1);
  app.footer("socle COMMAND --help explains one command and shows an example.\n"
             "Exit codes: 0 answer, 1 no feasible plan, 2 bad input, 70 internal error.");
  std::vector<Slot> slots(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) describe(commands[i], app, slots[i]);
  try {
    app.parse(count, arguments);
  } catch (const CLI::CallForVersion& call) {
    return {std::string(call.what()) + "\n", kAnswer, {}};
  } catch (const CLI::CallForHelp&) {
    for (const Slot& slot : slots) {
      if (slot.app->parsed()) return {slot.app->help(), kAnswer, {}};
    }
    return {app.help(), kAnswer, {}};
  } catch (const CLI::ExtrasError& error) {
    const std::vector<std::string> words = app.remaining(true);
    refuse(unknown_word(commands, slots, words.empty() ? error.what() : words.front()));
  } catch (const CLI::ParseError& error) {
    refuse(std::string(error.what()) + "; see socle --help");
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (slots[i].app->parsed()) return commands[i].command.run(collect(commands[i].command, slots[i]));
  }
  return {app.help(), kAnswer, {}};
}

}  // namespace socle::cli
