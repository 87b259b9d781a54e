#!/bin/sh
# Prepares the machine for one of Vigie's make targets. Run again, it only checks, in about a second.
#
#   tools/setup.sh run     .venv with Vigie and what it needs to serve          (make demo)
#   tools/setup.sh dev     ... and what it takes to develop and measure          (make lint, make bench)
#   tools/setup.sh test    ... a Chromium for the browser tests, Spark and Java  (make test)
#
# PYTHON=/path/to/python3 chooses the interpreter, VIGIE_CHROMIUM=/path/to/chromium the browser, JAVA_HOME=/path/to/java the
# Java. Where something must be installed on the system and there is no right to do so, the exact command is printed and
# nothing is half done.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
log=$(mktemp)
trap 'rm -f "$log"' EXIT

say() { printf '%s\n' "$*" >&2; }

# fail WHAT MEND...: one line for what is wrong, then one indented line for each command that would mend it.
fail() {
    say "error: $1"
    shift
    for line in "$@"; do say "    $line"; done
    exit 1
}

# quietly COMMAND...: its output is shown only when it fails.
quietly() {
    "$@" >"$log" 2>&1 || {
        status=$?
        tail -n 40 "$log" >&2
        return $status
    }
}

is_root() { [ "$(id -u)" -eq 0 ]; }
may_be_root() { is_root || sudo -n true 2>/dev/null; }
as_root() { if is_root; then "$@"; else sudo -n "$@"; fi; }

# apt_install WHY PACKAGE...
apt_install() {
    why=$1
    shift
    command -v apt-get >/dev/null || fail "$why, and this system has no apt-get to install it with." \
        "Install the equivalent of: $*"
    may_be_root || fail "$why. Installing it needs root; run:" \
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" "then run make again."
    say "Installing $* (apt)..."
    quietly as_root apt-get -qq update || fail "apt-get update failed (see above)."
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" ||
        fail "apt-get could not install $* (see above)."
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

choose_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null && is_recent "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    found=$(${PYTHON:-python3} --version 2>&1 || true)
    fail "Vigie needs Python 3.11 or later; ${PYTHON:-python3} says: $found" \
        "On Debian 12 or Ubuntu 24.04 and later: sudo apt-get install -y python3 python3-venv" \
        "Elsewhere, name one: PYTHON=/path/to/python3.11 make demo"
}

make_venv() {
    if [ -x $venv/bin/python ] && is_recent $venv/bin/python && $venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    python=$(choose_python)
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        apt_install "$version has no venv module (Debian packages it apart)" "$version-venv"
    say "Creating $venv with $("$python" --version)..."
    rm -rf $venv
    quietly "$python" -m venv $venv || fail "$python could not create $venv (see above)."
}

# install_lock LOCK [PACKAGE]: exactly what the lock names, hashes checked, wheels only (but for PACKAGE, built here with the
# setuptools of the development lock), then Vigie itself from this tree.
install_lock() {
    source=${2:+--no-binary $2 --no-build-isolation}
    state="$(cat "$1" pyproject.toml | cksum) $($venv/bin/python -V)"
    stamp=$venv/.installed-$1
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ] && [ -x $venv/bin/vigie ]; then
        return
    fi
    say "Installing $(grep -c == "$1") packages from $1 (hashes checked)..."
    pip="$venv/bin/python -m pip --disable-pip-version-check --quiet install"
    quietly $pip --require-hashes --only-binary :all: $source --no-deps -r "$1" ||
        fail "pip could not install $1 (see above). Is a package index reachable from here?"
    quietly $pip --no-deps --no-build-isolation --editable . || fail "pip could not install Vigie itself (see above)."
    echo "$state" >"$stamp"
}

chromium_works() { $venv/bin/python -m tests.support.browser >"$log" 2>&1; }

# Debian has Chromium as a package. Ubuntu's package of that name is only a pointer to a snap, which a test cannot
# drive and a container cannot run: there, as on macOS, Playwright's own build is fetched.
# libatomic1 is for Playwright's driver; a minimal Debian does not have it.
install_chromium() {
    if [ -n "${VIGIE_CHROMIUM:-}" ]; then
        tail -n 5 "$log" >&2
        fail "VIGIE_CHROMIUM=$VIGIE_CHROMIUM cannot be driven (see above)." "Name another, or unset it."
    fi
    why="The browser tests need a Chromium that starts, and there is none"
    if ! command -v apt-get >/dev/null; then
        fetch_chromium
    elif grep -Eqi '^ID(_LIKE)?=.*ubuntu' /etc/os-release; then
        may_be_root || fail "$why. Installing its libraries needs root; run:" \
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends libatomic1" \
            "sudo $venv/bin/python -m playwright install-deps chromium" \
            "then run make again, or name a browser: VIGIE_CHROMIUM=/path/to/chromium make test"
        apt_install "$why" libatomic1
        say "Installing the libraries of Chromium (apt)..."
        quietly as_root $venv/bin/python -m playwright install-deps chromium ||
            fail "They could not be installed (see above)."
        fetch_chromium
    else
        apt_install "$why" chromium fonts-dejavu-core libatomic1
    fi
    chromium_works || {
        tail -n 20 "$log" >&2
        fail "Chromium was installed and still does not start (see above)." \
            "Name another: VIGIE_CHROMIUM=/path/to/chromium make test"
    }
}

fetch_chromium() {
    say "Fetching Chromium (Playwright's build)..."
    quietly $venv/bin/python -m playwright install chromium || fail "Playwright could not fetch Chromium (see above)." \
        "Name a Chromium or Chrome that is installed: VIGIE_CHROMIUM=/path/to/chromium make test"
}

# Spark runs on Java, 17 or later.
java_works() { "${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])'; }

install_java() {
    why="The tests run the tables on Spark too, which needs a Java 17 or later"
    [ -z "${JAVA_HOME:-}" ] || fail "$why, and JAVA_HOME=$JAVA_HOME has none." "Name another, or unset it."
    apt_install "$why" default-jre-headless
    java_works || fail "$why, and this system installs an older one." "Install one, and name it: JAVA_HOME=/path/to/java make test"
}

case ${1:-} in
run)
    make_venv
    install_lock requirements.lock
    ;;
dev)
    make_venv
    install_lock requirements-dev.lock
    ;;
test)
    make_venv
    install_lock requirements-dev.lock
    chromium_works || install_chromium
    java_works || install_java
    install_lock requirements-spark.lock pyspark
    ;;
*) fail "unknown part '${1:-}'" "usage: tools/setup.sh run|dev|test" ;;
esac
