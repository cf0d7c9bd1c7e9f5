// A program with something to see, profiled by @pyroscope/nodejs. Argument: the server's address.
import Pyroscope from "@pyroscope/nodejs";

Pyroscope.init({
  serverAddress: process.argv[2],
  appName: "node-bakery",
  tags: { oven: "left" },
  authToken: process.env.TOKEN,
  flushIntervalMs: 1000,
  wall: { samplingDurationMs: 1000, collectCpuTime: true },
});
Pyroscope.start();

function kneadDough(rounds) {
  let dough = 1;
  for (let i = 0; i < rounds; i++) dough = (dough * 31 + i) % 1000003;
  return dough;
}

let sum = 0;
function bake() {
  const until = Date.now() + 60;
  while (Date.now() < until) sum += kneadDough(100000);
  setTimeout(bake, 40);
}
bake();
