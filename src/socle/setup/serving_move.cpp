#include "socle/setup/serving_move.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/setup/export_day.hpp"
#include "socle/setup/move_formats.hpp"
#include "socle/setup/rent_quote.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::setup {
namespace {

/// Flags of one side only: the other side plans or defaults them anew.
constexpr std::array<const char*, 11> kOfOneSide{"--tp",
                                                 "--pp",
                                                 "--dp",
                                                 "--ep",
                                                 "--engine",
                                                 "--weights",
                                                 "--experts",
                                                 "--kv",
                                                 "--gpu-memory-utilization",
                                                 "--mem-fraction-static",
                                                 "--kv-free-fraction"};

[[noreturn]] void refuse(const char* key, std::string message) {
  throw InputError(Problem{{}, 0, 0, key, std::move(message)});
}

/// The family by which the catalogue simulates an engine; plugins without figures of their own run as vLLM.
std::string simulated_family(const std::string& engine) {
  return engine == "vllm-gaudi" || engine == "vllm-kunlun" ? "vllm" : engine;
}

std::string engine_there(const migrate::ServingHardware& hardware, const std::string& family) {
  const auto found = hardware.engines.find(family == "vllm-ascend" ? "vllm" : family);
  if (found == hardware.engines.end()) return {};
  if (!found->second.empty()) return found->second;
  const auto vllm = hardware.engines.find("vllm");  // the engine is not there: vLLM or its plugin may be
  return vllm == hardware.engines.end() ? std::string() : vllm->second;
}

MoveSide side_of(const catalog::Catalog& catalog, const migrate::EngineFacts& facts, const std::string& name,
                 const std::string& family) {
  MoveSide side;
  side.chip = catalog.chip(name);
  const std::vector<migrate::Platform> platforms = migrate::platforms(catalog);
  if (const migrate::Platform* platform = migrate::platform_of_vendor(platforms, side.chip.vendor))
    side.platform = *platform;
  if (const migrate::ServingHardware* hardware = facts.hardware_of(side.chip.slug)) {
    side.hardware = *hardware;
    side.engine = engine_there(*hardware, family);
  }
  if (side.engine.empty()) side.missing = fmt::format("no serving engine on {} is known here", side.chip.name);
  return side;
}

ServeSimulationSetup simulation(const catalog::Catalog& catalog, const scenario::Flags& flags,
                                const FileReader& read_file) {
  const scenario::Scenario scenario = read_scenario({}, {}, flags, scenario::Question::kServe);
  const auto config = config_text(scenario, read_file);
  return set_up_serve_simulation(catalog, scenario, config, read_file, {});
}

void add_rent(const catalog::Catalog& catalog, const MoveQuestion& question, std::size_t side_at, MoveSide& side) {
  if (question.rents.empty()) {
    if (const auto quote = rent_quote(catalog, side.chip.slug)) {
      side.rent = quote->rent;
      side.rent_from = quote->text;
    }
    return;
  }
  const std::size_t sides = question.to.size() + 1;
  if (question.rents.size() != sides)
    refuse("rents", fmt::format("--rents names {} rents for {} chips; write one for --from and one for each of --to",
                                question.rents.size(), sides));
  side.rent = parse_rent(question.rents[side_at]);
  side.rent_from = "as stated";
}

scenario::Flags source_flags(const MoveQuestion& question) {
  scenario::Flags flags = question.flags;
  for (const char* open : {"--rate", "--trace", "--replicas", "--prefill-replicas", "--decode-replicas"}) {
    if (flags.contains(open))
      refuse(open + 2, fmt::format("{}: a move compares chips under the same number of requests at once; write "
                                   "--concurrency, and ask `socle serve plan --among` about a rate",
                                   open));
  }
  flags["--chip"] = question.from;
  flags.emplace("--concurrency", std::to_string(kMoveConcurrency));
  return flags;
}

void add_target(const catalog::Catalog& catalog, const MoveQuestion& question, const scenario::Flags& flags,
                ServingMove& move, MoveSide side) {
  if (side.missing.empty()) {
    scenario::Flags there = flags;
    for (const char* flag : kOfOneSide) there.erase(flag);
    there["--chip"] = side.chip.slug;
    there["--engine"] = simulated_family(side.engine);
    try {
      side.simulation = simulation(catalog, there, question.read_file);
    } catch (const InputError& error) { side.missing = error.problems().front().message; }
  }
  if (side.simulation) {
    if (simulated_family(side.engine) != side.engine)
      side.simulation->serve.doubts.push_back(side.engine + " has no figures of its own: it is taken as vLLM.");
    side.formats = formats_on(side, move.from, move.from.simulation->serve.formats, move.facts);
  }
  move.to.push_back(std::move(side));
}

}  // namespace

