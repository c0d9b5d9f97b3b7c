#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/fit.hpp"
#include "socle/setup/emit_setup.hpp"

namespace socle::answer {

/// One word of a launch command with its value.
struct LaunchWord {
  std::string flag;      ///< "--tensor-parallel-size"; empty: the value stands alone
  std::string value{};   ///< empty: a switch
  bool expands = false;  ///< the value is a variable that a shell or a pod fills in: "NODE_RANK"
};

/// One setting of an engine's file: keys from the outside in, with dots, and a number, true, false or a text.
struct LaunchSetting {
  std::string path;
  std::string value;
  bool is_text = false;
};

/// A launch command as its engine takes it.
struct LaunchWords {
  std::vector<std::string> launcher;    ///< "vllm", "serve"
  std::vector<LaunchWord> words;        ///< after it, the model first
  std::vector<LaunchSetting> settings;  ///< of its file; empty = there is none
  std::string settings_file;            ///< the file's name
  std::vector<std::string> notes;       ///< what else is to be done, a sentence each
};

struct EmitResult {
  setup::EmitSetup setup;
  FitResult fit;        ///< of exactly the command, its share as written
  LaunchWords command;  ///< empty when it does not fit
  int nodes = 1;        ///< of one replica
  bool fits() const { return fit.fits(); }
};

/// What `socle serve emit` asks: the launch command of a configuration that fits. A share that is the engine's own
/// choice is cut to three decimals first, and what is written is what is checked. Throws InputError for a
/// configuration that the engine's command cannot say.
EmitResult serve_emit(setup::EmitSetup setup);

/// Each engine's. Requires: it fits.
LaunchWords vllm_words(const EmitResult& result);
LaunchWords sglang_words(const EmitResult& result);
LaunchWords trtllm_words(const EmitResult& result);

/// The problem of a configuration that the engine's command cannot say.
[[noreturn]] void cannot_say(const EmitResult& result, const char* key, const std::string& what,
                             const std::string& remedy);

/// Is the engine's line at least of this version?
bool at_least(const catalog::Engine& engine, int major, int minor);

/// A share as it is written: 0.9, 0.897.
std::string share_text(double share);

/// What the format of weights asks of the command: as they are published, made narrow as they are loaded, or weights of
/// another publisher.
enum class WeightsAre { kPublished, kNarrowed, kElsewhere };
WeightsAre weights_are(const setup::ServeSetup& setup);

}  // namespace socle::answer
