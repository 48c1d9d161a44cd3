"""Advisory locks on files: the kernel gives them back however the holder ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType


class FileLock:
    """A lock on `file`, shared by many or exclusive to one; held until `release` or the end of the process."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle: int | None = None

    def try_to_take(self, *, shared: bool = False) -> bool:
        """True when the lock is ours now."""
        if self._handle is None:
            self._handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self, *, shared: bool = False, seconds: float = 120) -> None:
        """Wait for the lock; raises TimeoutError after `seconds`."""
        end = time.monotonic() + seconds
        while not self.try_to_take(shared=shared):
            if time.monotonic() > end:
                self.release()
                raise TimeoutError(f"{self.file} has been locked by another process for {seconds:.0f} seconds")
            time.sleep(0.02)

    def release(self) -> None:
        """Give the lock back; harmless when it isn't held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


@contextmanager
def exclusive(file: Path, *, seconds: float = 120) -> Iterator[None]:
    """Hold `file` alone for the length of the block."""
    with FileLock(file) as lock:
        lock.take(seconds=seconds)
        yield


def is_alive(pid: int) -> bool:
    """True for a running process; a zombie that pid 1 has not reaped yet is dead."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError):
        # "PID (name) STATE …"; the name may hold blanks and brackets, so read from its end.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True
