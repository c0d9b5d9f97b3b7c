#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/migrate/platform.hpp"
#include "socle/migrate/training/record.hpp"

namespace socle::migrate {

/// What a launch file needs beside the record.
struct EmitPlace {
  const Platform* platform = nullptr;      ///< of the target; null: unknown
  std::optional<int> nodes{}, per_node{};  ///< instead of what the launch says
};

struct LaunchFile {
  std::string name, text;
};

/// A format in which a record can be written.
struct EmitFormat {
  std::string name, file, help;
  /// The record as that format launches it: ranks and addresses come from the scheduler. What emit writes reads back as
  /// exactly this.
  JobRecord (*adapt)(const JobRecord&, const EmitPlace&);
  std::string (*emit)(const JobRecord& adapted, const EmitPlace&);
};

const std::vector<EmitFormat>& emit_formats();
/// Throws InputError, naming them all.
const EmitFormat& emit_format(const std::string& name);

/// Adapts and writes. Throws InputError for what the format cannot say.
LaunchFile emitted(const EmitFormat& format, const JobRecord& record, const EmitPlace& place);

/// The lines of a script that launch the record: exports, commands before, the launch. Requires: a launcher and a
/// script.
std::string script_lines(const JobRecord& record);
/// A launcher with this many nodes and processes, ranks and addresses as given; empty texts are left out.
struct Rendezvous {
  std::string nodes{}, rank{}, address{}, port{}, processes{};
};
JobRecord launched_by(const JobRecord& record, const Rendezvous& by);
/// Nodes and processes that a manifest states. Throws InputError where neither the launch nor the user says them.
int nodes_in(const JobRecord& record, const EmitPlace& place);
int processes_in(const JobRecord& record, const EmitPlace& place);

}  // namespace socle::migrate
