#!/usr/bin/env bash
# Follows a page as a person at a terminal does: runs its commands one after the other, each on a terminal of its own, answers
# what they ask, and writes down what the terminal showed.
#
#   follow.sh COMMANDS ANSWERS TRANSCRIPT
#
# COMMANDS: shell text; a command may have several lines. The word DIGEST becomes the first 8 digits of the digest that was
# shown last. ANSWERS: lines of a question's end, a tab, and what is typed. Ends with 1 where a command fails, asks what nobody
# told, or takes more than two minutes.
set -euo pipefail
commands=$1 answers=$2 transcript=$3
export TERM=dumb NO_COLOR=1 SYSTEMD_PAGER=cat LC_ALL=C.UTF-8 SHELL=/bin/bash
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/keys"
seconds_for_one=120

# What a terminal would show in the end: without the keys' echo of a carriage return, overwritten progress, and colours.
as_seen() {
  sed -E -e 's/\x1b\[[0-9;?]*[a-zA-Z]//g' -e 's/\x1b[78=>]//g' -e 's/\r+$//' -e 's/.*\r//' -e 's/[\x00-\x08\x0e-\x1f]//g' \
    -e 's/Progress: \[ *[0-9]+%\] \[[#.]*\] ?//g' -e 's/ \(press TAB for no echo\) +/ /'
}

# Sets answer; fails where the line ends with no known question.
answer_to() { # line
  local question text
  while IFS=$'\t' read -r question text; do
    if [[ $1 == *"$question"* ]]; then
      answer=$text
      return 0
    fi
  done <"$answers"
  return 1
}

# The terminal's line that waits for keys, of what came since the last answer.
waiting_line() { tail -c "+$((answered + 1))" "$folder/shown" | tr -d '\0' | tail -n 1 | as_seen; }

run() { # command; what it shows is in $folder/shown
  local code=0 answer answered=0 terminal began=$SECONDS
  : >"$folder/shown"
  script --quiet --flush --return --echo always --log-out "$folder/shown" --command "stty cols 120 rows 50; $1" \
    <"$folder/keys" >/dev/null 2>&1 &
  terminal=$!
  exec 3>"$folder/keys"
  while kill -0 "$terminal" 2>/dev/null; do
    if answer_to "$(waiting_line)"; then
      answered=$(stat -c %s "$folder/shown")
      printf '%s\n' "$answer" >&3
    elif [ $((SECONDS - began)) -gt "$seconds_for_one" ]; then
      kill "$terminal"
    fi
    sleep 0.1
  done
  exec 3>&-
  wait "$terminal" || code=$?
  return "$code"
}

# One command, of as many lines as it has.
next_command() {
  local line
  command=
  while IFS= read -r line; do
    [ -n "$command$line" ] || continue
    command+=${command:+$'\n'}$line
    [ -n "$(bash -n <<<"$command" 2>&1)" ] || return 0
  done
  [ -n "$command" ]
}

digest=
shown_first=
while next_command <&4; do
  case $command in
    *DIGEST*) command=${command//DIGEST/${digest:?no digest was shown yet}} ;;
  esac
  printf '%s$ %s\n' "$shown_first" "${command//$'\n'/$'\n> '}" >>"$transcript"
  code=0
  run "$command" || code=$?
  # Its first and last line tell when script began and ended.
  sed -e '1{/^Script started/d}' -e '${/^Script done/d}' "$folder/shown" | as_seen | sed -e '${/^$/d}' >"$folder/seen"
  cat "$folder/seen" >>"$transcript"
  shown_first=$'\n'
  latest=$(grep -oE '^[Dd]igest: +[0-9a-f]{8,}' "$folder/seen" | tail -n 1 | grep -oE '[0-9a-f]+$' || true)
  [ -z "$latest" ] || digest=${latest:0:8}
  if [ "$code" != 0 ]; then
    printf '(exit %s)\n' "$code" >>"$transcript"
    printf 'WRONG this ended with %s: %s\n' "$code" "$command" >&2
    tail -n 30 "$folder/seen" >&2
    exit 1
  fi
done 4<"$commands"
