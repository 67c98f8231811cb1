#!/usr/bin/env bash
# Asks each shell what it offers after every command of dirsyncd, and compares that with --help.
# Arguments: the program, the root of the sources. Ends with 1 where something is missing or too much.
set -euo pipefail
program=$1
here=$2/tests/completion
words=$2/completion
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work XDG_CACHE_HOME=$work # shells keep things there
status=0

options_of() { "$program" "$@" --help | sed -n '/^Options:/,/^$/s/^  \(-[^ ]*\).*/\1/p' | tr , '\n' | grep '^--' || true; }
commands_of() { "$program" "$@" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][^ ]*\).*/\1/p'; }

# Options of the program alone hold after every command but for --version.
everywhere=$(options_of | grep -v '^--version$')

expect() { # line, then what is offered, one a line
  printf '%s\n' "$1" >>"$work/lines"
  printf '%s\n' "$2" | sed '/^$/d' | sort -u >>"$work/expected"
  echo >>"$work/expected"
}

walk() { # command...
  local below line
  below=$(commands_of "$@")
  line=$(printf '%s ' dirsyncd "$@")
  expect "$line--" "$(options_of "$@"; echo "$everywhere")"
  [ $# = 0 ] || expect "dirsyncd --json --config here ${line#dirsyncd }--" "$(options_of "$@"; echo "$everywhere")"
  [ -n "$below" ] || return 0
  expect "$line" "$below"
  for word in $below; do walk "$@" "$word"; done
}

walk
[ "$(wc -l <"$work/lines")" -gt 40 ] || { echo "--help was not understood"; exit 1; }
expect 'dirsyncd pl' plan
expect 'dirsyncd --config x pl' plan
expect 'dirsyncd sync --detailed' --detailed-exitcode
expect 'dirsyncd log --group plan ver' verify
expect 'dirsyncd plan --log-level ' $'trace\ndebug\ninfo\nwarn\nerror'
expect 'dirsyncd log --format ' $'table\njson\ncsv'
expect 'dirsyncd log --format j' json
expect 'dirsyncd console list --query-type ' $'SHOW_CURRENT\nSHOW_ANCESTORS\nSHOW_DESCENDANTS\nSHOW_ALL'
touch "$work/some-file.toml"
expect 'dirsyncd --config some-' some-file.toml
expect 'dirsyncd plan --config some-' some-file.toml

compare() { # shell, command that asks it...
  local shell=$1
  shift
  if ! command -v "$shell" >/dev/null; then
    echo "$shell: not installed"
    status=1
    return
  fi
  # Bash and zsh offer options together with commands or without; a command is what counts where no dash was typed.
  (cd "$work" && "$@" <lines) | awk -v lines="$work/lines" '
    BEGIN { getline line < lines }
    /^$/ { print; getline line < lines; next }
    /^-/ && line !~ /-[a-z-]*$/ { next }
    { print }' >"$work/$shell"
  if diff -U3 "$work/expected" "$work/$shell" >"$work/difference"; then
    echo "$shell: $(wc -l <"$work/lines") lines, as in --help"
  else
    echo "$shell: offers (+) what --help does not have, or lacks (-) what it has:"
    cat "$work/difference"
    status=1
  fi
}

compare bash bash "$here/ask_bash.bash" "$words"
compare zsh timeout 120 zsh -f "$here/ask_zsh.zsh" "$words"
compare fish fish --no-config "$here/ask_fish.fish" "$words"
exit $status
