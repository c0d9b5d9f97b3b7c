// Reads the input as a scenario, for every question that can be asked of one.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/setup/vocabulary.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using socle::scenario::Question;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const socle::scenario::Vocabulary words = socle::setup::vocabulary();
  for (const Question question : {Question::kTrain, Question::kPlan, Question::kDesign, Question::kSimulate}) {
    try {
      socle::scenario::read_scenario(text, "fuzz.toml", {}, question, words);
    } catch (const socle::InputError&) {  // refusing is right
    }
  }
  return 0;
}
