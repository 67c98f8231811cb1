#!/usr/bin/env bash
# Writes docs/walkthrough.md of what follow.sh wrote down. What differs from one recording to the next (times, process ids,
# digests, sizes) stands there as one and the same.
#
#   page.sh TRANSCRIPT FILE
set -euo pipefail
transcript=$1 page=$2

steady() {
  sed -E \
    -e 's#[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z#2026-11-22T09:00:00.000Z#g' \
    -e 's#(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}#Sun 2026-11-22 09:00:00#g' \
    -e 's#[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}#2026-11-22 09:00:00#g' \
    -e 's#^[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} #Nov 22 09:00:00 #' \
    -e 's#\b[0-9]+(ms| ms)\b#1\1#g' \
    -e 's#\b[0-9]+s ago#1s ago#g' \
    -e 's#\[[0-9]+\]:#[100]:#g' \
    -e 's#(PID: )[0-9]+#\1100#' \
    -e 's#^( +[├└]─)[0-9]+ #\1100 #' \
    -e 's#\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b#ENTRY-UUID#g' \
    -e 's#\b[0-9.]+ ?[kKMG]i?B?\b#1M#g'
}

# The same digest is the same again: the first one becomes all 1, the second all 2 and so on; its first digits likewise.
steady_digests() {
  awk '{ lines[NR] = $0
    rest = $0
    while (match(rest, /[0-9a-f]+/)) {
      word = substr(rest, RSTART, RLENGTH)
      rest = substr(rest, RSTART + RLENGTH)
      if (length(word) == 64 && !(word in known)) { known[word] = sprintf("%x", ++count % 16); order[count] = word }
    }
  }
  function all(digit, size,   text) { while (length(text) < size) text = text digit; return text }
  END {
    for (line = 1; line <= NR; line++) {
      for (at = 1; at <= count; at++) {
        gsub(order[at], all(known[order[at]], 64), lines[line])
        gsub(substr(order[at], 1, 8), all(known[order[at]], 8), lines[line])
      }
      print lines[line]
    }
  }'
}

# Of a command that says much the beginning and the end.
shortened() {
  awk -v most=48 -v first=34 -v last=12 '
    function tell(   at) {
      for (at = 1; at <= count; at++) {
        if (count > most && at == first + 1) { print "   ..."; at = count - last + 1 }
        print said[at]
      }
      count = 0
    }
    /^\$ / { tell() }
    { said[++count] = $0 }
    END { tell() }'
}

{
  cat <<'TEXT'
# The way of installing.md, as the terminal shows it

Recorded by `./dev package record`, which follows [installing.md](installing.md) word by word: a fresh Debian 12 with systemd, a company of
200 people and 40 groups in OpenLDAP, a simulated Vault. Times, process ids, sizes and digests are replaced, so that a new recording differs only
where dirsyncd does; of long texts the middle is left out.

```console
TEXT
  steady <"$transcript" | steady_digests | shortened
  printf '```\n'
} >"$page.new"
mv "$page.new" "$page"
