#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/move_report.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

/// What `socle migrate` asks: everything that is to be moved, and where.
struct MoveRequest {
  std::vector<std::string> inputs;  ///< files, folders, and launch commands as they are typed
  std::string from;                 ///< chip that is left, or its platform
  std::string to;                   ///< chips, or platforms, with commas between
  std::string rents{}, day{};
  scenario::Flags flags{};  ///< of the requests to a served model
  setup::FileReader read_file{};
};

using MoveAnswer = Answer<answer::MoveReport>;

/// Tells what each input is, asks the question of its kind about each target, and joins the answers. Throws InputError
/// for an input that is nothing known, unknown targets, and whatever a question refuses; and Cancelled.
MoveAnswer migrate(const catalog::Catalog& catalog, const MoveRequest& request, Progress* progress = nullptr);

std::string text(const MoveAnswer& answer);
std::string json(const MoveAnswer& answer);
/// One page that needs nothing beside it.
std::string html(const MoveAnswer& answer);
/// Some target is not no-go.
bool holds(const MoveAnswer& answer);

}  // namespace socle::api
