// Two threads with names of their own: one adds up a table, one sorts it. Inlining and recursion included.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 1 << 16 };

static inline __attribute__((always_inline)) unsigned mix(unsigned x) {
    for (int i = 0; i < 8; i++) x = (x ^ (x >> 13)) * 0x9e3779b1u;
    return x;
}

static __attribute__((noinline)) unsigned price(const unsigned *items) {
    unsigned sum = 0;
    for (int i = 0; i < ITEMS; i++) sum += mix(items[i]);
    return sum;
}

static int by_value(const void *a, const void *b) {
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return x < y ? -1 : x > y;
}

static __attribute__((noinline)) unsigned descend(unsigned *items, int depth) {
    if (depth > 0) return descend(items, depth - 1) + 1;
    qsort(items, ITEMS, sizeof *items, by_value);
    return items[0];
}

static void *cart(void *arg) {
    volatile unsigned sum = 0;
    pthread_setname_np(pthread_self(), "cart worker");
    for (int round = 0; round < 700; round++) sum += price(arg);
    return NULL;
}

static void *search(void *arg) {
    volatile unsigned sum = 0;
    unsigned *items = malloc(ITEMS * sizeof *items);
    pthread_setname_np(pthread_self(), "search");
    for (int round = 0; round < 40; round++) {
        memcpy(items, arg, ITEMS * sizeof *items);
        sum += descend(items, 3);
    }
    free(items);
    return NULL;
}

int main(void) {
    unsigned *items = malloc(ITEMS * sizeof *items);
    for (int i = 0; i < ITEMS; i++) items[i] = mix(i);
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, cart, items);
    pthread_create(&threads[1], NULL, search, items);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    printf("%u\n", price(items));
    free(items);
    return 0;
}
