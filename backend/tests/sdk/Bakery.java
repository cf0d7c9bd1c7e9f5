// A program with something to see of every kind, profiled by Pyroscope's Java agent (given with -javaagent and set up
// by environment variables): CPU, allocations, and a lock that two threads want.
public class Bakery {
  static final Object oven = new Object();
  static long sum;

  static long kneadDough(int rounds) {
    long dough = 1;
    for (int i = 0; i < rounds; i++) dough = (dough * 31 + i) % 1_000_003;
    return dough;
  }

  static byte[] rollOut(int size) {
    byte[] sheet = new byte[size];
    sheet[size / 2] = 1;
    return sheet;
  }

  static void bake() {
    synchronized (oven) {
      sum += kneadDough(2_000_000);
    }
  }

  public static void main(String[] args) {
    for (int i = 0; i < 2; i++) {
      Thread baker = new Thread(() -> { while (true) bake(); }, "baker-" + i);
      baker.setDaemon(true);
      baker.start();
    }
    while (true) sum += rollOut(20_000).length + kneadDough(10_000);
  }
}
