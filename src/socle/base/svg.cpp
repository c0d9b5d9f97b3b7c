#include "socle/base/svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"

namespace socle {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string_view mark(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

const char* anchor_name(Anchor anchor) {
  return anchor == Anchor::kStart ? "start" : anchor == Anchor::kMiddle ? "middle" : "end";
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t good = find_invalid_utf8(text).value_or(text.size());
    for (std::size_t i = 0; i < good; ++i) {
      const std::string_view escaped = mark(text[i]);
      const bool control = static_cast<unsigned char>(text[i]) < 0x20;
      const std::string_view rest = text.substr(i, std::min<std::size_t>(3, good - i));
      if (!escaped.empty()) {
        out += escaped;
      } else if (control) {
        out += text[i] == '\t' || text[i] == '\n' || text[i] == '\r' ? std::string_view(" ") : kReplacement;
      } else if (static_cast<unsigned char>(text[i]) >= 0x7F && (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 &&
                 control_code(text.substr(i, good - i))) {  // DEL, C1 and marks of direction
        out += kReplacement;
        while (i + 1 < good && (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80) ++i;
      } else if (rest == "\xEF\xBF\xBE" || rest == "\xEF\xBF\xBF") {  // no characters
        out += kReplacement;
        i += 2;
      } else {
        out += text[i];
      }
    }
    if (good == text.size()) break;
    out += kReplacement;
    text.remove_prefix(good + 1);
  }
  return out;
}

std::string svg_number(double value) {
  if (!std::isfinite(value)) return "0";
  const double tenths = std::round(value * 10);
  if (tenths == 0) return "0";
  return std::fmod(tenths, 10) == 0 ? fmt::format("{:.0f}", tenths / 10) : fmt::format("{:.1f}", tenths / 10);
}

Svg::Svg(double width, double height, std::string_view title) {
  const std::string w = svg_number(width), h = svg_number(height);
  body_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" font-family=\"DejaVu "
      "Sans, Noto Sans, sans-serif\">\n"
      "<title>{}</title>\n<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>\n",
      w, h, w, h, xml_text(title), w, h);
}

void Svg::text(double x, double y, std::string_view text, double size, Anchor anchor, double turn,
               std::string_view colour) {
  const std::string turned =
      turn == 0 ? std::string{}
                : fmt::format(" transform=\"rotate({} {} {})\"", svg_number(turn), svg_number(x), svg_number(y));
  body_ +=
      fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{}\" fill=\"{}\"{}>{}</text>\n",
                  svg_number(x), svg_number(y), svg_number(size), anchor_name(anchor), colour, turned, xml_text(text));
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view colour, double width) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                       svg_number(x1), svg_number(y1), svg_number(x2), svg_number(y2), colour, svg_number(width));
}

std::string Svg::finish() const { return body_ + "</svg>\n"; }

std::string share_colour(double share) {
  if (std::isnan(share)) return "#8a929c";
  static constexpr std::array<std::array<double, 3>, 5> kStops = {
      {{206, 211, 217}, {245, 190, 80}, {236, 131, 35}, {196, 45, 62}, {82, 12, 84}}};
  const double at = std::clamp(share, 0.0, 1.0) * (kStops.size() - 1);
  const std::size_t low = std::min(static_cast<std::size_t>(at), kStops.size() - 2);
  std::string colour = "#";
  for (std::size_t c = 0; c < 3; ++c) {
    const double value = kStops[low][c] + (at - static_cast<double>(low)) * (kStops[low + 1][c] - kStops[low][c]);
    colour += fmt::format("{:02x}", static_cast<int>(std::lround(value)));
  }
  return colour;
}

}  // namespace socle
