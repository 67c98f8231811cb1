# Reads command lines and prints, for each, what fish offers at its end: the words, one a line, then an empty line.
# Argument: the folder with dirsyncd.fish.
source $argv[1]/dirsyncd.fish
while read -l line
    complete -C "$line" | string replace -r '\t.*' '' | sort -u
    echo
end
