#!/usr/bin/env bash
# Writes docs/terminal.md: what a person sees of the first day with dirsyncd, from a real run on the demo's company. What
# differs from run to run (times, ports, folders, digests) stands there as one and the same.
# Usage: record.sh FOLDER_OF_PROGRAMS FILE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1
file=$2
. "$here/stage.sh"

has_command() { "$bin/dirsyncd" --help | grep -qE "^ +$1( |$)"; }

# Equal digests stay equal, whole or shortened to 12 digits: the first one becomes all 1, the second all 2 and so on.
steady() {
  sed -E \
    -e "s# --config $work/dirsyncd.toml##g" \
    -e "s#$work#/home/ada/demo#g" \
    -e 's#(127\.0\.0\.1|localhost):[0-9]+#\1:PORT#g' \
    -e 's#[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z#2026-11-22T09:00:00.000Z#g' \
    -e 's#[0-9]{4}-[0-9]{2}-[0-9]{2}([^T]|$)#2026-11-22\1#g' \
    -e 's#\b[0-9]+ ms\b#1 ms#g' \
    -e 's#\b[0-9]+ s (ahead of|behind) that#0 s \1 that#g' \
    -e 's#\b[0-9]+ (GiB|MiB)\b#100 \1#g' \
    -e 's#[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}#ENTRY-UUID#g' |
    awk 'BEGIN {
      for (at = 0; at < 12; at++) digits = digits "[0-9a-f]"
      digits = digits "[0-9a-f]*"
    }
    {
      out = ""
      while (match($0, digits)) {
        shown = digest = substr($0, RSTART, RLENGTH)
        if (RLENGTH == 12 || RLENGTH == 64) {
          name = substr(digest, 1, 12)
          if (!(name in known)) known[name] = sprintf("%x", ++count % 16)
          gsub(/./, known[name], shown)
        }
        out = out substr($0, 1, RSTART - 1) shown
        $0 = substr($0, RSTART + RLENGTH)
      }
      print out $0
    }'
}

section() { printf '\n## %s\n' "$1"; }
note() { printf '\n%s\n' "$*"; }
# A command with what it says; of more than MOST lines the beginning and the end.
show() { # most, words...
  local most=$1 code=0 text
  shift
  text=$("$bin/dirsyncd" --config "$work/dirsyncd.toml" "$@" 2>&1) || code=$?
  printf '\n```console\n$ dirsyncd %s\n' "$*"
  if [ "$(wc -l <<<"$text")" -gt "$most" ]; then
    head -n $((most - 4)) <<<"$text"
    printf '   ...\n'
    tail -n 4 <<<"$text"
  else
    printf '%s\n' "$text"
  fi
  [ $code = 0 ] || printf '$ echo $?\n%d\n' "$code"
  printf '```\n'
}

story() {
  cat <<'TEXT'
# A first day, as the terminal shows it

Recorded by `./dev demo record` from a real run: a company of 200 people and 40 groups in OpenLDAP, a simulated Vault and a simulated
console. Times, ports, folders and digests are replaced, so that a new recording differs only where dirsyncd does.
TEXT
  if has_command init; then
    section 'A configuration to begin with'
    show 40 init --help
  fi
  section 'Is the configuration right?'
  show 40 config check
  if has_command doctor; then
    section 'Is everything around it right?'
    show 60 doctor
  fi
  section 'What would a first run do, and why?'
  show 26 plan
  section 'A first plan waits for a person'
  show 12 sync --yes
  show 12 approve "$(digest | cut -c1-12)"
  show 8 sync --yes
  section 'Once more: nothing is left to do'
  show 12 sync --yes
  section 'The directory changes'
  note 'u023 leaves team-07, u001 joins it, u039 is disabled.'
  change_directory
  show 40 plan
  show 12 sync --yes
  section 'Where things stand'
  show 40 status
  show 20 log verify
}

start_company
story 2>&1 | steady >"$work/terminal.md"
cp "$work/terminal.md" "$file"
