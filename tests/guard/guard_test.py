#!/usr/bin/python3
"""What guard.py makes of counts. The figures here are made up."""
import unittest

import guard


class GivenCallgrindsOutput(unittest.TestCase):
    def test_when_parsed_then_name_and_total_are_found(self):
        text = "version: 1\ndesc: Trigger: Client Request: DN interning/20\nevents: Ir\nsummary: 0\n\ntotals: 6005\n"
        self.assertEqual(guard.parse_dump(text), ("DN interning/20", 6005))

    def test_when_it_is_the_end_of_the_program_then_it_is_no_count(self):
        self.assertIsNone(guard.parse_dump("desc: Trigger: Program termination\ntotals: 0\n"))


class GivenRecordedCounts(unittest.TestCase):
    recorded = guard.read_counts(guard.write_counts({"planner": 2_000_000, "Vault list": 1_000_000}))

    def test_when_written_and_read_then_they_are_the_same_in_thousands(self):
        self.assertEqual(self.recorded, {"planner": 2000, "Vault list": 1000})

    def test_when_the_same_then_all_is_well(self):
        self.assertTrue(guard.compare(self.recorded, {"planner": 2_050_000, "Vault list": 990_000})[1])

    def test_when_one_is_slower_then_it_is_named(self):
        lines, is_well = guard.compare(self.recorded, {"planner": 2_200_000, "Vault list": 1_000_000})
        self.assertFalse(is_well)
        self.assertIn("SLOWER", lines[0])

    def test_when_one_is_faster_then_it_is_well_and_said(self):
        lines, is_well = guard.compare(self.recorded, {"planner": 1_000_000, "Vault list": 1_000_000})
        self.assertTrue(is_well)
        self.assertIn("faster", lines[0])

    def test_when_one_is_missing_on_either_side_then_it_is_not_well(self):
        self.assertFalse(guard.compare(self.recorded, {"planner": 2_000_000})[1])
        self.assertFalse(guard.compare({}, {"planner": 2_000_000})[1])


class GivenADoubledDimension(unittest.TestCase):
    @staticmethod
    def verdict(work):
        return guard.growth({f"people/{n}": work(n) for n in (1000, 2000, 4000)})[1]

    def test_when_linear_then_well(self):
        self.assertTrue(self.verdict(lambda n: 5_000_000 + 300 * n))

    def test_when_n_log_n_then_well(self):
        self.assertTrue(self.verdict(lambda n: 300 * n * n.bit_length()))

    def test_when_it_does_not_matter_then_well(self):
        self.assertTrue(self.verdict(lambda n: 5_000_000 + (n * 7919) % 1000))

    def test_when_quadratic_then_too_steep(self):
        self.assertFalse(self.verdict(lambda n: 5_000_000 + n * n))

    def test_when_linear_with_a_quadratic_part_then_too_steep(self):
        self.assertFalse(self.verdict(lambda n: 3000 * n + n * n))


if __name__ == "__main__":
    unittest.main()
