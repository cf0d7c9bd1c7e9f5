// Allocates in two places, keeps some of it, and works in between.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

static std::vector<char *> kept;

__attribute__((noinline)) void cart(int round) {
    for (int i = 0; i < 100; i++) {
        char *item = static_cast<char *>(malloc(1000 + i));
        item[0] = round;
        if (i % 10 == 0) kept.push_back(item); else free(item);
    }
}

__attribute__((noinline)) unsigned long search(int round) {
    std::string text;
    for (int i = 0; i < 2000; i++) text += std::to_string(i * round);
    unsigned long sum = 0;
    for (int pass = 0; pass < 40; pass++)
        for (char c : text) sum = sum * 31 + c;
    return sum;
}

int main() {
    unsigned long sum = 0;
    for (int round = 0; round < 1500; round++) {
        cart(round);
        sum += search(round);
    }
    printf("%lu\n", sum);
    return 0;
}
