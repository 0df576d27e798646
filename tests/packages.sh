# Sourced (by bash) by the scripts that must work on a bare Debian 12 machine: the one list of packages.

# need_packages NAME...: installs those Debian packages that are missing; without any it does not touch the system.
need_packages() {
    local missing=() name
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    echo "installing ${missing[*]}" >&2
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# What the library and the command are built from, and what their tests need beside it.
build_packages=(cmake ninja-build g++ libsqlite3-dev nlohmann-json3-dev libsimdjson-dev libcli11-dev tzdata)
test_packages=(ccache pkg-config python3 doctest-dev libmstch-dev libc-bin binutils xz-utils python3-pytest python3-venv mypy)
full_packages=(clang-14)
