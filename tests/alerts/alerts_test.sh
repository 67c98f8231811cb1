#!/usr/bin/env bash
# The alerts and the dashboard: whether Prometheus takes the rules, what they say of figures over time, and whether every
# metric in them is one that the service has (docs/service.md).
set -euo pipefail
docs=$1/docs
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cp "$docs/alerts.yml" "$1/tests/alerts/alerts_test.yml" "$work"
cd "$work"
promtool check rules alerts.yml
promtool test rules alerts_test.yml

names_in() { grep -oE 'dirsyncd_[a-z_]+' "$@" | sort -u; }
names_in "$docs/service.md" >known
# Of a histogram Prometheus has the buckets.
names_in -h "$docs/alerts.yml" "$docs/dashboard.json" | sed 's/_bucket$//' >used
if ! comm -13 known used | tee unknown | { ! grep .; }; then
  echo "the service has no such metrics"
  exit 1
fi
comm -23 <(grep -oE '^\| `dirsyncd_[a-z_]+' "$docs/service.md" | tr -d '|` ' | sort -u) used >unused
if [ -s unused ]; then
  echo "no panel and no alert shows:"
  cat unused
  exit 1
fi
