"""docs/performance.md and its plots, from the lines that the benches left. No figure that is not in them."""
import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess

import budgets
import plot

WORKS = ("plan", "first run", "no change", "1 % change")
PEER = "pg-ldap-sync"
SIZE = ("people", "groups", "memberships")


def machine():
    """What the figures are of."""
    def first(pattern, file):
        found = re.search(pattern, pathlib.Path(file).read_text(), re.MULTILINE)
        return found.group(1).strip().strip('"') if found else "unknown"

    kilobytes = int(first(r"^MemTotal:\s*(\d+)", "/proc/meminfo"))
    folder = pathlib.Path(__file__).parent
    commit = subprocess.run(["git", "-C", folder, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return {"suite": "machine", "processor": first(r"^model name\s*:(.*)$", "/proc/cpuinfo"), "cores": os.cpu_count(),
            "memory": f"{kilobytes / 1e6:.1f} GB", "kernel": platform.release(),
            "system": first(r"^PRETTY_NAME=(.*)$", "/etc/os-release"), "commit": commit.stdout.strip() or "unknown",
            "date": datetime.date.today().isoformat()}


def of_suite(rows, suite):
    return [row for row in rows if row["suite"] == suite]


def markdown(head, lines):
    out = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(out + ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]) + "\n"


class Runs:
    """All rounds of one program at one work and size."""

    def __init__(self, rows):
        self.rows = rows

    def median(self, what):
        return statistics.median(row[what] for row in self.rows)

    def spread(self, what):
        values = [row[what] for row in self.rows]
        return f"{budgets.number(self.median(what))} ({budgets.number(min(values))} to {budgets.number(max(values))})"


def whole(rows):
    """By size, work and who: Runs. Sizes from small to large."""
    found = {}
    for row in sorted(of_suite(rows, "whole"), key=lambda row: row["memberships"]):
        found.setdefault(tuple(row[part] for part in SIZE), {}).setdefault((row["work"], row["who"]), []).append(row)
    return {size: {key: Runs(runs) for key, runs in group.items()} for size, group in found.items()}


def largest(sizes, work):
    """The largest size at which that was measured, and its runs; it is the one that budgets are meant for."""
    found = [(size, runs) for size, runs in sizes.items() if (work, "dirsyncd") in runs]
    return found[-1] if found else (None, {})


def budgets_of_plan(sizes):
    size, runs = largest(sizes, "plan")
    if not size or size[2] < 1_000_000:
        return []
    plan = runs[("plan", "dirsyncd")]
    return [budgets.at_most(f"plan --json, {size[2]:,} memberships", plan.median("seconds"), "s", 3),
            budgets.at_most("the same, memory", plan.median("megabytes"), "MB", 400)]


def budgets_of_whole(sizes):
    size, runs = largest(sizes, "first run")
    if not size:
        return []
    at = f"{size[0]:,} people, {size[2]:,} memberships"
    found = []
    quiet, first = runs.get(("no change", "dirsyncd")), runs.get(("first run", "dirsyncd"))
    peer = runs.get(("no change", PEER))
    if quiet and peer:
        faster = peer.median("seconds") / quiet.median("seconds")
        found.append(budgets.at_least(f"no-change run beside {PEER}, {at}", faster, "× faster", 20))
    if quiet:
        found.append(budgets.at_most(f"no-change run, memory, {at}", quiet.median("megabytes"), "MB", 64))
    if first:
        changes = first.median("changes")
        found += [
            budgets.at_least(f"first run, {at}", changes / first.median("seconds"), "changes/s", 3000),
            budgets.at_most("first run, CPU", first.median("cpu") * 1000 / changes, "ms a change", 0.15),
            budgets.at_most("first run, memory", first.median("megabytes"), "MB", 150),
            budgets.at_most("store afterwards", first.median("bytes") / changes, "bytes a change", 400),
        ]
        fewer = next(iter(sizes.values())).get(("first run", "dirsyncd"))
        if fewer and fewer is not first:
            per_change = [runs.median("cpu") / runs.median("changes") for runs in (first, fewer)]
            found.append(budgets.at_most("CPU a change, largest size over smallest", per_change[0] / per_change[1], "×", 1.15))
    return found


def budget_table(rows):
    lines = [(row.work, f"{budgets.number(row.measured)} {row.unit}",
              f"{budgets.number(row.floor)} {row.unit}" if row.floor else "", budgets.number(row.ratio), row.wanted,
              row.verdict() if row.is_met else f"**{row.verdict()}**") for row in rows]
    return markdown(("Work", "Measured", "Floor, same run", "Ratio", "Budget", "Verdict"), lines)


def whole_table(runs):
    lines = []
    for (work, who), found in runs.items():
        changes, of_us = found.median("changes"), who == "dirsyncd"
        lines.append((work, who, found.spread("seconds"), budgets.number(found.median("cpu")),
                      budgets.number(found.median("megabytes")), budgets.number(found.median("calls")) if of_us else "",
                      budgets.number(changes) if of_us else "",
                      f"{found.median('cpu') * 1000 / changes:.3f}" if changes else "",
                      budgets.number(found.median("bytes") / 1e6) if of_us else "", len(found.rows)))
    head = ("Work", "Who", "Seconds: median (least to most)", "CPU s", "Peak MB", "Calls", "Changes", "CPU ms a change",
            "MB of the store, or printed", "Rounds")
    return markdown(head, lines)


def series(sizes, what):
    found = {}
    for size, runs in sizes.items():
        for (work, who), of_all in runs.items():
            if who == "dirsyncd" or (who == PEER and what in ("seconds", "cpu", "megabytes")):
                name = work if who == "dirsyncd" else f"{work}, {PEER}"
                found.setdefault(name, []).append((size[2], of_all.median(what)))
    return found


def slopes(rows, who):
    """Between neighbouring sizes: from, to, microseconds and bytes for one more membership."""
    points = sorted((row["memberships"], row["seconds"], row["megabytes"]) for row in rows if row["who"] == who)
    return [(fewer, more, (longer - less) * 1e6 / (more - fewer), (larger - smaller) * 2**20 / (more - fewer))
            for (fewer, less, smaller), (more, longer, larger) in zip(points, points[1:])]


def growth_table(rows):
    lines = [(who, f"{fewer:,} to {more:,}", f"{time:.3f}", f"{memory:.1f}")
             for who in dict.fromkeys(row["who"] for row in rows) for fewer, more, time, memory in slopes(rows, who)]
    return markdown(("Who", "Memberships", "µs for one more", "Bytes of peak memory for one more"), lines)


def budgets_of_growth(rows):
    """As straight as a line within 15 %: what one more costs at the upper end, over what it costs at the lower."""
    found = slopes(rows, "ours")
    very_large = [budgets.at_most(f"read of {row['people']:,} people, memory", row["megabytes"], "MB", 1536)
                  for row in rows if row["who"] == "ours" and row["people"] >= 1_000_000]
    if len(found) < 2:
        return very_large
    return very_large + [budgets.at_most(f"read, {what} of one more membership, up to {found[-1][1]:,} over up to {found[0][1]:,}",
                            found[-1][column] / found[0][column], "×", 1.15)
            for what, column in (("time", 2), ("memory", 3)) if found[0][column] > 0]


def published_table(published, sizes):
    size, runs = largest(sizes, "first run")
    lines = []
    for peer in published:
        ours = runs.get((peer["work"], "dirsyncd"))
        if ours:
            lines.append((peer["who"], peer["what"], peer["figure"], f"[{peer['source']}]({peer['url']})",
                          f"{peer['work']}, {size[0]:,} people, {size[2]:,} memberships: {budgets.number(ours.median('seconds'))} s"))
    return markdown(("Who", "What", "Published", "Source", "dirsyncd here, the nearest"), lines)


PLOTS = (("time", "Time", "seconds", "seconds"), ("cpu", "CPU", "seconds", "cpu"), ("memory", "Peak memory", "MB", "megabytes"),
         ("bytes", "Store afterwards, or printed", "bytes", "bytes"), ("calls", "Calls to the Vault", "calls", "calls"))


def files(rows, published):
    """By name in docs/, their content."""
    here = of_suite(rows, "machine")[0]
    sizes = whole(rows)
    held = [budgets.Budget(**{key: value for key, value in row.items() if key != "suite"}) for row in of_suite(rows, "budget")]
    held += budgets_of_plan(sizes) + budgets_of_whole(sizes) + budgets_of_growth(of_suite(rows, "read"))
    parts = [
        "# Performance\n\nWritten by `./dev bench`, which measures all of it again on the machine at hand; nothing here was "
        "written by hand.\n\n"
        f"{here['date']}, commit {here['commit']}: {here['processor']}, {here['cores']} cores, {here['memory']}, "
        f"{here['system']}, Linux {here['kernel']}. Everything on that one machine: slapd, the Vault's simulator, which "
        "answers at once, and what is measured. Medians; floors and peers ran in turns with dirsyncd.\n",
        "## Budgets\n\n" + budget_table(held),
    ]
    found = {}
    if sizes:
        parts.append("## The whole program\n\nFrom the start of a process to its end. dirsyncd reads over TLS, the others "
                     "without; pg-ldap-sync makes PostgreSQL roles of the same people and groups.\n")
        parts += [f"### {size[0]:,} people, {size[1]:,} groups, {size[2]:,} direct memberships\n\n{whole_table(runs)}"
                  for size, runs in sizes.items()]
    for name, title, unit, what in PLOTS:
        lines = series(sizes, what)
        if what == "seconds" and of_suite(rows, "watch"):
            by_people = {size[0]: size[2] for size in sizes}
            lines["one change, watch mode"] = [(by_people[row["people"]], row["median"] / 1000)
                                               for row in of_suite(rows, "watch") if row["people"] in by_people]
        if any(y > 0 for points in lines.values() for _, y in points):
            found[f"performance-{name}.svg"] = plot.plot(title, "direct memberships", unit, lines)
            parts.append(f"![{title} against size](performance-{name}.svg)\n")
    if of_suite(rows, "watch"):
        parts.append("## One change, watch mode\n\nFrom slapd's answer to the removal on the wire.\n\n" + markdown(
            ("People", "Groups", "Median ms", "99th percentile ms", "MB at rest"),
            [(f"{row['people']:,}", f"{row['groups']:,}", budgets.number(row["median"]), budgets.number(row["late"]),
              budgets.number(row["megabytes"])) for row in of_suite(rows, "watch")]))
    if of_suite(rows, "read"):
        parts.append("## Growth of the read\n\n" + growth_table(of_suite(rows, "read")))
    if published and largest(sizes, "first run")[0]:
        parts.append("## Beside published figures\n\nOf other programs on other machines, as their makers tell them: an order "
                     "of magnitude, no comparison.\n\n" + published_table(published, sizes))
    found["performance.md"] = "\n".join(parts)
    return found
