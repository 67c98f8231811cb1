#!/usr/bin/python3
"""The report from made-up lines: none of these figures was measured."""
import json
import pathlib
import unittest
from xml.dom import minidom

import bench
import budgets
import plot
import report

MACHINE = {"suite": "machine", "processor": "Made-up 1", "cores": 2, "memory": "1.0 GB", "kernel": "0.0", "system": "None",
           "commit": "0000000", "date": "1970-01-01"}
PUBLISHED = [{"who": "Somebody", "what": "a thing", "figure": "about a day", "source": "A page", "url": "https://example.com/",
              "work": "first run"}]
DIRECTORY = """100 people, 10 groups, 1000 memberships, medians of 3
bare           0.500 s  cpu   0.300 s  peak   25.0 MB  values 7
ours           0.600 s  cpu   0.500 s  peak   90.0 MB  values 7
ours, one connection   0.700 s  cpu   0.500 s  peak   90.0 MB  values 7
python3-ldap   1.200 s  cpu   1.000 s  peak  180.0 MB  values 7
ours / bare 1.20 (budget 1.30), python3-ldap / ours 2.0 (budget 2.5)
"""


def row(work, who, memberships, seconds, **more):
    return {"suite": "whole", "work": work, "who": who, "people": memberships // 7, "groups": 10, "memberships": memberships,
            "seconds": seconds, "cpu": seconds / 2, "megabytes": 50.0, "calls": 0, "changes": 0, "bytes": 0, **more}


