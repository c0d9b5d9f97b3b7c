#include "socle/api/validate.hpp"
#include <algorithm>
#include <filesystem>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/numbers.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/face.hpp"
#include "socle/api/fit_stack.hpp"

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

/// Options of the fit say nothing without it, and it takes no others' place.
void check_fit(const Arguments& arguments, const std::string& kind) {
  const auto refuse = [](const char* flag, std::string why) {
    throw InputError(Problem{{}, 0, 0, flag, flag + (": " + why)});
  };
  if (!arguments.has("--fit-stack")) {
    for (const char* flag : {"--out", "--like", "--family"}) {
      if (arguments.has(flag)) refuse(flag, "goes with --fit-stack NAME");
    }
    return;
  }
  if (kind != "training") refuse("--fit-stack", "stacks are fitted on training runs: socle validate training");
  if (!arguments.has("--cases")) refuse("--fit-stack", "name your own runs with --cases FILE.csv");
  if (arguments.has("--rows")) refuse("--rows", "left-out rows of a fit are in its --json; leave --rows out");
}

Outcome run_fit(const Arguments& arguments, const Files& files, Context& context) {
  const std::string path = arguments.text("--cases");
  const api::FitStackAnswer answer =
      api::fit_stack(api::load_catalog(arguments.text("--catalog")), files.read(path), path,
                     {.name = arguments.text("--fit-stack"),
                      .like = arguments.text("--like"),
                      .family = arguments.text("--family"),
                      .threads = thread_count(arguments)},
                     &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer)};
  if (const std::string directory = arguments.text("--out"); !directory.empty()) {
    const std::string overlay = answer.result.overlay_path();
    outcome.files.push_back({(std::filesystem::path(directory) / overlay).string(), answer.result.overlay, true});
    outcome.remarks = "written to " + directory + "/" + overlay + "; use it with --catalog " + directory + " --stack " +
                      answer.result.fitted.slug + "\n";
  }
  return outcome;
}

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--rows"});
  const std::string kind = arguments.words.empty() ? std::string() : arguments.words.front();
  api::check_validation_kind(kind);
  check_fit(arguments, kind);
  if (arguments.has("--fit-stack")) return run_fit(arguments, files, context);
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
                  {"--fit-stack", "NAME", "Fit this software stack on the cases, which are your own training runs"},
                  {"--like", "STACK", "With --fit-stack: a new stack with the facts of this one"},
                  {"--family", "FAMILY", "With --fit-stack: a new stack of this family, its facts the usual ones"},
                  {"--out", "DIR", "With --fit-stack: write DIR/stacks/NAME.toml, for --catalog DIR"},
                  json_option(),
                  threads_option(),
                  catalog_option()},
      .examples = {"socle validate training --rows rows.csv",
                   "socle validate training --fit-stack ours --like megatron-core-2025 --cases runs.csv --out mine"},
      .run = run,
  };
}

}  // namespace socle::cli
