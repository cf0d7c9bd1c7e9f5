// Writes pprof (github.com/google/pprof, proto/profile.proto): CPU samples of synthetic stacks. Every fourth
// location has a second line, as a compiler leaves it when it inlines a call.
import { NAMES } from "./names.mjs";

class Message {
  constructor(size = 256) {
    this.bytes = new Uint8Array(size);
    this.length = 0;
  }

  room(more) {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  raw(value) {
    this.room(10);
    while (value >= 0x80) {
      this.bytes[this.length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.bytes[this.length++] = value;
  }

  /** A numeric field. */
  number(field, value) {
    this.raw(field * 8);
    this.raw(value);
  }

  /** A field of bytes or an embedded message. */
  part(field, bytes) {
    this.raw(field * 8 + 2);
    this.raw(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  done() {
    return this.bytes.subarray(0, this.length);
  }
}

function part(fill) {
  const message = new Message();
  fill(message);
  return message.done();
}

const packed = (values) => part((m) => values.forEach((v) => m.raw(v)));

/** The uncompressed profile. */
export function pprofOf(samples) {
  const strings = ["", "samples", "count", "cpu", "nanoseconds", ...NAMES];
  const profile = new Message(1 << 20);
  const type = (kind, unit) => part((m) => [kind, unit].forEach((s, i) => m.number(i + 1, strings.indexOf(s))));
  profile.part(1, type("samples", "count"));
  profile.part(1, type("cpu", "nanoseconds"));
  for (const { stack, value } of samples) {
    profile.part(2, part((m) => {
      m.part(1, packed(stack.map((frame) => frame + 1).reverse()));
      m.part(2, packed([value, value * 10_000_000]));
    }));
  }
  profile.part(3, part((m) => [1, 0x400000, 0x4000000].forEach((v, i) => m.number(i + 1, v))));
  const line = (frame) => part((m) => (m.number(1, frame + 1), m.number(2, 10 + (frame % 300))));
  NAMES.forEach((_, frame) => {
    profile.part(4, part((m) => {
      [frame + 1, 1, 0x400000 + frame * 64].forEach((v, i) => m.number(i + 1, v));
      if (frame % 4 === 3) m.part(4, line((frame * 7 + 1) % NAMES.length));
      m.part(4, line(frame));
    }));
  });
  NAMES.forEach((_, frame) => profile.part(5, part((m) => (m.number(1, frame + 1), m.number(2, frame + 5)))));
  const utf8 = new TextEncoder();
  strings.forEach((text) => profile.part(6, utf8.encode(text)));
  profile.number(9, 1_790_000_000 * 1e9);
  profile.number(10, 60 * 1e9);
  profile.part(11, type("cpu", "nanoseconds"));
  profile.number(12, 10_000_000);
  return profile.done();
}
