#!/usr/bin/env python3
"""How the program behaves at a terminal: manners.py SOCLE ROOT

Wrong words, hostile names, output over input, full pipes, Ctrl-C, narrow terminals. Each check prints its name; the last line counts
them. Exit code 1 when one fails. Nothing here judges how long something takes; times are printed for people. Where the machine gives
no pseudo-terminal (a bare container), the checks that need one say that they skip.
"""
import fcntl
import os
import pathlib
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

SOCLE, ROOT = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")
# All-to-all with unequal finishing times: long enough to be cut off anywhere.
LONG = ["fabric", "simulate", "--hosts", "512", "--nics", "1", "--routing", "hashed", "--every-flow", "true", "--traffic", "all-to-all", "--bytes", "4 GB", "--seeds", "500"]
failures, checks = [], 0


def run(*words, cwd=None, **options):
    words = [word.encode("utf-8", "surrogateescape") for word in words]  # whatever the locale of the machine
    return subprocess.run([SOCLE, *words], cwd=cwd or ROOT, capture_output=True, timeout=120, **options)


def check(name, good, shown=""):
    global checks
    checks += 1
    print(("ok      " if good else "FAILED  ") + name + ("" if good else f": {shown}"))
    if not good:
        failures.append(name)


def has_terminals():
    try:
        for side in pty.openpty():
            os.close(side)
        return True
    except OSError:
        return False


def in_terminal(words, columns, env=None):
    """What the program prints on a terminal of that width, and its exit code."""
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.environ.pop("COLUMNS", None)
        os.environ.update(env or {})
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        os.execv(SOCLE, [SOCLE, *words])
    text = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    return text.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def hostile_text(folder):
    evil = "\x1b[31mred\x07\x9b1m"
    scenario = folder / "evil.toml"
    scenario.write_text('[model]\nname = "\\u001B[31mred\\u0007\\u009B1m"\n[cluster]\nnode = "hgx-h100"\nnodes = 2\n', encoding="utf-8")
    for words in (["train", str(scenario)], ["train", "--model", evil], [evil], ["train", "--" + evil], ["catalog", "show", evil], ["check", str(folder / evil)]):
        done = run(*words)
        check(f"escapes control characters of {words[0]!r}", done.returncode == 2 and not CONTROL.search(done.stdout + done.stderr), done.stderr)
    cases = folder / "cases.csv"
    cases.write_text("id,source,year,model_name,seq_len,chip,n_chips,tp,pp,global_batch_seqs,measured_step_s\n\x1b[31mx,s,2024,Llama 3 8B,8192,\x1b[1mh100,8,2,1,128,20\n", encoding="utf-8")
    done = run("validate", "training", "--cases", str(cases))
    check("escapes control characters of a table", done.returncode == 0 and b"\\x1b[1mh100" in done.stdout and not CONTROL.search(done.stdout + done.stderr), done.stdout)
    done = run("validate", "training", "--cases", str(cases), "--json")
    check("escapes control characters of JSON", done.returncode == 0 and b"1mh100" in done.stdout and not CONTROL.search(done.stdout), done.stdout)


    rows = folder / "rows.csv"
    done = run("validate", "training", "--cases", str(cases), "--rows", str(rows))
    check("escapes control characters of a CSV", done.returncode == 0 and not CONTROL.search(rows.read_bytes()), rows.read_bytes()[:200])
    traffic = folder / "traffic.csv"
    traffic.write_bytes(b"from,to,bytes\r0\nh0,h1,1 MB\n")
    done = run("fabric", "simulate", "--hosts", "8", "--nics", "1", "--traffic", "matrix", "--traffic-file", str(traffic))
    check("escapes control characters of a heading", done.returncode == 2 and b"bytes\\x0d0" in done.stderr and not CONTROL.search(done.stderr), done.stderr)
    own = folder / "own" / "chips"
    own.mkdir(parents=True)
    (own / "mine.toml").write_bytes(b'name = "\xff"\n')
    for words in (["catalog", "show", "mine", "--json"], ["catalog", "chips"], ["train", "--model", "llama-3-8b", "--cluster", "hgx-h100:2"]):
        done = run(*words, "--catalog", str(folder / "own"))
        check(f"refuses a catalogue that is not UTF-8 in {words[0]}", done.returncode == 2 and b"mine.toml:1: the text is not valid UTF-8" in done.stderr, done.stderr)


