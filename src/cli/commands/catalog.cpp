#include "socle/api/catalog.hpp"
#include "cli/commands/commands.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

/// What is asked: a list, a search or one entry. The verb may also stand behind its section: "chips show h100".
struct Question {
  std::string verb = "list", section, name;
};

[[noreturn]] void refuse(const std::string& message) { throw InputError(Problem{{}, 0, 0, {}, message}); }

Question question_of(std::vector<std::string> words) {
  Question question;
  const auto is_verb = [](const std::string& word) { return word == "list" || word == "search" || word == "show"; };
  for (std::size_t i = 0; i < words.size() && i < 2; ++i) {
    if (!is_verb(words[i])) continue;
    question.verb = words[i];
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  const bool named = question.verb != "list";
  if (named && words.empty())
    refuse(question.verb + " needs a " +
           (question.verb == "show" ? "name, such as: socle catalog show h100-sxm"
                                    : "word, such as: socle catalog search ascend"));
  if (named) {
    question.name = words.back();
    words.pop_back();
  }
  if (!words.empty() && question.verb != "search") {
    question.section = words.front();
    words.erase(words.begin());
  }
  if (!words.empty()) refuse("\"" + words.front() + "\" is one word too many; see socle catalog --help");
  return question;
}

Outcome run(const Arguments& arguments, Context&) {
  const Question asked = question_of(arguments.words);
  const auto catalog = api::load_catalog(arguments.text("--catalog"));
  const answer::CatalogResult result = asked.verb == "show"     ? api::catalog_show(catalog, asked.section, asked.name)
                                       : asked.verb == "search" ? api::catalog_search(catalog, asked.name)
                                                                : api::catalog_list(catalog, asked.section);
  return {.text = arguments.has("--json") ? api::json(result, catalog) : api::text(result),
          .verbatim = !result.path.empty()};
}

}  // namespace

Command catalog_command() {
  return {
      .words_name = "[list SECTION | search WORD | show [SECTION] NAME]",
      .words_max = 3,
      .options = {json_option(), catalog_option()},
      .examples = {"socle catalog list rules", "socle catalog search ascend", "socle catalog show h100-sxm"},
      .run = run,
  };
}

}  // namespace socle::cli
