#include "socle/api/validate.hpp"
#include <algorithm>
#include <filesystem>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/numbers.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

/// Where the shipped cases stand: in the current folder, or where `make install` put them beside this program.
std::string shipped_cases(const std::string& kind) {
  const std::string name = api::default_cases(kind);
  std::error_code unknown;
  if (std::filesystem::exists(name, unknown)) return name;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", unknown);
  const std::filesystem::path installed = program.parent_path().parent_path() / "share" / "socle" / name;
  if (std::filesystem::exists(installed, unknown)) return installed.string();
  throw InputError(Problem{
      name, 0, 0, {}, "there are no cases here; run from the root of the project or name a CSV with --cases FILE.csv"});
}

/// The folders below one that hold a recorded run, or the folder itself.
std::vector<answer::RunFiles> read_runs(const std::string& folder, const Files& files) {
  std::vector<std::filesystem::path> paths;
  std::error_code unknown;
  if (std::filesystem::exists(std::filesystem::path(folder) / "meta.json", unknown)) paths.emplace_back(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder, unknown)) {
    if (std::filesystem::exists(entry.path() / "meta.json", unknown)) paths.push_back(entry.path());
  }
  if (paths.empty())
    throw InputError(Problem{folder, 0, 0, {}, "holds no recorded run: no folder with meta.json and requests.jsonl"});
  std::sort(paths.begin(), paths.end());
  std::vector<answer::RunFiles> runs;
  for (const std::filesystem::path& path : paths) {
    const bool config = std::filesystem::exists(path / "config.json", unknown);
    runs.push_back({path.filename().string(), files.read(path / "meta.json"),
                    config ? files.read(path / "config.json") : std::string(), files.read(path / "requests.jsonl")});
  }
  return runs;
}

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--rows"});
  const std::string kind = arguments.words.empty() ? std::string() : arguments.words.front();
  api::check_validation_kind(kind);
  const auto named = arguments.value("--cases");
  const std::string path = named ? *named : shipped_cases(kind);
  api::ValidationRequest request{.kind = kind, .csv = {}, .source_name = path, .threads = thread_count(arguments)};
  if (kind == "runs")
    request.runs = read_runs(path, files);
  else
    request.csv = files.read(path);
  const api::ValidationAnswer answer =
      api::validate(api::load_catalog(arguments.text("--catalog")), request, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer)};
  if (files.wants("--rows")) outcome.files.push_back(files.file("--rows", api::rows_csv(answer)));
  return outcome;
}

}  // namespace

Command validate_command() {
  return {
      .words_name = "training|collectives|serving|runs",
      .words_max = 1,
      .options = {{"--cases", "FILE.csv", "What was measured, for runs a folder; default: validation/KIND.csv"},
                  {"--rows", "OUT.csv", "Write one line per case and metric"},
                  json_option(),
                  threads_option(),
                  catalog_option()},
      .examples = {"socle validate training --rows rows.csv"},
      .run = run,
  };
}

}  // namespace socle::cli
