#!/bin/sh
# check_header.sh <C compiler> <C++ compiler> <include folder> <header>: the header alone, in every language that may include it.
set -e
c=$1 cxx=$2 include=$3 header=$4
flags="-fsyntax-only -pedantic-errors -Wall -Wextra -Wshadow -Werror -I $include"
unit=$(mktemp -d)
trap 'rm -rf "$unit"' EXIT
echo "#include \"$header\"" > "$unit/alone.c"
echo "#include \"$header\"" >> "$unit/alone.c"
cp "$unit/alone.c" "$unit/alone.cpp"
case $header in
*.hpp) ;;
*)
    for standard in c99 c11; do
        $c -std=$standard $flags -Wstrict-prototypes "$unit/alone.c"
    done
    ;;
esac
for standard in c++17 c++20; do
    $cxx -std=$standard $flags "$unit/alone.cpp"
done
