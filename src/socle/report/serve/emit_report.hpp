#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/emit.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"
#include "socle/setup/launch_reading.hpp"

namespace socle::report {

/// A shell's text, or manifests; what was checked stands above as comments. When it does not fit: what fit says.
std::string serve_emit_text(const answer::EmitResult& result);
/// Document of the schema "socle.serve.emit/1".
Json serve_emit_json(const answer::EmitResult& result, const std::vector<InputText>& inputs);

/// What was checked and taken for granted, as lines that begin with '#'.
std::string emit_comments(const answer::EmitResult& result);
/// The words of the command, variables as NODE_RANK in a shell.
std::vector<std::string> emit_argv(const answer::EmitResult& result);
/// The engine's file of settings; empty = it needs none.
std::string emit_settings(const answer::EmitResult& result);
/// Deployment or LeaderWorkerSet, Service, and the file of settings as a ConfigMap.
std::string emit_manifests(const answer::EmitResult& result);

/// A table of the flags of a launch command: what Socle takes of each, which matter and how.
std::string launch_reading_text(const setup::LaunchReading& reading);
/// The member "from" of documents.
Json launch_reading_json(const setup::LaunchReading& reading);

}  // namespace socle::report
