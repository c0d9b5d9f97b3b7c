// The command-line face: parses words, asks the API, prints, and turns errors into exit codes.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "cli/commands/commands.hpp"
#include "socle/api/face.hpp"

namespace {

using socle::cli::ExitCode;

/// A reader that has gone away, such as `head`, is no error.
int print(const std::string& text, int exit_code) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return exit_code;
  std::perror("socle: standard output");
  return ExitCode::kBadInput;
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const socle::cli::Outcome outcome = socle::cli::dispatch(socle::cli::all_commands(), count, arguments);
    std::fputs(outcome.remarks.c_str(), stderr);
    return print(outcome.text, outcome.exit_code);
  } catch (const socle::InputError& error) {
    for (const socle::Problem& problem : error.problems()) {
      std::fprintf(stderr, "socle: %s\n", socle::render(problem).c_str());
    }
    return ExitCode::kBadInput;
  } catch (const std::bad_alloc&) {
    std::fputs("socle: out of memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "socle: internal error: %s\n", error.what());
  }
  return ExitCode::kInternal;
}
