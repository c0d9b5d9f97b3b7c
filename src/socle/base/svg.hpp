#pragma once

#include <string>
#include <string_view>

namespace socle {

/// Text as it may stand in XML, between tags or in an attribute: marks escaped; bytes that are not UTF-8 and characters
/// that XML forbids become U+FFFD.
std::string xml_text(std::string_view text);

/// A coordinate: at most one decimal, no negative zero; not finite becomes 0.
std::string svg_number(double value);

/// Where a text stands to its point.
enum class Anchor { kStart, kMiddle, kEnd };

/// Puts a picture together, element by element, in drawing order; lengths in pixels, y downwards.
class Svg {
 public:
  Svg(double width, double height, std::string_view title);

  /// Appends markup as it stands. Requires: well-formed.
  void raw(std::string_view markup) { body_ += markup; }
  /// `turn` in degrees, clockwise.
  void text(double x, double y, std::string_view text, double size = 12, Anchor anchor = Anchor::kStart,
            double turn = 0, std::string_view colour = "#222222");
  void line(double x1, double y1, double x2, double y2, std::string_view colour, double width = 1);
  std::string finish() const;

 private:
  std::string body_;
};

/// Colour of a share from 0 to 1: grey through orange to a dark purple. Its lightness only falls, so that it can be
/// read without seeing hues. Not a number: the grey of cables of which nothing is known.
std::string share_colour(double share);

}  // namespace socle
