#include "socle/report/risk/transfer_report.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::TransferResult;
using catalog::TransferNeed;

const char* need_words(TransferNeed need) {
  switch (need) {
    case TransferNeed::kExempt:
      return "nothing";
    case TransferNeed::kContract:
      return "a contract, certification or other safeguards";
    case TransferNeed::kAssessment:
      return "a security assessment";
    case TransferNeed::kUnknown:
      break;
  }
  return "not known";
}

/// The options that would state a fact, by its name in the verdict.
std::string option_of(std::string fact) {
  for (char& letter : fact) {
    if (letter == '_') letter = '-';
  }
  return "--" + fact;
}

std::string rule_text(const catalog::DataRule& rule) {
  std::string text;
  const auto say = [&](const char* name, const std::string& words) {
    if (!words.empty()) text += wrap_text(fmt::format("{}: {}", name, printable(words, 1000)), 100, 2);
  };
  text += fmt::format("{}, since {}{}\n", printable(rule.id), printable(rule.effective),
                      rule.ends.empty() ? "" : " to " + printable(rule.ends));
  say("instrument", rule.instrument);
  say("test", rule.test);
  say("means", rule.means);
  say("source", rule.provenance.source);
  say("confidence", fmt::format("{}{}{}", rule.provenance.confidence, rule.provenance.checked.empty() ? "" : "; ",
                                rule.provenance.checked));
  return text;
}

std::string undecided_text(const catalog::TransferVerdict& verdict) {
  std::string needs, facts;
  for (const TransferNeed need : verdict.possible)
    needs += fmt::format("{}{}", needs.empty() ? "" : ", or ", need_words(need));
  for (const std::string& fact : verdict.undecided_by) facts += (facts.empty() ? "" : ", ") + option_of(fact);
  return wrap_text(fmt::format("It may need {}; state {}.", needs, facts), 100, 0);
}

template <typename T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json rule_json(const catalog::DataRule& rule) {
  Json json = Json::object();
  json.set("id", rule.id).set("effective", rule.effective).set("ends", rule.ends.empty() ? Json() : Json(rule.ends));
  json.set("instrument", rule.instrument).set("test", rule.test).set("means", rule.means);
  json.set("source", rule.provenance.source).set("confidence", rule.provenance.confidence);
  return std::move(json.set("checked", rule.provenance.checked));
}

}  // namespace

std::string transfer_text(const TransferResult& result) {
  const catalog::TransferVerdict& verdict = result.verdict;
  std::string text = fmt::format("From {} to {}, rules of {}\n\nneeds: {}\n", printable(result.from),
                                 printable(result.transfer.to), result.day, need_words(verdict.need));
  if (verdict.rule)
    text += "\n" + rule_text(*verdict.rule);
  else if (verdict.possible.size() > 1)
    text += undecided_text(verdict);
  else
    text += "No rule of the catalogue is in force on this day.\n";
  return text + sentences_text("Assumptions", result.assumptions);
}

Json transfer_json(const TransferResult& result, const std::vector<InputText>& inputs) {
  const catalog::TransferVerdict& verdict = result.verdict;
  Json json = Json::object(), possible = Json::array(), undecided = Json::array();
  json.set("schema", "socle.risk.transfer/1").set("provenance", provenance("risk transfer", inputs));
  json.set("from", result.from_code).set("to", result.transfer.to).set("day", result.day);
  json.set("persons", maybe(result.transfer.persons)).set("sensitive", maybe(result.transfer.sensitive));
  json.set("critical_operator", maybe(result.transfer.critical_operator));
  json.set("important_data", maybe(result.transfer.important_data));
  json.set("recipient_covered", maybe(result.transfer.recipient_covered));
  json.set("ground", result.transfer.ground.empty() ? Json() : Json(result.transfer.ground));
  json.set("need", catalog::need_name(verdict.need));
  for (const TransferNeed need : verdict.possible) possible.push(catalog::need_name(need));
  for (const std::string& fact : verdict.undecided_by) undecided.push(fact);
  json.set("possible", std::move(possible)).set("undecided_by", std::move(undecided));
  json.set("rule", verdict.rule ? rule_json(*verdict.rule) : Json());
  return std::move(json.set("assumptions", sentences_json(result.assumptions)));
}

Schema risk_transfer_schema() {
  const std::vector<std::string> needs{"exempt", "contract", "assessment", "unknown"};
  return {"socle.risk.transfer/1",
          "What data that leaves a jurisdiction needs: `socle risk transfer`. No legal advice.",
          {{"",
            "always",
            {{"provenance", "provenance", "What the document rests on."},
             {"from", "string", "Code of the jurisdiction."},
             {"to", "string", "Code of the country that the data goes to."},
             {"day", "string", "Day whose rules are told, YYYY-MM-DD."},
             {"persons", "number|null", "Whose data that is not sensitive left since 1 January; null: not stated."},
             {"sensitive", "number|null", "Whose sensitive data did; null: not stated."},
             {"critical_operator", "boolean|null", "Of critical information infrastructure; null: not stated."},
             {"important_data", "boolean|null", "Notified or published as such; null: not stated."},
             {"recipient_covered", "boolean|null",
              "By a finding for some recipients of its country only; null: not stated."},
             {"ground", "string|null", "Reason that some rules exempt; null: none."},
             {"need", "string", "What the transfer needs.", needs},
             {"possible[]", "string", "What it may need; more than one: facts that are not stated decide.", needs},
             {"undecided_by[]", "string", "Those facts, by their member here."},
             {"rule", "object|null", "That decides; null: none does."},
             {"rule.id", "string", "Its name in the catalogue."},
             {"rule.effective", "string", "Day from which it holds."},
             {"rule.ends", "string|null", "Its last day; null: in force when last checked."},
             {"rule.instrument", "string", "The document that makes it."},
             {"rule.test", "string", "What is tested."},
             {"rule.means", "string", "What follows."},
             {"rule.source", "string", "Where it was read."},
             {"rule.confidence", "string", "How it is known.", {"datasheet", "reported", "estimate"}},
             {"rule.checked", "string", "What was read and what is remembered."},
             {"assumptions[]", "string", "What was filled in or taken for granted, a sentence each."}}}},
          {provenance_shape()}};
}

}  // namespace socle::report
