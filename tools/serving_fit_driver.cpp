// Serves `tools/fit_serving.py`: reads measured points of serving once, then answers lines of settings.
//   out, first: "id engine chip model" of each case that can be predicted, then "."
//   in:  "ENGINE/CHIP.FIELD=VALUE ..." (kept until set again), then the ids to predict after "|"
//   out: "ttft_ms tpot_ms" pairs in the order of the ids
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>

#include "socle/answer/validate/predict_serving.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/catalog/loaders.hpp"
#include "socle/machine/machine_builder.hpp"

using namespace socle;

namespace {

struct Settings {
  answer::EngineUse use;
  double range = 0.8;
  double skew = 0;
  double high = 1.0;
  int rounds = 10;
  int drafts = 0;
  double accept = 0.6;
};

void set(Settings& s, const std::string& field, double v) {
  serve::EngineTiming& t = s.use.timing;
  const std::map<std::string, std::function<void()>> fields = {
      {"step", [&] { t.step = Seconds{v}; }},
      {"per_sequence", [&] { t.per_sequence = Seconds{v}; }},
      {"per_prompt", [&] { t.per_prompt = Seconds{v}; }},
      {"request", [&] { t.request = Seconds{v}; }},
      {"decode", [&] { t.decode = v; }},
      {"prefill", [&] { t.prefill = v; }},
      {"eager_layer", [&] { t.eager_layer = Seconds{v}; }},
      {"tokens", [&] { s.use.max_step_tokens = static_cast<int>(v); }},
      {"chunk", [&] { s.use.policy_options.prefill_chunk = static_cast<int>(v); }},
      {"hidden", [&] { t.hidden_launch = Seconds{v}; }},
      {"rounds", [&] { s.rounds = static_cast<int>(v); }},
      {"edge", [&] { s.use.edge = Seconds{v}; }},
      {"high", [&] { s.high = v; }},
      {"poll", [&] { s.use.poll_steps = static_cast<int>(v); }},
      {"drafts", [&] { s.drafts = static_cast<int>(v); }},
      {"accept", [&] { s.accept = v; }},
      {"range", [&] { s.range = v; }},
      {"skew", [&] { s.skew = v; }}};
  fields.at(field)();
}

std::string slurp(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  const catalog::Catalog catalog;
  const machine::MachineBuilder machines(catalog);
  const CsvTable table = parse_csv(slurp(argv[1]), argv[1]);
  std::map<std::string, answer::ServingCase> cases;
  std::map<std::string, Settings> settings;
  std::map<std::string, machine::Machine> built;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    answer::ServingCase c = answer::read_serving_case(catalog, table, i);
    if (!c.unsupported.empty()) {
      std::cerr << c.id << ": " << c.unsupported << '\n';
      continue;
    }
    const std::string key = c.engine + "/" + c.chip;
    Settings& s = settings[key];
    s.use.policy = c.engine == "vllm" ? serve::vllm_v1 : c.engine == "sglang" ? serve::sglang : serve::trtllm_no_evict;
    if (c.engine == "trtllm") s.use.max_sequences = 2048;
    if (!built.contains(c.chip)) built.emplace(c.chip, machines.build({.chip = c.chip, .nic_per_chip = {}}, catalog::Stack{}));
    std::cout << c.id << ' ' << key << ' ' << c.served.model.name << '\n';
    cases.emplace(c.id, std::move(c));
  }
  std::cout << "." << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string word;
    while (words >> word && word != "|") {
      const auto dot = word.rfind('.', word.find('=')), equals = word.find('=');
      set(settings.at(word.substr(0, dot)), word.substr(dot + 1, equals - dot - 1), std::stod(word.substr(equals + 1)));
    }
    std::vector<std::string> ids;
    while (words >> word) ids.push_back(word);
    std::vector<answer::ServingPrediction> predictions(ids.size());
    parallel_for(ids.size(), 0, [&](std::size_t i) {
      answer::ServingCase c = cases.at(ids[i]);
      const Settings& s = settings.at(c.engine + "/" + c.chip);
      c.served.skew = s.skew;
      c.served.speculation = {s.drafts, serve::accepted_drafts(s.drafts, s.accept)};
      const machine::Machine& machine = built.at(c.chip);
      const serve::StepCosts costs(c.served, machine, machines.serving_kernels(c.chip));
      predictions[i] = answer::predict_serving(c, s.use, costs, {.length_range = s.range, .length_high = s.high, .rounds = s.rounds, .cache_tokens = 100'000'000});
    });
    for (const answer::ServingPrediction& p : predictions)
      std::printf("%.6g %.6g ", p.ttft.value() * 1e3, p.tpot.value() * 1e3);
    std::printf("\n");
    std::fflush(stdout);
  }
} catch (const InputError& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
