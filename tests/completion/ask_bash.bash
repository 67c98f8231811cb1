# Reads command lines and prints, for each, what bash offers at its end: the words, one a line, then an empty line.
# Argument: the folder with dirsyncd.bash.
source "$1/dirsyncd.bash"
while IFS= read -r line; do
  spread=${line//=/ = } # as readline does
  read -ra COMP_WORDS <<<"$spread"
  [[ $line != *\  ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _dirsyncd
  printf '%s\n' "${COMPREPLY[@]}" | sort -u | sed '/^$/d'
  echo
done
