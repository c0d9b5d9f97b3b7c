#include "socle/report/migrate/torch_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::TorchResult;
using answer::TorchVerdict;
using migrate::Count;
using migrate::Status;

constexpr std::size_t kNamesShown = 25;

std::vector<std::string> rules() {
  return {
      fmt::format("Decision: no-go when fewer than {} of the uses run there by the pages of torch_npu, or when they do "
                  "not have the chip; go when all do without a limit and no place asks for work; go with work "
                  "otherwise.",
                  format_percent(migrate::kCoverageLeast)),
      "A limit is mostly one of types; the pages state it in words. What they do not list they declare unverified: "
      "unknown, which never counts as yes.",
      "torch_npu.contrib.transfer_to_npu redirects torch.cuda and device \"cuda\" at import, but not devices given as "
      "numbers, and it switches torch.jit.script off (Ascend/pytorch#16, vllm-ascend#516).",
      fmt::format(
          "Effort (assumption): {} h for each name that does not run there, {} h for one that is not listed, {} h "
          "for one with a limit or a place to check, {} h for a place to rewrite.",
          migrate::kHoursPerMissingName, migrate::kHoursPerUnknownName, migrate::kHoursPerCheck,
          migrate::kHoursPerRewrite),
      "Names are read through imports; methods of tensors and names behind variables are not seen. Operators that are "
      "missing may run on the CPU in silence (Ascend/pytorch#40, #51): measure before you trust a speed."};
}

std::string targets_text(const TorchResult& result) {
  std::vector<TextColumn> columns{{"uses (distinct names)"}};
  for (const TorchVerdict& target : result.targets) columns.push_back({target.chip, Align::kRight});
  TextTable table(std::move(columns));
  const auto row = [&](const char* name, const auto& cell) {
    std::vector<std::string> cells{name};
    for (const TorchVerdict& target : result.targets) cells.push_back(cell(target));
    table.add_row(std::move(cells));
  };
  const auto counted = [&](const char* name, Count TorchVerdict::*count) {
    row(name, [&](const TorchVerdict& t) { return fmt::format("{} ({})", (t.*count).uses, (t.*count).names); });
  };
  row("decision", [](const TorchVerdict& t) { return std::string(decision_words(t.decision)); });
  row("run there", [](const TorchVerdict& t) { return t.column.empty() ? "-" : format_percent(t.coverage()); });
  counted("  without a limit", &TorchVerdict::supported);
  counted("  with a limit", &TorchVerdict::partial);
  counted("do not run there", &TorchVerdict::unsupported);
  counted("unknown", &TorchVerdict::unknown);
  row("places to rewrite", [](const TorchVerdict& t) { return std::to_string(t.rewrites); });
  row("places to check", [](const TorchVerdict& t) { return std::to_string(t.checks); });
  row("effort", [](const TorchVerdict& t) { return effort_words(t.effort, t.hours); });
  return table.str();
}

bool runs_everywhere(const std::vector<Status>& there) {
  return std::all_of(there.begin(), there.end(), [](Status status) { return status == Status::kSupported; });
}

std::string names_text(const TorchResult& result) {
  std::vector<TextColumn> columns{{"not everywhere without a limit"}, {"uses", Align::kRight}};
  for (const TorchVerdict& target : result.targets) columns.push_back({target.chip});
  columns.push_back({"first"});
  TextTable table(std::move(columns));
  std::vector<std::pair<int, std::string>> order;  // what does not run first
  for (const auto& [name, there] : result.status) {
    if (runs_everywhere(there)) continue;
    const Status worst = *std::max_element(there.begin(), there.end());
    order.emplace_back(-static_cast<int>(worst), name);
  }
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < std::min(order.size(), kNamesShown); ++i) {
    const std::string& name = order[i].second;
    const answer::TorchUse& use = result.names.at(name);
    std::vector<std::string> cells{printable(name, 60), std::to_string(use.uses)};
    for (const Status status : result.status.at(name)) cells.push_back(migrate::status_key(status));
    cells.push_back(fmt::format("{}:{}", use.first.file, use.first.line));
    table.add_row(std::move(cells));
  }
  if (order.empty()) return {};
  std::string text = "\n" + table.str();
  if (order.size() > kNamesShown) text += fmt::format("\n{} more: --json has them\n", order.size() - kNamesShown);
  return text;
}

}  // namespace

