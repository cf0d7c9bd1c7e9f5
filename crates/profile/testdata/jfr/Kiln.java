// A small program with something to see of every kind: sorting (CPU), garbage (allocations), a lock that two
// threads want (contention), a thread that is parked most of the time, and one that waits in native code.
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

public class Kiln {
  static final Object door = new Object();
  static long sink;

  static double[] fire(int n) {
    Random random = new Random(n);
    double[] heat = new double[n];
    for (int i = 0; i < n; i++) heat[i] = random.nextDouble();
    Arrays.sort(heat);
    return heat;
  }

  static String glaze(int n) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) text.append("{\"pot\":").append(i).append('}');
    return text.toString();
  }

  static void load() {
    synchronized (door) {
      sink += fire(60_000).length;
    }
  }

  static void rest() {
    LockSupport.parkNanos(30_000_000);
  }

  static void listen(ServerSocket bell) {
    try {
      bell.accept();
    } catch (SocketTimeoutException nobody) {
      sink++;
    } catch (java.io.IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  public static void main(String[] args) throws Exception {
    long end = System.currentTimeMillis() + Integer.parseInt(args[0]);
    Thread[] threads = new Thread[4];
    for (int i = 0; i < 2; i++) {
      threads[i] = new Thread(() -> { while (System.currentTimeMillis() < end) load(); }, "loader-" + i);
    }
    threads[2] = new Thread(() -> { while (System.currentTimeMillis() < end) rest(); }, "night-watch");
    ServerSocket bell = new ServerSocket(0);
    bell.setSoTimeout(200);
    threads[3] = new Thread(() -> { while (System.currentTimeMillis() < end) listen(bell); }, "doorbell");
    for (Thread thread : threads) thread.start();
    while (System.currentTimeMillis() < end) sink += glaze(2_000).length();
    for (Thread thread : threads) thread.join();
    System.out.println(sink);
  }
}
