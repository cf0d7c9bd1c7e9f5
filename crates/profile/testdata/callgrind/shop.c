// A small program with a call from two places, recursion and an inlined function.
#include <stdio.h>
#include <stdlib.h>
#include "price.h"

static __attribute__((noinline)) int by_value(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return x < y ? -1 : x > y;
}

static __attribute__((noinline)) long fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static __attribute__((noinline)) long total(const int *items, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) sum += price(items[i]);
    return sum;
}

static __attribute__((noinline)) long cart(int *items, int count) {
    qsort(items, count, sizeof *items, by_value);
    return total(items, count);
}

static __attribute__((noinline)) long report(int *items, int count) { return total(items, count / 4) + fib(12); }

int main(void) {
    int items[1000];
    for (int i = 0; i < 1000; i++) items[i] = (i * 7919) % 1000;
    printf("%ld\n", cart(items, 1000) + report(items, 1000));
    return 0;
}
