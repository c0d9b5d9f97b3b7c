#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/shell_text.hpp"

namespace socle::migrate {

/// One argument as it was given.
struct Argument {
  std::string name{};  ///< "--num-layers", "model.num_layers", "+a.b"; empty: words that stand alone
  std::vector<ShellText> values{};
  int line = 0, column = 0;
  bool operator==(const Argument& other) const { return name == other.name && values == other.values; }
  std::string text() const;  ///< its values with blanks between, as written
};

/// One value of a file of settings: "zero_optimization.stage", its value as one line of JSON.
struct JobSetting {
  std::string path, value;
  int line = 0;
  bool operator==(const JobSetting& other) const { return path == other.path && value == other.value; }
};

/// A training job as its launch says it: what was understood, and everything else as written, in order.
struct JobRecord {
  struct Note {
    int line = 0;
    std::string text;
  };
  std::string framework{};                       ///< key
  std::string file{};                            ///< of the launch, for messages
  int line = 1;                                  ///< of the launch in it
  std::vector<Argument> environment{};           ///< name and one value each
  std::vector<std::vector<ShellText>> before{};  ///< commands before the launch
  std::vector<ShellText> wrapper{};              ///< before the launcher: srun --label
  std::vector<std::vector<ShellText>> inside{};  ///< commands of the wrapper's own shell: bash -c "cd a; ..."
  std::vector<ShellText> launcher{};             ///< torchrun; python -m torch.distributed.run
  std::vector<Argument> launch{};                ///< the launcher's own
  std::vector<ShellText> script{};               ///< pretrain_gpt.py; -m torchtitan.train
  std::vector<Argument> arguments{};
  std::vector<ShellText> tail{};       ///< redirections and pipes behind it
  bool tail_inside = false;            ///< in the wrapper's own shell
  std::vector<JobSetting> settings{};  ///< of DeepSpeed's JSON or torchtitan's TOML
  std::vector<JobSetting> extras{};    ///< what else a YAML of tests states
  std::vector<Note> notes{};           ///< no part of the identity

  bool operator==(const JobRecord& other) const;
  const Argument* find(std::string_view name) const;  ///< the last of this name
  const JobSetting* setting(std::string_view path) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Its value with defaults filled in; nothing without it, or where only a run knows.
  std::optional<std::string> value(std::string_view name) const;
};

}  // namespace socle::migrate
