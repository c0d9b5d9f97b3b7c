// The command-line face: parses words, asks the API, prints, writes files, and turns errors into exit codes.
#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <string>

#include <unistd.h>

#include "cli/commands/commands.hpp"
#include "cli/help.hpp"
#include "cli/page.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"

namespace {

using namespace socle;
using namespace socle::cli;

/// A reader that has gone away, such as `head`, is no error.
int print(const std::string& text, int exit_code) {
  const std::string safe = escape_controls(text);
  const bool written = std::fwrite(safe.data(), 1, safe.size(), stdout) == safe.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return exit_code;
  std::perror("socle: standard output");
  return kBadInput;
}

/// One message on standard error, wrapped to a terminal.
void say(const std::string& message) {
  const std::string line = "socle: " + escape_controls(message, "");
  const std::string wrapped = is_terminal(STDERR_FILENO) ? wrap_text(line, text_width(STDERR_FILENO), 0) : line + "\n";
  std::fputs(wrapped.c_str(), stderr);
}

void write(const Outcome::File& file) {
  const std::filesystem::path folder = std::filesystem::path(file.path).parent_path();
  std::error_code failed;
  if (file.makes_folder) std::filesystem::create_directories(folder, failed);
  if (failed)
    throw InputError(
        Problem{folder.string(), 0, 0, {}, "cannot make this folder: " + failed.message() + "; name another"});
  write_file(file.path, file.content);
}

Outcome answer(const std::vector<NamedCommand>& commands, int count, char** arguments, Session& session) {
  const Call call = parse_call(commands, count, arguments);
  const int width = text_width(STDOUT_FILENO);
  if (call.kind == Call::Kind::kVersion) return {"socle " + std::string(version()) + "\n"};
  if (call.kind != Call::Kind::kRun) return {help_text(commands, call.path, call.kind == Call::Kind::kHelpAll, width)};
  Context context{session.progress()};
  Outcome outcome = call.path.back()->command.run(call.arguments, context);
  if (!outcome.verbatim && !call.arguments.has("--json")) outcome.text = fit_page(outcome.text, width);
  return outcome;
}

int run(int count, char** arguments, Session& session) {
  try {
    const Outcome outcome = answer(all_commands(), count, arguments, session);
    {
      const auto lock = session.writing();
      session.progress().check();
      for (const Outcome::File& file : outcome.files) write(file);
    }
    session.finish();
    std::fputs(escape_controls(outcome.remarks).c_str(), stderr);
    return print(outcome.text, outcome.exit_code);
  } catch (const InputError& error) {
    session.finish();
    for (const Problem& problem : error.problems()) say(render(problem));
    return kBadInput;
  } catch (const Cancelled&) {
    const std::string loss = session.loss();
    session.finish();
    say(loss);
    return kInterrupted;
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    Session session;
    return run(count, arguments, session);
  } catch (const std::bad_alloc&) {
    std::fputs("socle: out of memory\n", stderr);
  } catch (const std::exception& error) { std::fprintf(stderr, "socle: internal error: %s\n", error.what()); }
  return kInternal;
}
