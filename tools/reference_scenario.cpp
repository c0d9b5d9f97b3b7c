#include "reference_scenario.hpp"

#include <fmt/format.h>

#include "socle/api/keys.hpp"
#include "socle/catalog/loaders.hpp"
#include "socle/comm/traffic_file.hpp"
#include "socle/net/graph_file.hpp"
#include "socle/workload/fault_trace.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::reference {
namespace {

using scenario::KeyFacts;
using scenario::Question;

constexpr const char* kGenerated =
    "This page is written by `make reference` from the tables that the program reads by. Do not edit it.\n";

/// Text inside a cell of a table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }

std::string spellings(const std::string& first, const std::vector<std::string>& others) {
  std::string text = code(first);
  for (const std::string& other : others) text += ", also " + code(other);
  return text;
}

std::string questions(const KeyFacts& key) {
  std::string text;
  for (const Question question : scenario::kAllQuestions) {
    if (key.questions.has(question)) text += (text.empty() ? "" : ", ") + std::string(command_of(question));
  }
  return text;
}

std::string heading(const std::string& section) {
  if (section == "model") return "Which model; one of the two keys.";
  if (section == "training") return "The job. What is left out takes the default, and the answer says so.";
  if (section == "cluster")
    return "What is used or bought. `[[candidate]]` takes the same keys and a `name`, as often as there are "
           "candidates; without nodes or chips a plan sizes it.";
  if (section == "cluster.fabric") return "Written inside `[cluster]` as `fabric = { ... }`.";
  if (section == "layout") return "The parallel layout. Every key left out is searched, or takes what the stack does.";
  if (section == "serving")
    return "A served model, its engine and its replicas; what is left out is the engine's default.";
  if (section == "requests")
    return "What is sent to a served model, and what it is held to; what is left out takes a default, which the answer "
           "states.";
  if (section == "serving.lora") return "Low-rank adapters beside the model; any key asks for them.";
  if (section == "requests.class")
    return "Written as `[[requests.class]]`, as often as there are classes of requests, each with a `name`.";
  if (section == "risk")
    return "What fails, how a job saves itself and comes back, what stands by; what is left out takes a default, which "
           "the answer states.";
  if (section == "cost")
    return "What machines, halls, people and electricity cost; each key takes one figure, or low and high end, or low, "
           "middle and high.";
  if (section == "limits") return "What must be kept.";
  if (section == "fabric") return "The network, as built or to be designed.";
  if (section == "fabric.prices") return "Prices in place of the catalogue's.";
  if (section == "fabric.power") return "Powers in place of the catalogue's.";
  return "What crosses the network.";
}

std::string columns_table(const std::vector<ColumnFacts>& columns, const char* name) {
  std::string page = fmt::format("| {} | accepts | meaning |\n|---|---|---|\n", name);
  for (const ColumnFacts& column : columns) {
    page += fmt::format("| `{}`{} | {} | {} |\n", column.name, column.required ? " (required)" : "",
                        cell(column.accepts), cell(column.meaning));
  }
  return page;
}

std::string traces_table() {
  std::string page = "| format | the file begins with | what it is |\n|---|---|---|\n";
  for (const workload::TraceEntry& entry : workload::trace_formats())
    page += fmt::format("| `{}` | `{}` | {} |\n", entry.name, entry.make()->beginning(), cell(std::string(entry.help)));
  return page;
}

}  // namespace

std::string scenario_page() {
  std::string page = fmt::format(
      "# Scenario: every section and key\n\n{}\n"
      "A scenario is one TOML file. Every key has a flag of the same meaning (`socle train --help-all`), which goes "
      "before the file; a key of "
      "a name that several sections use has the section in its flag, and the main key of a section has the section's "
      "own name. "
      "`socle init train|plan|risk|fabric` writes a scenario to start from, `socle check FILE` says what is wrong with "
      "one. Paths in a scenario are meant from its own folder, paths on the command line from the current one.\n",
      kGenerated);
  std::string section;
  for (const KeyFacts& key : api::key_facts()) {
    if (key.section != section) {
      section = key.section;
      page += fmt::format("\n## [{}]\n\n{}\n\n| key | flag | accepts | meaning | acts on |\n|---|---|---|---|---|\n",
                          section, heading(section));
    }
    page += fmt::format("| {} | {} | {} | {} | {} |\n", spellings(key.name, key.other_names),
                        spellings(key.flag, key.other_flags), cell(key.accepts), cell(key.help), questions(key));
  }
  return page;
}

std::string files_page() {
  return fmt::format(
      "# Files beside a scenario\n\n{}\n## Cables\n\n`file` in `[fabric]`, or `--fabric-file`: your own network. As "
      "CSV, one cable a row:\n\n{}\n"
      "As TOML: `endpoints = [\"host-0\", ...]` in their order, if wanted `switches = [...]` (then a name in neither "
      "list is an error), and one `[[cable]]` "
      "with the first five keys for each cable.\n\n## Traffic\n\n`file` in `[traffic]`, or `--traffic-file`, with "
      "`kind = \"matrix\"`: one message a row:\n\n{}\n"
      "## Traces of requests\n\n`trace` in `[requests]`, or `--trace`. The first line tells the format, or "
      "`trace_format` names it:\n\n{}\n"
      "## Traces of faults\n\n`trace` in `[risk]`, or `--trace` of `socle risk`: one fault a row; times are hours from "
      "a "
      "start, or dates such as 2026-03-01 14:05:30, all of one kind:\n\n{}\n"
      "## Price list\n\n`prices/NAME.toml` below the folder of `--catalog`: `category = \"...\"` once, then one "
      "`[[price]]` for each price:\n\n{}",
      kGenerated, columns_table(net::cable_columns(), "column"), columns_table(comm::traffic_columns(), "column"),
      traces_table(), columns_table(workload::fault_columns(), "column"), columns_table(catalog::price_keys(), "key"));
}

}  // namespace socle::reference
