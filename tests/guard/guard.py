#!/usr/bin/python3
"""Counts of instructions, which wall time does not disturb: what became slower, and what grows too fast.

  guard.py work PROGRAM            compares with counts.txt
  guard.py record PROGRAM          writes counts.txt
  guard.py growth PROGRAM [FACTOR] doubles every dimension twice; FACTOR 1 is the small form

PROGRAM is guard_counts. Exit code 1: something is amiss, and standard output says what.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

COUNTS = pathlib.Path(__file__).with_name("counts.txt")
TOLERANCE = 0.05  # of a count
# Of what the second doubling adds over what the first one adds. Linear work gives 2, n log n less than 2.4 at these
# sizes, quadratic work 4; what is in between is linear with a quadratic part that shows already.
STEEPEST = 2.6
FLAT = 0.02  # what grows less than that over both doublings does not depend on the dimension


def parse_dump(text):
    """Name and count of one part of callgrind's output; nothing for the part that ends the program."""
    trigger = re.search(r"^desc: Trigger: Client Request: (.+)$", text, re.MULTILINE)
    total = re.search(r"^totals: (\d+)", text, re.MULTILINE)
    return (trigger.group(1), int(total.group(1))) if trigger and total else None


# The same code on every processor: no variants of libc's and OpenSSL's functions that newer ones would choose.
PLAIN = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-ERMS,-FSRM",
         "OPENSSL_ia32cap": "~0x1000000000000000:~0x20000020"}


def count(program, *words):
    """By name, in order."""
    with tempfile.TemporaryDirectory(prefix="dirsyncd-guard-") as folder:
        out = os.path.join(folder, "out")
        environment = dict(os.environ, TMPDIR=folder, **PLAIN)
        command = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}", program, *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}{done.stdout}")
        parts = sorted(pathlib.Path(folder).glob("out.*"), key=lambda part: int(part.suffix[1:]))
        counts = dict(filter(None, (parse_dump(part.read_text()) for part in parts)))
    if not counts:
        sys.exit(f"{' '.join(command)} counted nothing: {done.stderr}")
    return counts


def read_counts(text):
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: int(number) for name, number in (line.rsplit(None, 1) for line in lines)}


def write_counts(counts):
    lines = [
        "# Instructions of tests/guard, in thousands; written by ./dev guard record.",
        "# A change that makes one of them larger says why in its commit.",
    ]
    width = max(map(len, counts))
    lines += [f"{name:<{width}}  {round(number / 1000)}" for name, number in counts.items()]
    return "\n".join(lines) + "\n"


def compare(expected, counts):
    """Lines to show, and whether all is well. `expected` in thousands."""
    lines, is_well = [], True
    for name, number in counts.items():
        if name not in expected:
            lines.append(f"{name}: not recorded yet; ./dev guard record")
            is_well = False
            continue
        ratio = number / 1000 / expected[name]
        verdict = "as recorded"
        if ratio > 1 + TOLERANCE:
            verdict = "SLOWER: mend it, or run ./dev guard record and say why in the commit"
            is_well = False
        elif ratio < 1 - TOLERANCE:
            verdict = "faster: ./dev guard record keeps it so"
        lines.append(f"{name:<16} {number / 1e6:10.1f} million instructions  {ratio:6.3f} of what is recorded  {verdict}")
    for name in expected.keys() - counts.keys():
        lines.append(f"{name}: recorded, and not counted any more; ./dev guard record")
        is_well = False
    return lines, is_well


def growth(counts):
    """The same; `counts` by "dimension/size", three sizes each, doubled."""
    dimensions = {}
    for name, number in counts.items():
        dimension, size = name.rsplit("/", 1)
        dimensions.setdefault(dimension, []).append((int(size), number))
    lines, is_well = [], True
    for dimension, points in dimensions.items():
        (size, first), (_, second), (_, third) = sorted(points)
        if third - first < FLAT * first:
            lines.append(f"{dimension:<28} from {size:>6}: {first / 1e6:8.2f} million instructions, and no more for four times as many")
            continue
        steepness = (third - second) / max(1, second - first)
        verdict = "" if steepness <= STEEPEST else "  TOO STEEP: find what walks everything for each one"
        is_well = is_well and steepness <= STEEPEST
        lines.append(f"{dimension:<28} from {size:>6}: {first / 1e6:8.2f}, {second / 1e6:8.2f}, {third / 1e6:8.2f} million "
                     f"instructions; second doubling / first {steepness:4.2f} (at most {STEEPEST}){verdict}")
    return lines, is_well


def main(words):
    if len(words) < 2 or words[0] not in ("work", "record", "growth"):
        sys.exit(__doc__)
    what, program = words[0], words[1]
    if what == "record":
        COUNTS.write_text(write_counts(count(program, "work")))
        print(f"{COUNTS} is written")
        return 0
    if what == "growth":
        lines, is_well = growth(count(program, "growth", words[2] if len(words) > 2 else "1"))
    elif not COUNTS.exists():
        sys.exit(f"There is no {COUNTS}; ./dev guard record writes it")
    else:
        lines, is_well = compare(read_counts(COUNTS.read_text()), count(program, "work"))
    print("\n".join(lines))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