std::string torch_text(const TorchResult& result) {
  std::size_t uses = 0;
  for (const auto& [name, use] : result.names) uses += use.uses;
  std::string text = fmt::format("{} Python files, {} lines: {} uses of {} names of PyTorch\n\n", result.files,
                                 result.lines, uses, result.names.size());
  text += targets_text(result) + names_text(result);
  return text + sentences_text("How it is judged", rules()) + "\nPages: " + answer::kTorchNpuPages + "\n";
}

Json torch_json(const TorchResult& result, const std::vector<InputText>& inputs) {
  Json targets = Json::array(), names = Json::array();
  const auto count_json = [](const Count& count) {
    return Json::object({{"uses", count.uses}, {"names", count.names}});
  };
  for (const TorchVerdict& target : result.targets)
    targets.push(Json::object({{"chip", target.chip},
                               {"column", text_or_null(target.column)},
                               {"decision", migrate::decision_key(target.decision)},
                               {"coverage", target.coverage()},
                               {"supported", count_json(target.supported)},
                               {"partial", count_json(target.partial)},
                               {"unsupported", count_json(target.unsupported)},
                               {"unknown", count_json(target.unknown)},
                               {"rewrites", target.rewrites},
                               {"checks", target.checks},
                               {"effort", migrate::effort_key(target.effort)},
                               {"effort_h", target.hours}}));
  for (const auto& [name, use] : result.names) {
    Json there = Json::array();
    for (const Status status : result.status.at(name)) there.push(migrate::status_key(status));
    names.push(Json::object({{"name", name},
                             {"uses", use.uses},
                             {"file", use.first.file},
                             {"line", use.first.line},
                             {"status", std::move(there)}}));
  }
  return Json::object({{"schema", "socle.migrate.torch/1"},
                       {"provenance", provenance("migrate torch", inputs)},
                       {"files", result.files},
                       {"lines", result.lines},
                       {"pages", answer::kTorchNpuPages},
                       {"targets", std::move(targets)},
                       {"names", std::move(names)},
                       {"rules", sentences_json(rules())}});
}

Schema migrate_torch_schema() {
  return {
      "socle.migrate.torch/1",
      "PyTorch sources on Ascend: `socle migrate torch`.",
      {{"",
        "",
        {{"provenance", "provenance", "Version, command and inputs."},
         {"files", "integer", "Python files that were read."},
         {"lines", "integer", "Lines of them."},
         {"pages", "string", "Whose pages say what runs."},
         {"targets[]", "object", "Each chip, in the order of --to."},
         {"targets[].chip", "string", "Its slug."},
         {"targets[].column", "string|null", "Of the pages; null: they do not have the chip."},
         {"targets[].decision", "string", "Whether to go.", {"go", "go_with_work", "no_go"}},
         {"targets[].coverage", "number", "Share of the uses that run there by the pages."},
         {"targets[].supported", "count", "Run without a limit."},
         {"targets[].partial", "count", "Run with a limit."},
         {"targets[].unsupported", "count", "Do not run."},
         {"targets[].unknown", "count", "Not listed."},
         {"targets[].rewrites", "integer", "Places of hazards to rewrite."},
         {"targets[].checks", "integer", "Places of hazards to check."},
         {"targets[].effort", "string", "Class of work.", {"none", "hours", "days", "weeks"}},
         {"targets[].effort_h", "number", "Hours by the stated assumptions."},
         {"names[]", "object", "Each name of PyTorch."},
         {"names[].name", "string", "Written out."},
         {"names[].uses", "integer", "Places."},
         {"names[].file", "string", "File of the first."},
         {"names[].line", "integer", "Line of the first."},
         {"names[].status[]",
          "string",
          "On each target, in their order.",
          {"supported", "partial", "unsupported", "unknown"}},
         {"rules[]", "string", "How decisions come about, a sentence each."}}}},
      {provenance_shape(),
       {"count", "Counted twice over.", {{"uses", "integer", "Places."}, {"names", "integer", "Distinct names."}}}}};
}

}  // namespace socle::report
