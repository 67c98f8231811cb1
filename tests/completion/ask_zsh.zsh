# Reads command lines and prints, for each, what zsh offers at its end: the words, one a line, then an empty line.
# Completion runs in a zsh of its own on a pseudo terminal, because it works nowhere else.
# Argument: the folder with _dirsyncd.
zmodload zsh/zpty
zpty shell zsh -f -i
ask() { # commands for the shell
  zpty -w shell "$1"
  zpty -r shell ignored "*ready$2*" || exit 1
}
setup=$(mktemp)
trap 'rm -f $setup' EXIT
cat >$setup <<SETUP
PROMPT=
fpath=($1 \$fpath)
autoload -Uz compinit
compinit -u -D
zstyle ':completion:*' list-grouped false
# Says what would be offered instead of offering it.
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "\$@"
    return
  fi
  local -a offered
  builtin compadd -A offered "\$@"
  builtin compadd "\$@"
  [[ \$# -eq 0 || \${#offered} -eq 0 ]] || print -r -l -- \${offered/#/offered:}
}
finish() { print -r -- answer-ends }
offer() { zle -I; comppostfuncs=(finish); zle complete-word; BUFFER= }
zle -C complete-word complete-word _main_complete
zle -N offer
bindkey '^I' offer
bindkey '^U' kill-whole-line
stty -echo
SETUP
ask ". $setup; print ready''1" 1
while IFS= read -r line; do
  zpty -n -w shell $'\025'"$line"$'\t'
  zpty -r shell answer '*answer-ends*' || exit 1
  print -r -- "$answer" | tr -d '\r' | sed -n 's/^.*offered:\([^ ]*\).*$/\1/p' | sort -u
  print
done
zpty -d shell