const catalog::LaunchTable& ServingMove::table_of(const std::string& engine) const {
  const catalog::LaunchTable* table = catalog::launch_table(tables, engine);
  if (table == nullptr) table = catalog::launch_table(tables, "vllm");  // its plugins take its flags
  return *table;
}

ServingMove set_up_serving_move(const catalog::Catalog& catalog, const MoveQuestion& question) {
  if (question.to.empty()) refuse("to", "--to is missing; name the chips to move to: --to ascend-910c,h20");
  std::vector<catalog::LaunchTable> tables = catalog::load_launch_tables(catalog);
  migrate::LaunchRecord record = read_launch_record(tables, question.launch_text, question.launch_name);
  const scenario::Flags given = source_flags(question);
  LaunchReading reading = read_launch(catalog, question.launch_text,
                                      {.source = question.launch_name,
                                       .question = scenario::Question::kServe,
                                       .given = given,
                                       .read_file = question.read_file,
                                       .keep_unknown = true});
  const scenario::Flags flags = with_launch(given, reading);
  std::optional<CsvTable> own;
  if (question.own_facts) own = parse_csv(*question.own_facts, question.own_facts_name);
  constexpr const char* kEnvironment = "compat/serving-environment.csv";
  ServingMove move{.record = std::move(record),
                   .tables = std::move(tables),
                   .reading = std::move(reading),
                   .facts = migrate::EngineFacts(catalog, own ? &*own : nullptr),
                   .environment = parse_csv(catalog.text_of(kEnvironment), catalog.source_of(kEnvironment)),
                   .day = export_day(question.day),
                   .from = {},
                   .to = {},
                   .checkpoint = question.checkpoint,
                   .concurrency = 0,
                   .load = {},
                   .assumptions = {},
                   .doubts = {}};
  move.from = side_of(catalog, move.facts, question.from, move.record.family);
  // What was launched, by the name that its chip gives it: on Ascend a command of vLLM runs vLLM Ascend.
  const std::string& there = move.from.engine;
  if (there.empty() || move.table_of(there).family != move.table_of(move.record.family).family)
    move.from.engine = move.record.family;
  move.from.missing.clear();
  move.from.simulation = simulation(catalog, flags, question.read_file);
  move.concurrency = move.from.simulation->requests.concurrency;
  if (move.concurrency > kMoveConcurrencyMax)
    refuse("concurrency", fmt::format("--concurrency = {} is beyond what one replica has under way; write at most {}",
                                      move.concurrency, kMoveConcurrencyMax));
  if (!question.flags.contains("--concurrency"))
    move.assumptions.push_back(fmt::format("{} requests are under way at once; say --concurrency.", kMoveConcurrency));
  move.load = [flags, read_file = question.read_file](int clients) {
    scenario::Flags other = flags;
    other["--concurrency"] = std::to_string(clients);
    const scenario::Scenario scenario = read_scenario({}, {}, other, scenario::Question::kServe);
    return set_up_requests(scenario, read_file, {}, 0);
  };
  add_rent(catalog, question, 0, move.from);
  for (std::size_t i = 0; i < question.to.size(); ++i) {
    MoveSide side = side_of(catalog, move.facts, question.to[i], move.record.family);
    const bool twice = std::any_of(move.to.begin(), move.to.end(),
                                   [&](const MoveSide& other) { return other.chip.slug == side.chip.slug; });
    if (twice) refuse("to", fmt::format("--to names {} twice", printable(question.to[i])));
    side.exports = catalog::export_classes(side.chip, move.day);
    add_rent(catalog, question, i + 1, side);
    add_target(catalog, question, flags, move, std::move(side));
  }
  return move;
}

}  // namespace socle::setup
