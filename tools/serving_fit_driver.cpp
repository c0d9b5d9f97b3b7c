// Serves `tools/fit_serving.py`: reads measured points of serving once, then answers lines of settings.
//   out, first: "id family chip model ttft_ms tpot_ms" of each case that can be predicted, then "."
//   in:  "FIELD=VALUE ..." (kept until set again), then the ids to predict after "|"
//   out: "ttft_ms tpot_ms" pairs in the order of the ids, "-" where a case does not fit
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>

#include "socle/answer/validate/predict_serving.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"

using namespace socle;

namespace {

void set(catalog::ServingTiming& t, const std::string& field, double v) {
  const std::map<std::string, std::function<void()>> fields = {{"step", [&] { t.step = Seconds{v}; }},
                                                               {"per_sequence", [&] { t.per_sequence = Seconds{v}; }},
                                                               {"per_prompt", [&] { t.per_prompt = Seconds{v}; }},
                                                               {"request", [&] { t.request = Seconds{v}; }},
                                                               {"prompt_token", [&] { t.prompt_token = Seconds{v}; }},
                                                               {"edge", [&] { t.edge = Seconds{v}; }},
                                                               {"hidden_launch", [&] { t.hidden_launch = Seconds{v}; }},
                                                               {"eager_layer", [&] { t.eager_layer = Seconds{v}; }},
                                                               {"expert_layer", [&] { t.expert_layer = Seconds{v}; }},
                                                               {"decode", [&] { t.decode = v; }},
                                                               {"prefill", [&] { t.prefill = v; }},
                                                               {"skew", [&] { t.skew = v; }}};
  fields.at(field)();
}

std::string slurp(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string dashed(std::string text) {
  std::replace(text.begin(), text.end(), ' ', '-');
  return text;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  const catalog::Catalog catalog;
  const answer::ServingPredictor predictor(catalog);
  const CsvTable table = parse_csv(slurp(argv[1]), argv[1]);
  std::map<std::string, answer::ServingCase> cases;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    answer::ServingCase c = answer::read_serving_case(catalog, table, i);
    if (!c.unsupported.empty() || !c.ttft_ms || !c.tpot_ms) continue;
    std::cout << c.id << ' ' << predictor.engine_of(c).family << ' ' << c.chip << ' ' << dashed(c.served.model.name)
              << ' ' << *c.ttft_ms << ' ' << *c.tpot_ms << '\n';
    cases.emplace(c.id, std::move(c));
  }
  std::cout << "." << std::endl;
  catalog::ServingTiming timing;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string word;
    while (words >> word && word != "|") {
      const auto equals = word.find('=');
      set(timing, word.substr(0, equals), std::stod(word.substr(equals + 1)));
    }
    std::vector<std::string> ids;
    while (words >> word) ids.push_back(word);
    std::vector<std::string> out(ids.size(), "- -");
    parallel_for(ids.size(), 0, [&](std::size_t i) {
      const auto p = predictor.predict(cases.at(ids[i]), timing);
      char text[64];
      if (!p) return;
      std::snprintf(text, sizeof text, "%.6g %.6g", p->ttft.value() * 1e3, p->tpot.value() * 1e3);
      out[i] = text;
    });
    for (const std::string& pair : out) std::printf("%s ", pair.c_str());
    std::printf("\n");
    std::fflush(stdout);
  }
} catch (const InputError& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
