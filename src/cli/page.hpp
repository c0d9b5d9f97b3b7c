#pragma once

#include <string>

namespace socle::cli {

/// A report of 100 columns on a narrower terminal: prose is wrapped anew, tables (their rule of dashes tells the
/// columns) are folded into several with the first column repeated, bars are drawn shorter. Nothing is left out.
/// Requires: width >= 40.
std::string fit_page(const std::string& text, int width);

}  // namespace socle::cli
