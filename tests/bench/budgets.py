"""The budgets: what each measurement is held against, and the verdict."""
import re
from dataclasses import asdict, dataclass


@dataclass
class Budget:
    work: str
    measured: float
    unit: str
    wanted: str  # in words
    is_met: bool
    floor: float | None = None  # measured in the same run, in the same unit
    ratio: float | None = None

    def verdict(self):
        return "met" if self.is_met else "NOT MET"

    def row(self):
        return {"suite": "budget", **asdict(self)}


def at_most(work, measured, unit, most, floor=None):
    return Budget(work, measured, unit, f"≤ {most:g} {unit}".strip(), measured <= most, floor, measured / floor if floor else None)


def at_least(work, measured, unit, least, floor=None):
    return Budget(work, measured, unit, f"≥ {least:g} {unit}".strip(), measured >= least, floor, measured / floor if floor else None)


def within_floor(work, measured, unit, floor, most):
    ratio = measured / floor
    return Budget(work, measured, unit, f"≤ {most:g} × floor", ratio <= most, floor, ratio)


def find(pattern, text, what):
    """Numbers of the first line that fits. A bench that prints other lines than before must not pass for measured."""
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        raise LookupError(f"{what} printed no line like {pattern!r}:\n{text[-2000:]}")
    return [float(number) for number in found.groups()]


def program(name, text):
    """Seconds, CPU seconds, megabytes of one line of bench::print()."""
    return find(rf"^{re.escape(name)} +([\d.]+) s  cpu +([\d.]+) s  peak +([\d.]+) MB", text, "bench_directory")


def of_directory(text, size):
    bare, ours, script = (program(name, text) for name in ("bare", "ours", "python3-ldap"))
    return [
        within_floor(f"read and resolve {size}", ours[0], "s", bare[0], 1.3),
        at_most("the same, memory of the process", ours[2], "MB", 96, bare[2]),
        Budget("the same by a python3-ldap script, over ours", script[0] / ours[0], "×", "≥ 2.5 ×", script[0] / ours[0] >= 2.5),
    ]


def of_no_change(directory_text, plan_seconds, size):
    """The read and the plan are measured one after the other; the floor is the bare read and 15 ms."""
    whole = program("ours", directory_text)[0] + plan_seconds
    return [within_floor(f"no-change run to the verdict, {size}", whole, "s", program("bare", directory_text)[0] + 0.015, 1.4)]


def of_store(milliseconds, floor):
    return [at_most("store 1,000,000 memberships, first time", milliseconds, "ms", 100, floor)]


def of_vault(text, copied_per_second):
    (rate,) = find(r"^parse: ([\d.]+) MB/s", text, "bench_vault")
    (copies,) = find(r"peak / body ([\d.]+)", text, "bench_vault")
    took, ideal = find(r"^apply, verify +([\d.]+) s  ideal +([\d.]+) s", text, "bench_vault")
    return [
        at_least("parse the Vault's list of 1,000,000 memberships", rate, "MB/s", 250, copied_per_second),
        at_most("the same over TLS, peak memory over the body", copies, "×", 1),
        within_floor("writes at 50 ms each, several at once", took, "s", ideal, 1.1),
    ]


def beside(name, text, what):
    """The figure of one line of bench::print_beside()."""
    return find(rf"^{re.escape(name)} +([\d.]+) ", text, what)[0]


def of_watch(text, size):
    late = beside("change to the removal on the wire, p99", text, "bench_watch")
    return [at_most(f"change in slapd to the request, p99, {size}", late, "ms", 50)]


def of_idle(text, size):
    return [
        at_most(f"idle service, processor, {size}", beside("processor", text, "bench_idle"), "%", 0.1),
        at_most(f"idle service, memory, {size}", beside("resident memory", text, "bench_idle"), "MB", 40),
    ]


def every(pattern, text, what):
    """Groups of every line that fits; at least one."""
    found = re.findall(pattern, text, re.MULTILINE)
    if not found:
        raise LookupError(f"{what} printed no line like {pattern!r}:\n{text[-2000:]}")
    return found


def of_console(text):
    """Of several numbers of calls at once the last, which is the largest."""
    took, ideal = every(r"^apply, verify +\d+ calls +([\d.]+) s  ideal +([\d.]+) s", text, "bench_console")[-1]
    return [within_floor("the same of a console, 8 at once", float(took), "s", float(ideal), 1.1)]


def of_proof(text):
    """The slowest of all ways to check a trail."""
    rates = every(r"^log verify.* (\d+) rows/s  budget (\d+)", text, "bench_proof")
    return [at_least("check of an audit trail, the slowest way", min(int(rate) for rate, _ in rates), "rows/s", int(rates[0][1]))]


def of_intervals(text):
    answers = every(r"^(.+?) +[\d.]+ ms on average, +([\d.]+) ms at worst, budget (\d+)", text, "bench_intervals")
    return [at_most(f"answer to {what}, at worst", float(worst), "ms", float(most)) for what, worst, most in answers]


def number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(rows):
    """For a terminal. `rows`: Budget."""
    lines = [("work", "measured", "floor", "ratio", "budget", "verdict")]
    for row in rows:
        floor = f"{number(row.floor)} {row.unit}" if row.floor else "-"
        lines.append((row.work, f"{number(row.measured)} {row.unit}", floor, number(row.ratio) or "-", row.wanted, row.verdict()))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join("  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths)).rstrip() for line in lines)