def rows():
    found = [MACHINE, {"suite": "watch", "people": 100, "groups": 10, "median": 5.0, "late": 9.0, "megabytes": 40.0}]
    for memberships in (700, 7000):
        for seconds in (1.0, 3.0, 2.0):
            found.append(row("first run", "dirsyncd", memberships, seconds, calls=memberships + 9, changes=memberships, bytes=memberships * 300))
            found.append(row("no change", "dirsyncd", memberships, seconds / 10, calls=9, bytes=memberships * 300))
            found.append(row("no change", "pg-ldap-sync", memberships, seconds * 10))
    found.append(row("plan", "dirsyncd", 1_000_000, 2.5, bytes=9))
    found += [{"suite": "read", "who": "ours", "people": 1, "groups": 1, "memberships": n, "seconds": n / 1e6, "cpu": 1.0,
               "megabytes": 10.0 + n / 1000 + (n // 3000)} for n in (1000, 2000, 3000)]
    return found + [budget.row() for budget in budgets.of_directory(DIRECTORY, "little")]


class GivenWhatABenchPrints(unittest.TestCase):
    def test_when_within_the_ratio_then_met_and_else_not(self):
        read, memory, script = budgets.of_directory(DIRECTORY, "little")
        self.assertTrue(read.is_met and memory.is_met)
        self.assertAlmostEqual(read.ratio, 1.2)
        self.assertFalse(script.is_met)
        self.assertIn("NOT MET", budgets.table([read, memory, script]))

    def test_when_a_line_is_missing_then_it_is_an_error_and_no_figure(self):
        with self.assertRaises(LookupError):
            budgets.of_vault("parse: 300.0 MB/s of a body in memory\n", 1000)

    def test_when_there_are_several_ways_then_the_slowest_and_the_last_count(self):
        proof = "%-24s %7.2f s %10.0f rows/s  budget %.0f  %s\n" % ("log verify", 1.0, 400000, 200000, "within")
        proof += "%-24s %7.2f s %10.0f rows/s  budget %.0f  %s\n" % ("log verify --file, csv", 4.0, 100000, 200000, "UNDER")
        self.assertFalse(budgets.of_proof(proof)[0].is_met)
        line = "%-8s %6d calls  %8.3f s  ideal %8.3f s  %s / ideal %.3f\n"
        console = "2 at once\n" + line % ("apply, verify", 9, 9, 1, "apply", 9) + "8 at once\n" + line % ("apply, verify", 9, 1.05, 1, "apply", 1.05)
        self.assertTrue(budgets.of_console(console)[0].is_met)
        answers = "%-14s %7.2f ms on average, %7.2f ms at worst, budget %.0f  %s\n" % ("who, now", 1, 2, 50, "within")
        self.assertEqual([row.work for row in budgets.of_intervals(answers)], ["answer to who, now, at worst"])

    def test_when_the_line_is_as_printf_pads_it_then_the_figure_is_found(self):
        line = "%-44s %10.3f %-4s budget %7.1f %-4s %s\n" % ("processor", 0.05, "%", 0.1, "%", "within")
        line += "%-44s %10.3f %-4s budget %7.1f %-4s %s\n" % ("resident memory", 41, "MB", 40, "MB", "OVER")
        quiet, small = budgets.of_idle(line, "little")
        self.assertTrue(quiet.is_met)
        self.assertFalse(small.is_met)


class GivenMeasuredLines(unittest.TestCase):
    files = report.files(rows(), PUBLISHED)
    text = files["performance.md"]

    def test_when_written_then_the_machine_is_named(self):
        self.assertIn("Made-up 1, 2 cores", self.text)

    def test_when_there_are_rounds_then_median_and_spread_are_shown(self):
        self.assertIn("| first run | dirsyncd | 2 (1 to 3) |", self.text)

    def test_when_the_largest_size_is_judged_then_each_budget_has_its_verdict(self):
        self.assertRegex(self.text, r"no-change run beside pg-ldap-sync, [^|]*\| 100 × faster .*\| met \|")
        self.assertRegex(self.text, r"store afterwards \| 300 bytes a change .*\| met \|")
        self.assertRegex(self.text, r"same by a python3-ldap script[^|]*\|.*\*\*NOT MET\*\*")

    def test_when_only_the_plan_was_measured_at_a_larger_size_then_it_alone_is_judged_there(self):
        self.assertRegex(self.text, r"plan --json, 1,000,000 memberships \| 2.5 s .*\| met \|")
        self.assertRegex(self.text, r"first run, 1,000 people, 7,000 memberships")

    def test_when_the_read_is_as_straight_as_a_line_then_its_growth_is_within(self):
        self.assertRegex(self.text, r"read, time of one more membership[^|]*\| 1 × .*\| met \|")
        self.assertRegex(self.text, r"read, memory of one more membership[^|]*\| 2 × .*\*\*NOT MET\*\*")

    def test_when_others_published_figures_then_their_source_is_linked(self):
        self.assertIn("[A page](https://example.com/)", self.text)

    def test_when_plots_are_written_then_they_are_shown_and_well_formed(self):
        plots = [name for name in self.files if name.endswith(".svg")]
        self.assertIn("performance-time.svg", plots)
        for name in plots:
            self.assertIn(f"({name})", self.text)
            minidom.parseString(self.files[name])
        self.assertIn("one change, watch mode", self.files["performance-time.svg"])

    def test_when_nothing_was_measured_then_nothing_is_claimed(self):
        text = report.files([MACHINE], PUBLISHED)["performance.md"]
        self.assertNotIn("Somebody", text)
        self.assertNotIn("whole program", text)


class GivenFiguresOfOthers(unittest.TestCase):
    def test_when_one_is_kept_then_it_has_a_source_and_a_measured_work_beside_it(self):
        for figure in json.loads(pathlib.Path(report.__file__).with_name("published.json").read_text()):
            self.assertTrue(figure["url"].startswith("http") and figure["source"] and figure["figure"])
            self.assertIn(figure["work"], report.WORKS)


class GivenTheMachineAtHand(unittest.TestCase):
    def test_when_asked_then_all_is_known(self):
        self.assertEqual(set(report.machine()), set(MACHINE))

    def test_when_a_file_is_written_then_it_takes_some_time(self):
        self.assertGreater(bench.write_and_sync(1000, rounds=1), 0)


class GivenAPlot(unittest.TestCase):
    def test_when_values_are_not_above_zero_then_they_are_left_out(self):
        self.assertEqual(plot.plot("t", "x", "y", {"a": [(1, 0), (1, 2), (10, 3)]}).count("<circle"), 2)

    def test_when_there_is_nothing_to_draw_then_it_is_an_error(self):
        with self.assertRaises(ValueError):
            plot.plot("t", "x", "y", {"a": [(0, 0)]})


if __name__ == "__main__":
    unittest.main()
