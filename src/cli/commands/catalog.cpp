#include "socle/api/catalog.hpp"
#include "cli/commands/commands.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  std::string section, name;
  bool show = false;
  for (const std::string& word : arguments.words) {
    if (word == "show" && !show)
      show = true;
    else if (show && name.empty())
      name = word;
    else if (!show && section.empty())
      section = word;
    else
      throw InputError(Problem{{}, 0, 0, {}, "\"" + word + "\" is one word too many; see socle catalog --help"});
  }
  if (show && name.empty()) {
    throw InputError(Problem{{}, 0, 0, {}, "show needs a name, such as: socle catalog show h100-sxm"});
  }
  const auto catalog = api::load_catalog(arguments.text("--catalog"));
  const answer::CatalogResult result =
      show ? api::catalog_show(catalog, section, name) : api::catalog_list(catalog, section);
  return {.text = arguments.has("--json") ? api::json(result) : api::text(result), .verbatim = !result.path.empty()};
}

}  // namespace

Command catalog_command() {
  return {
      .words_name = "[chips|nodes|network|prices|models|stacks] [show NAME]",
      .words_max = 3,
      .options = {json_option(), catalog_option()},
      .examples = {"socle catalog chips show h100-sxm"},
      .run = run,
  };
}

}  // namespace socle::cli
