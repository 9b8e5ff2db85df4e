# Shell functions that the scripts share; sourced, never run. SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BUILD_DIR="${ARRAYWRIGHT_BUILD_DIR:-$ROOT/build}"

say() { printf 'arraywright: %s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 2
}

# The names in scripts/packages.txt.
listed_packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$ROOT/scripts/packages.txt"; }

# Those of the packages $@ that are not installed. One query: fast when nothing is missing.
missing_packages() {
    local installed
    installed="$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^installed //p' || true)"
    printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

# Installs what is missing of the packages $@; silent if nothing is.
install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "this is no Debian system: please see that these are installed: $*"
        return
    fi
    local missing root=()
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "as root, run: apt-get install ${missing[*]}"
        root=(sudo)
    fi
    say "installing: ${missing[*]}"
    "${root[@]}" apt-get update -q >&2 || say "apt-get update failed, going on with its old lists"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}" >&2 ||
        die "apt-get could not install: ${missing[*]}"
}

# Configures $BUILD_DIR (again, if there are arguments for cmake) and builds everything.
build() {
    if [ ! -f "$BUILD_DIR/build.ninja" ] || [ "$#" -gt 0 ]; then
        cmake -G Ninja -S "$ROOT" -B "$BUILD_DIR" "$@"
    fi
    ninja -C "$BUILD_DIR"
}
