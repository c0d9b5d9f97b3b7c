#include "socle/report/check/check_report.hpp"

#include "socle/base/text_table.hpp"

namespace socle::report {

std::string check_text(const answer::CheckResult& result) {
  std::string text = result.scenario + ": no problem found\n";
  for (const std::string& sentence : result.understood) text += wrap_text(sentence, 100, 2);
  std::string ready;
  for (const answer::CheckedQuestion& question : result.questions) {
    if (question.missing.empty()) ready += (ready.empty() ? "" : ", ") + std::string("socle ") + question.command;
  }
  text += wrap_text("It can be asked: " + ready + ".", 100, 0);
  for (const answer::CheckedQuestion& question : result.questions) {
    if (!question.missing.empty())
      text += wrap_text("For socle " + question.command + " it lacks: " + question.missing + ".", 100, 0);
  }
  return text;
}

Json check_json(const answer::CheckResult& result, const std::vector<InputText>& inputs) {
  Json understood = Json::array(), questions = Json::array();
  for (const std::string& sentence : result.understood) understood.push(sentence);
  for (const answer::CheckedQuestion& question : result.questions) {
    questions.push(Json::object({{"command", question.command},
                                 {"ready", question.missing.empty()},
                                 {"missing", question.missing.empty() ? Json() : Json(question.missing)}}));
  }
  return Json::object({{"schema", "socle.check/1"},
                       {"provenance", provenance("check", inputs)},
                       {"scenario", result.scenario},
                       {"understood", std::move(understood)},
                       {"questions", std::move(questions)}});
}

}  // namespace socle::report
