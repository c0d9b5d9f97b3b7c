#include "socle/answer/validate/fitted_stack_text.hpp"

#include <fmt/format.h>

#include "socle/catalog/stack_figures.hpp"

namespace socle::answer {
namespace {

/// Lines of a file without one top-level section, up to the next.
std::string without_section(std::string_view file, std::string_view section) {
  std::string kept;
  bool inside = false;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = std::min(file.find('\n', at), file.size());
    const std::string_view line = file.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("[")) inside = line.starts_with(section);
    if (!inside) kept += std::string(line) + "\n";
  }
  while (kept.ends_with("\n\n")) kept.pop_back();
  return kept;
}

std::string source_section(const std::string& source) {
  return fmt::format("\n[source]\ntext = \"{}\"\nconfidence = \"reported\"\nchecked = \"recall:facts; seen:figures\"\n",
                     source);
}

}  // namespace

std::string fitted_section(const catalog::Stack& stack, bool with_memory, std::string_view comment) {
  std::string text = fmt::format("\n[fitted]  # {}\n", comment);
  for (const catalog::StackFigure& figure : catalog::stack_figures()) {
    const double value = figure.get(stack);
    text += figure.time ? fmt::format("{} = \"{:.4g} us\"\n", figure.name, value * 1e6)
                        : fmt::format("{} = {:.4g}\n", figure.name, value);
  }
  if (with_memory)
    text += fmt::format("memory_overhead = {:.4g}\nmemory_reserve = \"{:.4g} GB\"\n", stack.memory_overhead,
                        stack.memory_reserve.value() / 1e9);
  return text + fmt::format("error = {:.4f}\nrange_low = {:.4f}\nrange_high = {:.4f}\nruns = {}\n", stack.error,
                            stack.range_low, stack.range_high, stack.runs);
}

std::string with_fitted_section(std::string_view file, const std::string& section) {
  return without_section(file, "[fitted]") + section;
}

std::string renamed_stack_file(std::string_view file, const std::string& name, const std::string& source) {
  const std::string facts = without_section(without_section(file, "[fitted]"), "[source]");
  std::string text;
  for (std::size_t at = 0; at < facts.size();) {
    const std::size_t end = facts.find('\n', at);
    const std::string line = facts.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("name ")) {
      text += fmt::format("name = \"{}\"\n", name);
    } else if (line.starts_with("match ")) {
      text += fmt::format("match = [\"{}\"]\n", name);
    } else if (!line.starts_with("default_of ")) {
      text += line + "\n";
    }
  }
  return text + source_section(source);
}

std::string plain_stack_file(const catalog::Stack& stack, const std::string& source) {
  std::string text = fmt::format("name = \"{0}\"\nframework = \"{0}\"\n", stack.name);
  if (!stack.family.empty()) text += fmt::format("family = \"{}\"\n", stack.family);
  text += fmt::format("from_year = {}\nmatch = [\"{}\"]\n", stack.from_year, stack.name);
  return text + source_section(source);
}

}  // namespace socle::answer
