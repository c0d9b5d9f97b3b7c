#include "socle/api/model.hpp"

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/numbers.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

constexpr int kSequenceMax = 100'000'000;  // ten times the longest context that is published

InputError refusal(const std::string& key, const std::string& message) {
  return InputError(Problem{{}, 0, 0, key, message});
}

Outcome run(const Arguments& arguments, Context&) {
  if (arguments.words.size() != 2 || arguments.words.front() != "show")
    throw refusal({}, "write what to show, such as: socle model show deepseek-v3, or socle model show config.json");
  const Files files(arguments, {});
  const std::string& name = arguments.words.back();
  if (name.ends_with(".gguf") || name.ends_with(".safetensors"))
    throw refusal(name, "\"" + printable(name) +
                            "\" holds weights; show the config.json beside it, and give this file to --weights");
  api::ModelQuestion question;
  question.sequence = whole_number(arguments, "--sequence-length", 0, 1, kSequenceMax);
  if (arguments.has("--ignore-keys")) question.ignore_keys = split_list(arguments.text("--ignore-keys"));
  for (const std::string& key : question.ignore_keys) {
    if (key.empty())
      throw refusal("--ignore-keys", "--ignore-keys has an empty part; write names of keys joined by commas");
  }
  if (names_file(name)) {
    question.file = name;
    question.text = files.read(name);
  } else {
    question.name = name;
    if (!question.ignore_keys.empty())
      throw refusal("--ignore-keys",
                    "--ignore-keys acts on a config.json only; a model of the catalogue has no such keys");
  }
  if (arguments.has("--weights")) {
    question.weights = arguments.text("--weights");
    question.weights_head = read_file_head(question.weights, model::kWeightHeadMax);
  }
  const api::ModelShown shown = api::show_model(api::load_catalog(arguments.text("--catalog")), question);
  return {.text = arguments.has("--json") ? api::json(shown, question) : api::text(shown)};
}

}  // namespace

Command model_command() {
  return {
      .words_name = "show NAME|config.json",
      .words_max = 2,
      .options = {{"--sequence-length", "N",
                   "Tokens that FLOPs and the cache are told for; default: 4096, or the context if that is shorter"},
                  {"--ignore-keys", "KEY,...",
                   "Keys of the config.json to leave out, though they may change the shape"},
                  {"--weights", "FILE",
                   "Check the count against a safetensors index, a .safetensors or a .gguf file, whose head is read"},
                  json_option(),
                  catalog_option()},
      .examples = {"socle model show deepseek-v3"},
      .run = run,
  };
}

}  // namespace socle::cli
