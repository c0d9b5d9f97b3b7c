#include "socle/api/risk_transfer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "socle/api/option_reader.hpp"
#include "socle/base/suggest.hpp"
#include "socle/report/risk/transfer_report.hpp"
#include "socle/setup/export_day.hpp"

namespace socle::api {
namespace {

constexpr double kPersonsMost = 1e11;

std::optional<bool> yes_or_no(OptionReader& read, const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (text != "yes" && text != "no")
    read.add(option, fmt::format("--{} = \"{}\"; write yes or no, or leave it out when it is not known", option,
                                 printable(text, 40)));
  return text == "yes";
}

/// Two letters, whatever their case.
std::string country(OptionReader& read, const std::string& text) {
  std::string code = text;
  for (char& letter : code) letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  const bool letters = std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (code.size() != 2 || !letters)
    read.add("to", text.empty() ? std::string("--to is missing; write the code of the country that the data goes to, "
                                              "such as SG")
                                : fmt::format("--to = \"{}\"; write the two letters of a country, such as SG",
                                              printable(text, 40)));
  return code;
}

catalog::Transfer read_transfer(const TransferRequest& asked) {
  Problems problems;
  OptionReader read(problems);
  catalog::Transfer transfer{.to = country(read, asked.to)};
  if (asked.from.empty()) read.add("from", "--from is missing; write where the data is, such as cn or eu");
  transfer.persons = read.number("persons", asked.persons, 0, kPersonsMost);
  transfer.sensitive = read.number("sensitive", asked.sensitive, 0, kPersonsMost);
  transfer.critical_operator = yes_or_no(read, "critical-operator", asked.critical_operator);
  transfer.important_data = yes_or_no(read, "important-data", asked.important_data);
  transfer.recipient_covered = yes_or_no(read, "recipient-covered", asked.recipient_covered);
  const std::vector<std::string>& grounds = catalog::transfer_grounds();
  if (!asked.ground.empty() && std::find(grounds.begin(), grounds.end(), asked.ground) == grounds.end())
    read.add("ground", fmt::format("--ground = \"{}\" is none; write one of {}", printable(asked.ground, 40),
                                   fmt::join(grounds, ", ")));
  transfer.ground = asked.ground;
  problems.throw_if_any();
  return transfer;
}

}  // namespace

TransferAnswer transfer(const catalog::Catalog& catalog, const TransferRequest& asked) {
  catalog::Transfer transfer = read_transfer(asked);
  const catalog::Jurisdiction from = catalog::load_jurisdiction(catalog, asked.from);
  std::vector<report::InputText> inputs;
  add_options({&asked.from, &asked.to, &asked.persons, &asked.sensitive, &asked.critical_operator,
               &asked.important_data, &asked.recipient_covered, &asked.ground, &asked.day},
              inputs);
  add_own_catalog(catalog, inputs);
  return {answer::transfer(from, std::move(transfer), setup::export_day(asked.day)), std::move(inputs)};
}

std::string text(const TransferAnswer& answer) { return report::transfer_text(answer.result); }
std::string json(const TransferAnswer& answer) {
  return report::transfer_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const TransferAnswer& answer) { return answer.result.verdict.need != catalog::TransferNeed::kUnknown; }

}  // namespace socle::api
