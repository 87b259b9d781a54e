"""The machine that measured: figures mean little without it."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

FSYNCS = 50
PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor, cores this process may use, Python, system, and the median time of one fsync of 4 kB where the
    measures write (TMPDIR chooses where)."""

    processor: str
    cores: int
    python: str
    system: str
    fsync_ms: float

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, Python {self.python}, {self.system}, "
            f"fsync of 4 kB in {self.fsync_ms:.2f} ms (median of {FSYNCS}, in {tempfile.gettempdir()})"
        )


def this_machine() -> Machine:
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
        fsync_ms=_fsync_ms(),
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _fsync_ms() -> float:
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(FSYNCS):
            file.write(bytes(PAGE_BYTES))
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000
