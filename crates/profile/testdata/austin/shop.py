"""Two threads: one adds up a cart, one sorts a search and waits now and then."""
import threading
import time


def price(item):
    total = item
    for i in range(30):
        total = (total * 31 + i) % 65521
    return total


def cart(items, until):
    while time.monotonic() < until:
        sum(price(item) for item in items)


def search(items, until):
    while time.monotonic() < until:
        sorted(items, key=lambda item: (item * 7919) % 10007)
        time.sleep(0.002)


if __name__ == "__main__":
    items, until = list(range(2000)), time.monotonic() + 0.8
    workers = [threading.Thread(target=work, args=(items, until), name=work.__name__) for work in (cart, search)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
