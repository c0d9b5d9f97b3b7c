#include "socle/setup/request_lengths.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/workload/length_text.hpp"

namespace socle::setup {
namespace {

using workload::LengthKind;
using workload::LengthLaw;

/// A law as it stands, or the lengths of the file that it names.
LengthLaw law_of(const scenario::Named& text, const LengthLaw& fallback, const FileReader& read_file,
                 std::optional<workload::LengthList>& list) {
  if (text.empty()) return fallback;
  if (!workload::names_length_file(text.text)) return *workload::parse_length_law(text.text).value;
  list = workload::read_length_list(read_file(text.text), text.text);
  return {.kind = LengthKind::kEmpirical, .lengths = list->input};
}

}  // namespace

RequestLengths request_lengths(const AskedLengths& asked, const RequestLengths& fallback, const FileReader& read_file,
                               std::vector<std::string>& assumptions) {
  std::optional<workload::LengthList> inputs, outputs;
  if (asked.input.empty() && asked.output.empty()) return fallback;
  if (fallback.paired && asked.input.empty() != asked.output.empty())
    throw InputError(Problem{asked.source, asked.input.empty() ? asked.output.at.line : asked.input.at.line, 0,
                             asked.key + (asked.input.empty() ? ".input" : ".output"),
                             "lengths of [requests] are pairs of a file; a class states both input and output, or "
                             "neither"});
  RequestLengths lengths;
  lengths.input = law_of(asked.input, fallback.input, read_file, inputs);
  lengths.paired = inputs && !inputs->output.empty();
  if (lengths.paired && !asked.output.empty())
    throw InputError(Problem{
        asked.source, asked.output.at.line, asked.output.at.column, asked.key + ".output",
        fmt::format("input and output are both given, and {} has outputs too; leave output out", asked.input.text)});
  lengths.output = lengths.paired ? LengthLaw{.kind = LengthKind::kEmpirical, .lengths = inputs->output}
                                  : law_of(asked.output, fallback.output, read_file, outputs);
  if (outputs && !outputs->output.empty())
    throw InputError(Problem{asked.source, asked.output.at.line, asked.output.at.column, asked.key + ".output",
                             fmt::format("output = {} has inputs too; name the file as input", asked.output.text)});
  for (const auto& [list, name] : {std::pair{&inputs, &asked.input}, std::pair{&outputs, &asked.output}}) {
    if (!*list) continue;
    assumptions.push_back(fmt::format("Lengths are drawn from the {} of {}, each as often as it comes{}.",
                                      format_whole(static_cast<std::int64_t>((*list)->input.size())), name->text,
                                      (*list)->output.empty() ? "" : ", prompts with their answers"));
  }
  return lengths;
}

}  // namespace socle::setup
