#include "socle/api/validate.hpp"
#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/numbers.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

std::string read_cases(const Arguments& arguments, const Files& files, const std::string& path) {
  if (arguments.has("--cases")) return files.read(path);
  try {
    return files.read(path);
  } catch (const InputError&) {
    throw InputError(
        Problem{path,
                0,
                0,
                {},
                "there are no cases here; run from the root of the project or name a CSV with --cases FILE.csv"});
  }
}

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--rows"});
  const std::string kind = arguments.words.empty() ? std::string() : arguments.words.front();
  api::check_validation_kind(kind);
  const std::string path = arguments.value("--cases").value_or(api::default_cases(kind));
  const api::ValidationRequest request{
      .kind = kind, .csv = read_cases(arguments, files, path), .source_name = path, .threads = thread_count(arguments)};
  const api::ValidationAnswer answer =
      api::validate(api::load_catalog(arguments.text("--catalog")), request, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer)};
  if (files.wants("--rows")) outcome.files.push_back(files.file("--rows", api::rows_csv(answer)));
  return outcome;
}

}  // namespace

Command validate_command() {
  return {
      .words_name = "training|collectives",
      .words_max = 1,
      .options = {{"--cases", "FILE.csv", "What was measured; default: validation/KIND.csv"},
                  {"--rows", "OUT.csv", "Write one line per case and metric"},
                  {"--json", "", "Print one JSON document instead of tables"},
                  {"--threads", "N", "Threads; default: all cores. The answer does not depend on it"},
                  {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"}},
      .examples = {"socle validate training --rows rows.csv"},
      .run = run,
  };
}

}  // namespace socle::cli
