#!/usr/bin/python3
"""Runs the benches one after the other and holds what they print against the budgets.

  bench.py quick BIN           a few minutes: the table of budgets
  bench.py full BIN RESULTS    everything; RESULTS: lines of JSON, for report.py
  bench.py large BIN RESULTS   the same, and a directory of 10,000,000 memberships
  bench.py report RESULTS      writes docs/performance.md and its plots from them

BIN: the folder of the programs, built for release.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import budgets
import report

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
LARGE = "100,000 people, 10,000 groups, 1,000,000 memberships"
# Of the same shape: people, groups, memberships; those of the budgets come last.
READS = ((11_000, 1_100, 110_000), (50_000, 5_000, 500_000), (100_000, 10_000, 1_000_000))
VERY_LARGE = (1_000_000, 100_000, 10_000_000)


class Benches:
    def __init__(self, folder):
        self.folder = folder

    def run(self, name, *arguments):
        """What it printed. A bench ends with 1 when it is over a budget of its own: that is a result."""
        print(f"-- {name} {' '.join(arguments)}", flush=True)
        lines = []
        with subprocess.Popen([f"{self.folder}/{name}", *arguments], stdout=subprocess.PIPE, text=True) as program:
            for line in program.stdout:
                print(line, end="", flush=True)
                lines.append(line)
        if program.returncode not in (0, 1) or not lines:
            sys.exit(f"{name} ended with {program.returncode}")
        return "".join(lines)

    def directory(self, rounds, people=100_000, groups=10_000, memberships=1_000_000):
        return self.run("bench_directory", *map(str, (people, groups, memberships, rounds)))

    def no_change_plan(self, rounds):
        """Seconds, the median."""
        return statistics.median(float(self.run("bench_plan", "--measure", "no-change").split()[0]) for _ in range(rounds))

    def store(self, rounds):
        """Milliseconds, and those of a plain file of that size."""
        text = self.run("bench_store", "--benchmark_filter=^store_first_time", "--benchmark_format=json",
                        f"--benchmark_repetitions={rounds}")
        runs = [run for run in json.loads(text)["benchmarks"] if run["run_type"] == "iteration"]
        return statistics.median(run["real_time"] for run in runs), write_and_sync(int(runs[0]["file bytes"]))


def write_and_sync(size, rounds=5):
    """Milliseconds to have so many bytes on the disk."""
    taken = []
    for _ in range(rounds):
        with tempfile.NamedTemporaryFile() as file:
            begun = time.monotonic()
            file.write(b"\x5a" * size)
            file.flush()
            os.fsync(file.fileno())
            taken.append((time.monotonic() - begun) * 1000)
    return statistics.median(taken)


def copied_per_second(rounds=5, size=64_000_000):
    """Megabytes that one core copies from memory to memory."""
    source, target = bytearray(b"\x5a" * size), bytearray(size)
    taken = []
    for _ in range(rounds):
        begun = time.monotonic()
        target[:] = source
        taken.append(time.monotonic() - begun)
    return size / 1e6 / statistics.median(taken)


def quick(folder):
    begun = time.monotonic()
    benches = Benches(folder)
    directory = benches.directory(3)
    rows = budgets.of_directory(directory, LARGE)
    rows += budgets.of_no_change(directory, benches.no_change_plan(3), "same size")
    rows += budgets.of_store(*benches.store(3))
    rows += budgets.of_vault(benches.run("bench_vault", "10000", "1000000", "1000", "3"), copied_per_second())
    rows += budgets.of_watch(benches.run("bench_watch", "5000", "500", "50", "200", "5"), "5,000 people")
    rows += budgets.of_idle(benches.run("bench_idle", "40", "2000"), "2,000 people")
    print("\n" + budgets.table(rows))
    print(f"\n{time.monotonic() - begun:.0f} s. Small samples: ./dev bench measures more often and larger.")
    return 0 if all(row.is_met for row in rows) else 1


def full(folder, results, is_large):
    """Each part is written as soon as it is measured."""
    benches = Benches(folder)
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text("")

    def keep(*rows):
        with results.open("a") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    keep(report.machine())
    for people, groups, memberships in ((VERY_LARGE,) if is_large else ()) + READS:
        directory = benches.directory(5, people, groups, memberships)
        for name in ("bare", "ours", "python3-ldap"):
            seconds, cpu, megabytes = budgets.program(name, directory)
            keep({"suite": "read", "who": name, "people": people, "groups": groups, "memberships": memberships,
                  "seconds": seconds, "cpu": cpu, "megabytes": megabytes})
    rows = budgets.of_directory(directory, LARGE)
    rows += budgets.of_no_change(directory, benches.no_change_plan(5), "same size")
    rows += budgets.of_store(*benches.store(5))
    rows += budgets.of_vault(benches.run("bench_vault"), copied_per_second())
    rows += budgets.of_console(benches.run("bench_console"))
    rows += budgets.of_intervals(benches.run("bench_intervals"))
    rows += budgets.of_proof(benches.run("bench_proof"))
    for people, groups in ((2_000, 200), (5_000, 500), (20_000, 2_000)):
        watch = benches.run("bench_watch", str(people), str(groups), "100", "2000", "30")
        keep({"suite": "watch", "people": people, "groups": groups,
              "median": budgets.beside("change to the removal on the wire, p50", watch, "bench_watch"),
              "late": budgets.beside("change to the removal on the wire, p99", watch, "bench_watch"),
              "megabytes": budgets.beside("resident memory at rest", watch, "bench_watch")})
    rows += budgets.of_watch(watch, "20,000 people")
    rows += budgets.of_idle(benches.run("bench_idle"), "20,000 people")
    keep(*(row.row() for row in rows))
    benches.run("bench_whole", "--out", str(results), "--plan-only", "yes", "100000", "10000", "1000000")
    benches.run("bench_whole", "--out", str(results))
    write_report(results)


def write_report(results):
    rows = [json.loads(line) for line in results.read_text().splitlines()]
    published = json.loads(pathlib.Path(__file__).with_name("published.json").read_text())
    for name, content in report.files(rows, published).items():
        (DOCS / name).write_text(content)
        print(f"{DOCS / name} is written")


def main(words):
    if len(words) == 2 and words[0] == "quick":
        return quick(words[1])
    if len(words) == 3 and words[0] in ("full", "large"):
        return full(words[1], pathlib.Path(words[2]), words[0] == "large")
    if len(words) == 2 and words[0] == "report":
        return write_report(pathlib.Path(words[1]))
    sys.exit(__doc__)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LookupError as wrong:
        sys.exit(str(wrong))
