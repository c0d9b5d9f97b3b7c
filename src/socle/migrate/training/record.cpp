#include "socle/migrate/training/record.hpp"

namespace socle::migrate {

std::string Argument::text() const {
  std::string all;
  for (const ShellText& value : values) all += (all.empty() ? "" : " ") + value.text();
  return all;
}

bool JobRecord::operator==(const JobRecord& other) const {
  return framework == other.framework && environment == other.environment && before == other.before &&
         inside == other.inside && wrapper == other.wrapper && launcher == other.launcher && launch == other.launch &&
         script == other.script && arguments == other.arguments && tail == other.tail &&
         tail_inside == other.tail_inside && settings == other.settings && extras == other.extras;
}

const Argument* JobRecord::find(std::string_view name) const {
  const Argument* found = nullptr;
  for (const Argument& argument : arguments) {
    if (argument.name == name) found = &argument;
  }
  return found;
}

const JobSetting* JobRecord::setting(std::string_view path) const {
  for (const JobSetting& setting : settings) {
    if (setting.path == path) return &setting;
  }
  return nullptr;
}

std::optional<std::string> JobRecord::value(std::string_view name) const {
  const Argument* argument = find(name);
  if (!argument) return std::nullopt;
  std::string all;
  for (const ShellText& text : argument->values) {
    const auto known = text.by_default();
    if (!known) return std::nullopt;
    all += (all.empty() ? "" : " ") + *known;
  }
  return all;
}

}  // namespace socle::migrate
