static inline long price(int item) {
    long sum = item;
    for (int i = 0; i < 5; i++)
        sum = sum * 31 + i;
    return sum;
}
