#include "socle/scenario/model_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {

namespace {

/// A model is trained and served.
constexpr Questions kAll{Question::kTrain,    Question::kPlan,     Question::kCompare, Question::kDesign,
                         Question::kSimulate, Question::kServeFit, Question::kServe,   Question::kServeEmit,
                         Question::kCost,     Question::kRisk};

}  // namespace

std::vector<Key<ModelSection>> model_keys() {
  using Section = ModelSection;
  std::vector<Key<Section>> keys{name_key<Section>({.section = "model",
                                                    .name = "name",
                                                    .flag = "--model",
                                                    .value = "NAME",
                                                    .help = "Model of the catalogue",
                                                    .questions = kAll,
                                                    .common = true},
                                                   &Section::name, "llama-3.1-405b"),
                                 name_key<Section>({.section = "model",
                                                    .name = "config",
                                                    .flag = "--config",
                                                    .value = "FILE",
                                                    .help = "Hugging Face config.json, in place of a name",
                                                    .questions = kAll,
                                                    .common = true,
                                                    .instead_of = {"name"}},
                                                   &Section::config, "config.json")};
  // A flag names the model in place of whatever the file names.
  for (Key<Section>& key : keys) {
    key.set = [set = std::move(key.set)](const std::string& text, Section& section) {
      section = {};
      return set(text, section);
    };
  }
  keys.push_back(texts_key<Section>({.section = "model",
                                     .name = "ignore_keys",
                                     .flag = "--ignore-keys",
                                     .value = "KEY,...",
                                     .help = "Keys of the config.json to leave out, though they may change the shape",
                                     .questions = kAll},
                                    &Section::ignore_keys, "names of keys", "[\"some_key\"]",
                                    [](const std::vector<std::string>&) { return std::string(); }));
  return keys;
}

}  // namespace socle::scenario
