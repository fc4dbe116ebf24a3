"""`python launch.py FD PATIENCE COMMAND...`: runs a command as a small process's child, and tells FD what it took.

What a parent has in memory when it starts a child is counted as the child's, so that a large parent would be measured
itself. A command that takes longer than the patience, in seconds, is ended; 0 is no limit.
"""

import json
import os
import signal
import sys
import time


def main(fd: int, patience: float, command: list[str]) -> None:
    """Exits with 0 whatever the command did."""
    os.set_inheritable(fd, False)
    began = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, setsigdef=[signal.SIGPIPE])
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, patience)
    _, status, used = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    said = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "kib": used.ru_maxrss}
    os.write(fd, json.dumps(said | {"code": os.waitstatus_to_exitcode(status)}).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
