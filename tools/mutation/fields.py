"""Changes of one field in the texts that socle reads: command words, TOML, CSV, JSON, logs. All are given a random source."""
import csv
import io
import json
import re

from mutation import values

LINE = re.compile(r"^(\s*[\w.-]+\s*=\s*)(.+?)(\s*(?:#.*)?)$")


def words(random, given, flags):
    """A flag's value changes, a flag goes, or another one of the command's comes with a value of its kind."""
    given = list(given)
    at = [i for i, word in enumerate(given) if word.startswith("--") and i + 1 < len(given) and word != "--json"]
    roll = random.random()
    if at and roll < 0.5:
        i = random.choice(at) + 1
        given[i] = values.changed_value(random, given[i], [given[j + 1] for j in at])
    elif at and roll < 0.55:
        i = random.choice(at)
        del given[i:i + 2]
    else:
        flag, kind, choices = random.choice(flags)
        given.append(flag)
        if kind:
            given.append(random.choice(choices) if choices and random.random() < 0.8 else sample(random, kind))
    return given


SAMPLES = {
    "N": ["1", "2", "8", "64", "512", "4096", "100000"], "X": ["0", "0.1", "0.5", "1", "2.5"], "BOOL": ["true", "false"],
    "SIZE": ["1 B", "16 MB", "80 GB", "192 GB", "4 TB"], "RATE": ["1 B/s", "100 Gb/s", "400 Gb/s", "900 GB/s", "8 TB/s"],
    "TIME": ["0 s", "1 ns", "3 us", "1 s", "90 days"], "COUNT": ["1", "50M", "15.6T"],
    "AMOUNT": ["0 USD", "2.1 USD/chip-hour", "1 CNY", "3e9 CNY", "250000 USD"], "POWER": ["1 W", "700 W", "30 MW"],
    "NODE:COUNT": ["hgx-h100:1", "hgx-h100:16", "dgx-b200:8", "atlas-900-a3:2"], "DATE": ["2026-06-30", "1999-01-01"],
    "NAME": ["h100-sxm", "hgx-h20", "ascend-910b", "llama-3-8b", "deepseek-v3", "ring"], "A,B,C": ["h100-sxm,h20,ascend-910c"],
    "N,..": ["1", "2,3", "2,8"], "X,..": ["1", "1,2.5"], "X,Y,Z": ["4,4,4", "2,2"], "XxYxZ": ["4x4x8", "2x2", "16x16"],
    "FORMAT": ["bf16", "fp8", "fp8-block", "w4a16", "mxfp4"],
    "LIST": ["leaf 0", "cable 3, spine 1", "1 MB, 1 GB", "fat-tree,torus"],
}


def sample(random, kind):
    if random.random() < 0.25:
        return random.choice(values.EDGES + values.TEXTS)
    return random.choice(SAMPLES.get(kind, ["x", "1", "out.txt"]))


def toml(random, text):
    lines = text.split("\n")
    stated = [i for i, line in enumerate(lines) if LINE.match(line)]
    if not stated:
        return text + "\nx = 1\n"
    i = random.choice(stated)
    head, value, tail = LINE.match(lines[i]).groups()
    roll = random.random()
    if roll < 0.08:
        del lines[i]
    elif roll < 0.12:
        lines.insert(i, lines[i])
    elif roll < 0.16:
        lines[i] = head[:-1].rstrip(" =") + random.choice(["x", "_"]) + " = " + value
    else:
        others = [LINE.match(lines[j]).group(2) for j in random.sample(stated, min(5, len(stated)))]
        new = values.changed_value(random, value, others)
        if value.startswith('"') and new in values.TEXTS + values.EDGES and random.random() < 0.8:
            new = json.dumps(new) if random.random() < 0.9 else '"' + new + '"'
        lines[i] = head + new + tail
    return "\n".join(lines)


def cells(random, text):
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if len(rows) < 2:
        return text
    heads = rows[0]
    roll = random.random()
    if roll < 0.04:
        i = random.randrange(len(heads))
        heads[i] += random.choice(["\r0", "x", "\x1b[2J", ""])
    elif roll < 0.06:
        rows[random.randrange(len(rows))].append("1")
    else:
        row = random.choice(rows[1:])
        i = random.randrange(len(row))
        row[i] = values.changed_value(random, row[i], [other[i] for other in rows[1:6] if i < len(other)])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def document(random, text):
    body = json.loads(text)
    places = []

    def collect(node):
        for key in node if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], (dict, list)):
                collect(node[key])
    collect(body)
    if not places:
        return text
    node, key = random.choice(places)
    roll = random.random()
    if roll < 0.1 and isinstance(node, dict):
        del node[key]
    elif roll < 0.8:
        node[key] = random.choice([0, -1, 1, 2, 3, 1.5, 65536, 2**31 - 1, 2**31, 2**32, 2**63, 1e300, True, None, "", "x", [], {}])
    elif isinstance(node[key], (int, float)):
        node[key] *= random.choice([-1, 0, 2, 1000, 10**6])
    return json.dumps(body)


def log(random, text):
    lines = text.split("\n")
    i = random.randrange(len(lines))
    lines[i] = values.changed_number(random, lines[i])
    return "\n".join(lines)


def by_name(name):
    """How a file of that name is changed."""
    return {"toml": toml, "csv": cells, "json": document}.get(name.rsplit(".", 1)[-1], log)
