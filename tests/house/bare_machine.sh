#!/usr/bin/env bash
# bare_machine.sh SOURCE: on a machine with nothing installed, both commands of README.md ask Debian for every package the build needs
# before they build. Stand-ins take the place of dpkg-query and apt-get; the latter notes what it is asked for and fails, so nothing is built.
set -euo pipefail
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/dpkg-query"
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
cat >"$work/bin/apt-get" <<END
#!/bin/sh
[ "\$1" = install ] || exit 0
echo "\$@" >"$work/asked"
exit 1
END
chmod +x "$work"/bin/*

. "$source/tests/packages.sh"
for command in examples/quickstart.sh tests/run.sh; do
    rm -f "$work/asked"
    if PATH="$work/bin:$PATH" CARTBELL_QUICKSTART="$work/quickstart" "$source/$command" >"$work/said" 2>&1; then
        echo "$command went on without its packages"
        exit 1
    fi
    [ -f "$work/asked" ] || { echo "$command asked for no package:"; cat "$work/said"; exit 1; }
    for package in "${build_packages[@]}"; do
        grep -qw -- "$package" "$work/asked" || { echo "$command does not ask for $package"; exit 1; }
    done
    [ ! -e "$work/quickstart/build" ] || { echo "$command built before it had its packages"; exit 1; }
done
[ "${#build_packages[@]}" -gt 0 ]
