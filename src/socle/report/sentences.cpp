#include "socle/report/sentences.hpp"

#include <fmt/format.h>

#include "socle/base/text_table.hpp"

namespace socle::report {

std::string sentences_text(const char* title, const std::vector<std::string>& sentences) {
  if (sentences.empty()) return {};
  std::string text = fmt::format("\n{}\n", title);
  for (const std::string& sentence : sentences) text += wrap_text("- " + sentence, 100, 2);
  return text;
}

Json sentences_json(const std::vector<std::string>& sentences) {
  Json list = Json::array();
  for (const std::string& sentence : sentences) list.push(sentence);
  return list;
}

}  // namespace socle::report