def outputs_and_inputs(folder):
    scenario = folder / "in.toml"
    text = (ROOT / "examples/llama-3-70b-lora.toml").read_text(encoding="utf-8")
    scenario.write_text(text, encoding="utf-8")
    done = run("train", str(scenario), "--timeline", str(scenario))
    check("refuses to write over the scenario", done.returncode == 2 and b"is read here" in done.stderr, done.stderr)
    link = folder / "link.json"
    link.symlink_to(scenario)
    done = run("train", "in.toml", "--timeline", "./link.json", cwd=folder)
    check("refuses to write over it by another name", done.returncode == 2 and scenario.read_text(encoding="utf-8") == text, done.stderr)
    cables = folder / "cables.csv"
    cables.write_text("from,to,bandwidth,latency\na,s,400 Gb/s,1 us\nb,s,400 Gb/s,1 us\n", encoding="utf-8")
    done = run("fabric", "simulate", "--fabric-file", "cables.csv", "--flows", "cables.csv", cwd=folder)
    check("refuses to write over a file that flags name", done.returncode == 2 and cables.read_text(encoding="utf-8").startswith("from,to,b"), done.stderr)
    done = run("fabric", "simulate", "--hosts", "2", "--flows", "x.csv", "--links", "./x.csv", cwd=folder)
    check("refuses two outputs of one name", done.returncode == 2 and b"same file" in done.stderr, done.stderr)
    overlay = folder / "overlay" / "chips"
    overlay.mkdir(parents=True)
    done = run("train", "in.toml", "--catalog", "overlay", "--timeline", "overlay/chips/x.toml", cwd=folder)
    check("refuses to write into the catalogue it reads", done.returncode == 2 and b"catalogue that --catalog reads" in done.stderr, done.stderr)
    done = run("fabric", "simulate", "--hosts", "2", "--flows", "missing/x.csv", cwd=folder)
    check("names an output that cannot be written", done.returncode == 2 and b"missing/x.csv" in done.stderr, done.stderr)


def wrong_words():
    for words, said in ((["trian"], b'unknown command "trian"'), (["train", "--tpp", "4"], b'did you mean "--tp"?'),
                        (["fabric", "design", "--flows", "f.csv"], b"--flows does not act on socle fabric design; it is for socle fabric simulate"),
                        (["fabric", "simulate", "--prices", "x"], b"--prices does not act on socle fabric simulate; it is for socle fabric design"),
                        (["train", "--topology", "torus"], b"acts with --network flow only"), (["fabric"], b"socle fabric design, simulate, calibrate"),
                        (["fabric", "dsign"], b"write one of design, simulate, calibrate"), (["train", "--tp"], b"--tp"), (["train", "--tp", "2", "--tp", "4"], b"given 2 times"),
                        (["init"], b"train, plan, risk, fabric"), (["init", "serve"], b"no template"), (["completion", "ksh"], b"bash, zsh or fish"), (["check"], b"name a scenario")):
        done = run(*words)
        check(f"refuses socle {' '.join(words)}", done.returncode == 2 and said in done.stderr and not done.stdout, done.stderr)


