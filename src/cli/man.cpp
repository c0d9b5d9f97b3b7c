#include "cli/man.hpp"

#include "cli/help.hpp"

namespace socle::cli {
namespace {

/// Text as roff takes it: backslashes and leading dots are no requests, dashes stay ASCII.
std::string roff(const std::string& text) {
  std::string out;
  if (!text.empty() && (text.front() == '.' || text.front() == '\'')) out = "\\&";
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string command_page(const std::vector<const NamedCommand*>& path) {
  const NamedCommand& named = *path.back();
  const std::string words = named.command.words_name.empty() ? "" : " " + named.command.words_name;
  std::string page = ".SS " + roff(command_text(path) + words) + "\n" + roff(named.help) + "\n";
  for (const std::string& group : groups_of(named.command)) {
    page += ".PP\n.B " + roff(group) + "\n";
    for (const Option& option : named.command.options) {
      if (option.group != group) continue;
      page += ".TP\n.BR " + roff(option.name);
      if (!option.value_name.empty()) page += " \" \" " + roff(option.value_name);
      page += "\n" + roff(option.help) + "\n";
    }
  }
  for (const std::string& example : named.command.examples) page += ".PP\n.nf\n" + roff("  " + example) + "\n.fi\n";
  for (const NamedCommand& child : named.children) {
    std::vector<const NamedCommand*> deeper = path;
    deeper.push_back(&child);
    page += command_page(deeper);
  }
  return page;
}

}  // namespace

std::string man_page(const std::vector<NamedCommand>& commands) {
  std::string page = ".TH SOCLE 1 \"\" \"socle " + roff(std::string(version())) +
                     "\"\n.SH NAME\nsocle \\- a design tool for AI compute clusters\n";
  page += ".SH SYNOPSIS\n.B socle\nCOMMAND [OPTIONS]\n.SH DESCRIPTION\n";
  page +=
      roff(
          "From one scenario file, or from flags, socle tells how fast a model trains on a cluster and where the time "
          "goes, which cluster to "
          "buy or rent, whether one chip can replace another, and which network to build. It needs no accelerator.") +
      "\n.SH COMMANDS\n";
  for (const NamedCommand& command : commands) page += command_page({&command});
  page += ".SH ENVIRONMENT\n.TP\n.B COLUMNS\nWidth of help and messages on a terminal, 40 to 100.\n.TP\n.B NO_COLOR\n" +
          roff("Nothing that socle prints is coloured, with it or without it.") + "\n";
  return page + ".SH EXIT STATUS\n" + roff(kExitCodes) + "\n";
}

}  // namespace socle::cli
