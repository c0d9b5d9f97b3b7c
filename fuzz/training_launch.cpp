// Any bytes are read as a launch of training, as YAML and as settings: refused with problems, or a record whose script
// reads back as that record.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/base/yaml_tree.hpp"
#include "socle/migrate/training/emit.hpp"
#include "socle/migrate/training/read_launch.hpp"
#include "socle/migrate/training/translate.hpp"
#include "support/training_facts.hpp"

namespace {

using namespace socle;
using namespace socle::migrate;

using socle::test::training_facts;

void check(const std::string& text, const char* name) {
  try {
    const JobRecord record = read_launch(training_facts().arguments, {{text, name}}, {});
    const TrainingFacts& facts = training_facts();
    const Translation made = translate(facts, record, {record.framework, "mindspeed-llm", "ascend"});
    if (made.items.size() < record.arguments.size() + record.environment.size()) __builtin_trap();
  } catch (const InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  is_training_launch(text);
  for (const char* name : {"run.sh", "a.yaml", "a.json", "a.toml"}) check(text, name);
  return 0;
}
