"""What the Python clients' checks share: each check is a function, and a line of output says how it ended."""

import os
import time

GROUP_WAIT_SECONDS = 40


class Skipped(Exception):
    """The client cannot do this."""


def run(checks):
    """Runs (name, function) pairs and prints "ok NAME", "skip NAME: why" or "not ok NAME: why" for each."""
    for name, check in checks:
        try:
            check()
            print(f"ok {name}", flush=True)
        except Skipped as reason:
            print(f"skip {name}: {reason}", flush=True)
        except Exception as failure:  # Whatever it is, the test shows it.
            why = f"{type(failure).__name__}: {failure}".replace("\n", " ")
            print(f"not ok {name}: {why[:600]}", flush=True)


def equal(expected, actual):
    if expected != actual:
        raise AssertionError(f"expected {str(expected)[:200]} but was {str(actual)[:200]}")


def until(what, condition):
    """Calls condition until it is true."""
    deadline = time.monotonic() + GROUP_WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {GROUP_WAIT_SECONDS} s")


def records(count):
    """Keys and values that compress, and are long enough for more than one batch."""
    return [(b"key-%d" % i, b"value-%d-" % i + b"x" * (i % 300)) for i in range(count)]


LARGE = os.urandom(1 << 20)
