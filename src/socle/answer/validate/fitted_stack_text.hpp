#pragma once

#include <string>
#include <string_view>

#include "socle/answer/validate/fit_stack.hpp"

namespace socle::answer {

/// The figures as a catalogue file states them under `[fitted]`.
std::string fitted_section(const catalog::Stack& stack, bool with_memory, std::string_view comment);

/// The file of a stack that stands in the catalogue, with new figures in place of its own.
std::string with_fitted_section(std::string_view file, const std::string& section);

/// The file of a new stack with the facts of another's file.
std::string renamed_stack_file(std::string_view file, const std::string& name, const std::string& source);

/// The file of a new stack of which only its family is known, or not even that.
std::string plain_stack_file(const catalog::Stack& stack, const std::string& source);

}  // namespace socle::answer
