#!/bin/sh
# Writes requirements.lock, requirements-dev.lock and requirements-spark.lock from pyproject.toml: exact versions with their
# hashes, good for Linux, macOS and Windows on every Python from 3.11 up, with no index host named. Versions already locked
# stay where they still fit; `tools/lock.sh --upgrade` takes the newest.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

"$python" -m uv --version >/dev/null 2>&1 || "$python" -m pip install --quiet "uv>=0.9"

# The build backend is locked too (with what it needs for an editable install), so that
# `pip install --no-build-isolation -e .` fetches nothing that has no hash.
backend=$("$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], "editables", sep="\n")')

# pyspark comes as source only, and needs only its lock beside that of development.
spark=$("$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], sep="\n")')

# compile OUTPUT REQUIREMENTS ARGUMENTS...
compile() {
    output=$1
    requirements=$2
    shift 2
    printf '%s\n' "$requirements" | "$python" -m uv pip compile - "$@" \
        --universal --python-version 3.11 --generate-hashes --no-config \
        --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command "make lock" --quiet --output-file "$output"
    echo "$output: $(grep -c '==' "$output") packages"
}

compile requirements.lock "$backend" pyproject.toml --no-build "$@"
compile requirements-dev.lock "$backend" pyproject.toml --no-build --extra dev --constraint requirements.lock "$@"
compile requirements-spark.lock "$spark" --only-binary :all: --no-binary pyspark --constraint requirements-dev.lock "$@"
