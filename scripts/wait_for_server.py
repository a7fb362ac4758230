"""wait_for_server.py ADDRESS SECONDS: until a server answers with 200; 1 if it does not in time."""

import sys
import time
import urllib.error
import urllib.request


def main(address: str, seconds: float) -> int:
    """Ask twice a second."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                if reply.status == 200:
                    return 0
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    print(f"{address} did not answer within {seconds:g} s", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], float(sys.argv[2])))
