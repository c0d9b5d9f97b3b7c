#include "socle/api/model.hpp"

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/numbers.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

constexpr int kSequenceMax = 100'000'000;

/// A name with a suffix of a file, or that stands in a folder, is a file; "organisation/name" is a name.
bool names_file(const std::string& name) {
  return name.ends_with(".json") || name.ends_with(".gguf") || name.ends_with(".safetensors") ||
         name.starts_with(".") || name.starts_with("/");
}

Outcome run(const Arguments& arguments, Context&) {
  if (arguments.words.size() != 2 || arguments.words.front() != "show") {
    throw InputError(Problem{
        {}, 0, 0, {}, "write what to show, such as: socle model show deepseek-v3, or socle model show config.json"});
  }
  const Files files(arguments, {});
  const std::string& name = arguments.words.back();
  api::ModelQuestion question;
  if (arguments.has("--ignore-keys")) question.ignore_keys = split_list(arguments.text("--ignore-keys"));
  question.sequence = whole_number(arguments, "--sequence-length", 0, 1, kSequenceMax);
  if (names_file(name)) {
    question.file = name;
    question.text = files.read(name);
  } else {
    question.name = name;
    if (!question.ignore_keys.empty()) {
      throw InputError(Problem{{},
                               0,
                               0,
                               "--ignore-keys",
                               "--ignore-keys acts on a config.json only; a model of the catalogue has no such keys"});
    }
  }
  const api::ModelShown shown = api::show_model(api::load_catalog(arguments.text("--catalog")), question);
  return {.text = arguments.has("--json") ? api::json(shown, question) : api::text(shown)};
}

}  // namespace

Command model_command() {
  return {
      .words_name = "show NAME|config.json",
      .words_max = 2,
      .options = {{"--sequence-length", "N", "Tokens that FLOPs and the cache are told for"},
                  {"--ignore-keys", "KEY,...",
                   "Keys of the config.json to leave out, though they may change the shape"},
                  json_option(),
                  catalog_option()},
      .examples = {"socle model show deepseek-v3"},
      .run = run,
  };
}

}  // namespace socle::cli
