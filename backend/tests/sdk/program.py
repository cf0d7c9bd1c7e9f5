"""A program with something to see, profiled by pyroscope-io. Argument: the server's address."""

import os
import sys

import pyroscope

pyroscope.configure(
    application_name="python-bakery",
    server_address=sys.argv[1],
    tags={"oven": "right"},
    upload_interval=2,
    # Any name will do with a token.
    basic_auth_username="profiler" if "TOKEN" in os.environ else "",
    basic_auth_password=os.environ.get("TOKEN", ""),
    enable_logging="TOKEN" in os.environ,
)


def knead_dough(rounds):
    dough = 1
    for i in range(rounds):
        dough = (dough * 31 + i) % 1000003
    return dough


while True:
    knead_dough(100_000)