def interrupted(folder):
    for wait in (0.2, 0.8):
        process = subprocess.Popen([SOCLE, *LONG, "--flows", "flows.csv", "--svg", "net.svg"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        out, err = process.communicate(timeout=60)
        print(f"        Ctrl-C after {wait} s: gone {time.monotonic() - start:.3f} s later")
        left = [p.name for p in folder.iterdir() if p.name.startswith(("flows.csv", "net.svg"))]
        check(f"Ctrl-C after {wait} s ends it", process.returncode == 130 and b"interrupted after" in err and not out, (process.returncode, err))
        check(f"Ctrl-C after {wait} s leaves no file", not left, left)


def ignored(folder):
    """What was to be ignored stays so: nohup, jobs in the background of a script."""
    words = [SOCLE, *LONG[:-1], "20"]

    def leave_alone():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=leave_alone)
    time.sleep(0.2)
    running = process.poll() is None
    for one in (signal.SIGHUP, signal.SIGINT):
        process.send_signal(one)
    out, err = process.communicate(timeout=120)
    check("signals that are ignored stay ignored", running and process.returncode == 0 and b"Over 20 seeds" in out and not err, (process.returncode, err))


def pipes():
    process = subprocess.Popen([SOCLE, "catalog", "prices"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    check("a reader that goes away is no error", process.wait(timeout=60) == 0 and process.stderr.read() == b"")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([SOCLE, "catalog", "chips"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    check("a full device is told", done.returncode == 2 and b"standard output" in done.stderr, done.stderr)


def width_of(text):
    return max(len(line.rstrip("\r")) for line in text.split("\n"))


def longest_word(text):
    """Of words proper: rules and bars can be any length."""
    return max((len(word) for word in text.split() if word.strip("-#")), default=0)


def terminals():
    for columns in (60, 80):
        for words, expected in ((["train", "--help"], 0), (["fabric", "simulate", "--help-all"], 0), (["train", "--model", "no-such-model-of-a-name-that-is-long-enough-to-be-wrapped"], 2)):
            text, code = in_terminal(words, columns)
            check(f"{' '.join(words)[:40]} keeps to {columns} columns", code == expected and text.strip() and width_of(text) <= max(columns, longest_word(text)), (code, width_of(text)))
    for columns in (50, 80):
        for words in (["train", "examples/llama-3.1-405b-search.toml", "--explain"], ["plan", "examples/plan-70b.toml"], ["fabric", "design", "examples/fabric-2048.toml"],
                      ["fabric", "simulate", "examples/fabric-all-to-all.toml"], ["catalog", "chips"], ["catalog", "show", "h100"], ["validate", "collectives"],
                      ["compare", "--model", "llama-3-8b", "--chips", "h100-sxm,h20"], ["check", "examples/plan-70b.toml"]):
            text, code = in_terminal(words, columns)
            done = run(*words)
            wide = done.stdout.decode()
            lost = set(re.findall(r"[^\s#-]+", wide)) - set(re.findall(r"[^\s#-]+", text))
            check(f"{' '.join(words)[:40]} keeps to {columns} columns", code == done.returncode == 0 and width_of(text) <= max(columns, longest_word(text)), (code, width_of(text)))
            check(f"{' '.join(words)[:40]} loses nothing at {columns} columns", wide.strip() and not lost, sorted(lost)[:8])
    text, code = in_terminal(["train", "--help"], 200)
    check("a wide terminal stops at 100 columns", code == 0 and 80 < width_of(text) <= 100, width_of(text))
    text, code = in_terminal(["train", "examples/llama-3-70b-lora.toml"], 100)
    check("nothing is coloured", code == 0 and text.strip() and not re.search(r"\x1b\[[0-9;]*m", text))


def generated():
    for shell in ("bash", "zsh", "fish"):
        script = run("completion", shell)
        check(f"completes in {shell}", script.returncode == 0 and b"simulate" in script.stdout)
        if not shutil.which(shell):
            print(f"skipped reading it in {shell}: there is none here")
            continue
        parse = subprocess.run([shell, "-n"], input=script.stdout, capture_output=True, check=False)
        check(f"{shell} reads it", parse.returncode == 0, parse.stderr)
    man = run("man").stdout
    check("the manual has every command", all(f".SS socle {name}".encode() in man for name in ("train", "plan", "compare", "catalog", "validate", "check", "init")))


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hostile_text(folder)
        outputs_and_inputs(folder)
        interrupted(folder)
        ignored(folder)
    wrong_words()
    pipes()
    if has_terminals():
        terminals()
    else:
        print("skipped the widths of terminals: this machine gives no pseudo-terminal")
    generated()
    print(f"{checks} checks, {len(failures)} failed" + "".join(f"\n  {name}" for name in failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
