"""Every test, as two programs side by side (the pages and the rest), so that two cores are both at work.

python tools/test.py                    the whole suite; the last line counts both
python tools/test.py tests/journal -x   one pytest, with these arguments
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTEST = (sys.executable, "-m", "pytest")
PAGES = ("tests/web",)
REST = ("tests", "--ignore=tests/web", "-o", "cache_dir=.pytest_cache/rest")
COUNT = re.compile(r"(\d+) (passed|failed|skipped|deselected|errors?|xfailed|xpassed)")
CLOSING = re.compile(r"^(?:=+ )?\d+ (?:passed|failed|skipped|errors?|deselected).* in ([\d.]+)s", re.MULTILINE)


def main(arguments: list[str]) -> int:
    if arguments:
        return subprocess.run([*PYTEST, *arguments], cwd=ROOT).returncode
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as kept:
        rest = subprocess.Popen([*PYTEST, *REST], cwd=ROOT, stdout=kept, stderr=subprocess.STDOUT)
        try:
            pages, said = followed()
            code = rest.wait()
        finally:
            rest.kill()
        kept.seek(0)
        others = kept.read()
    print(f"\n{others}")
    print(closing(said, others))
    return pages or code


def followed() -> tuple[int, str]:
    """Run the tests of the pages, shown as they go. Its exit code and what it said."""
    pages = subprocess.Popen([*PYTEST, *PAGES], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = []
    assert pages.stdout is not None
    while part := pages.stdout.read1(4096):
        sys.stdout.write(text := part.decode("utf-8", "replace"))
        sys.stdout.flush()
        said.append(text)
    return pages.wait(), "".join(said)


def closing(*outputs: str) -> str:
    """One line in pytest's own words for all of them; it says so when one of them never came to its end."""
    found: Counter[str] = Counter()
    seconds, ends = 0.0, 0
    for output in outputs:
        for line in CLOSING.finditer(output):
            ends += 1
            seconds = max(seconds, float(line[1]))
            found.update(
                {word.rstrip("s") if word.startswith("error") else word: int(n) for n, word in COUNT.findall(line[0])}
            )
    if ends < len(outputs):
        found["error"] += 1
    order = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "error")
    return ", ".join(f"{found[word]} {word}" for word in order if found[word]) + f" in {seconds:.2f}s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
