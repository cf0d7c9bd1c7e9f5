"""A program with something to see, profiled by pyroscope-io. Argument: the server's address."""

import sys

import pyroscope

pyroscope.configure(
    application_name="python-bakery",
    server_address=sys.argv[1],
    tags={"oven": "right"},
    upload_interval=2,
)


def knead_dough(rounds):
    dough = 1
    for i in range(rounds):
        dough = (dough * 31 + i) % 1000003
    return dough


while True:
    knead_dough(100_000)
