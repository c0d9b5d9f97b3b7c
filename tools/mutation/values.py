"""What a field of a command line or file is changed to: numbers at the edges of every range, hostile texts, neighbours."""
import re

NUMBER = re.compile(r"[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
EDGES = ["0", "-1", "1", "2", "3", "7", "0.5", "-0.0", "1e-300", "1e-9", "1e9", "1e18", "1e300", "1e308", "1e400", "inf", "nan",
         "65535", "65536", "1000000", "10000000", "100000000", "2147483647", "2147483648", "4294967295", "4294967296",
         "9223372036854775807", "9223372036854775808", "18446744073709551616", "1" + "0" * 40, "0x10", "1e", "--1"]
TEXTS = ["", " ", "x", "\r", "\x1b[31mred", "a\nb", "\u202e", "\u0085", "=1+1", "-", "/", "..", "a" * 300, "\"", "'", "#", "true",
         "false", "null", "[]", "{}", "0 s", "1e300 s", "1e-300 s", "1e300 B/s", "1e-300 B/s", "1e300 USD", "0 USD", "1 CNY",
         "1e300 W", "1e300 GB", "1 B", "1e-30 B", "1e300T", "1e300 USD/chip-hour", "2147483647x1x1", "4x4x4", "1,2,3",
         "2026-13-99", "hgx-h100:4294967296", "hgx-h100:1", "h100-sxm,h20"]


def changed_number(random, text):
    """A number of the text becomes another: an edge, or a near neighbour."""
    places = list(NUMBER.finditer(text))
    if not places:
        return random.choice(EDGES)
    place = random.choice(places)
    roll = random.random()
    if roll < 0.6:
        new = random.choice(EDGES)
    else:
        try:
            old = float(place.group().replace("_", ""))
            new = f"{old * random.choice([-1, 0, 0.5, 2, 3, 10, 1000, 1e6, 1e12, 1e-6, 1 / 3]):.17g}"
            if re.fullmatch(r"[-+]?\d+", place.group()) and random.random() < 0.7:
                new = str(int(float(new)))
        except (ValueError, OverflowError):
            new = random.choice(EDGES)
    return text[:place.start()] + new + text[place.end():]


def changed_value(random, text, others):
    """Another value for a field: a changed number mostly, a hostile text, or the value of a sister field."""
    roll = random.random()
    if roll < 0.6 and NUMBER.search(text):
        return changed_number(random, text)
    if roll < 0.75:
        return random.choice(EDGES)
    if roll < 0.9 or not others:
        return random.choice(TEXTS)
    return random.choice(others)


def without_nul(text):
    """What the system can pass as a word."""
    return text.replace("\0", "?")
