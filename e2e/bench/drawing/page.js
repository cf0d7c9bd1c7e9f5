// Draws the same boxes with several methods, for docs/decisions/0008. `window.draw(way, frames)` returns the milliseconds
// between frames and those of scripting.
const ROW = 20;
const COLOURS = Array.from({ length: 16 }, (_, i) => `hsl(${i * 22} 60% 75%)`);
const FONT = "12px monospace";
const size = { width: 1408, height: 600 };
const dpr = devicePixelRatio;

function surface(type, options) {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = `position:absolute;left:0;top:0;width:${size.width}px;height:${size.height}px`;
  [canvas.width, canvas.height] = [size.width * dpr, size.height * dpr];
  document.body.append(canvas);
  const context = canvas.getContext(type, options);
  if (type === "2d") context.scale(dpr, dpr);
  return context;
}

const clear = (c) => ((c.fillStyle = "#fff"), c.fillRect(0, 0, size.width, size.height));
const box = (f, i) => [f[i], f[i + 2] * ROW, Math.max(f[i + 1] - 0.5, 0.5), ROW - 1];

/** Ways to draw boxes on a 2D context. A frame is x, width, row, colour, name for each box. */
const BOXES = {
  "in the order of the tree": (c, f) => {
    for (let i = 0; i < f.length; i += 5) {
      c.fillStyle = COLOURS[f[i + 3]];
      c.fillRect(...box(f, i));
    }
  },
  "grouped by colour": (c, f) => {
    for (const [colour, group] of grouped(f)) {
      c.fillStyle = COLOURS[colour];
      for (const i of group) c.fillRect(...box(f, i));
    }
  },
  "one path a colour": (c, f) => {
    for (const [colour, group] of grouped(f)) {
      c.fillStyle = COLOURS[colour];
      c.beginPath();
      for (const i of group) c.rect(...box(f, i));
      c.fill();
    }
  },
};

function grouped(f) {
  const groups = COLOURS.map(() => []);
  for (let i = 0; i < f.length; i += 5) groups[f[i + 3]].push(i);
  return groups.entries();
}

const TEXT = {
  none: () => {},
  "width of a character known": (c, f, names, advance) => label(c, f, (i, room) => {
    const chars = Math.floor(room / advance);
    const name = names[f[i + 4]];
    return chars >= 3 && (name.length <= chars ? name : `${name.slice(0, chars - 1)}…`);
  }),
  "every name measured": (c, f, names) => label(c, f, (i, room) => fitted(names[f[i + 4]], room, (t) => c.measureText(t).width)),
  "every name measured, widths kept": (c, f, names, advance, kept) =>
    label(c, f, (i, room) => fitted(names[f[i + 4]], room, (t) => kept.get(t) ?? (kept.set(t, c.measureText(t).width), kept.get(t)))),
};

function label(c, f, text) {
  c.fillStyle = "#222";
  c.font = FONT;
  c.textBaseline = "middle";
  for (let i = 0; i < f.length; i += 5) {
    const room = f[i + 1] - 10;
    if (room < 20) continue;
    const shown = text(i, room);
    if (shown) c.fillText(shown, f[i] + 5, f[i + 2] * ROW + ROW / 2);
  }
}

/** The longest prefix that fits, by binary search. */
function fitted(name, room, width) {
  if (width(name) <= room) return name;
  let [low, high] = [0, name.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (width(`${name.slice(0, middle)}…`) <= room) low = middle;
    else high = middle - 1;
  }
  return low >= 2 && `${name.slice(0, low)}…`;
}

/** Boxes as instances of one square, text on a second canvas above. */
function webgl() {
  const gl = surface("webgl2", { alpha: false, antialias: false });
  const shader = (type, source) => {
    const s = gl.createShader(type);
    gl.shaderSource(s, source);
    gl.compileShader(s);
    return s;
  };
  const program = gl.createProgram();
  gl.attachShader(program, shader(gl.VERTEX_SHADER, `#version 300 es
    layout(location=0) in vec4 b; flat out vec3 colour;
    void main() {
      vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
      vec2 at = vec2(b.x, b.z * 20.0) + corner * vec2(max(b.y - 0.5, 0.5), 19.0);
      gl_Position = vec4(at / vec2(${size.width}.0, ${size.height}.0) * vec2(2, -2) + vec2(-1, 1), 0, 1);
      float h = b.w * 0.38; colour = 0.75 + 0.2 * cos(h + vec3(0, 2.1, 4.2));
    }`));
  gl.attachShader(program, shader(gl.FRAGMENT_SHADER, `#version 300 es
    precision mediump float; flat in vec3 colour; out vec4 o; void main() { o = vec4(colour, 1); }`));
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 4, gl.FLOAT, false, 20, 0);
  gl.vertexAttribDivisor(0, 1);
  gl.clearColor(1, 1, 1, 1);
  return (f) => {
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.bufferData(gl.ARRAY_BUFFER, f, gl.STREAM_DRAW);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, f.length / 5);
  };
}

window.draw = async ({ boxes, text }, frames, names) => {
  document.body.replaceChildren();
  const kept = new Map();
  const gl = boxes === "WebGL2" ? webgl() : null;
  const c = surface("2d", { alpha: !!gl });
  c.font = FONT;
  const advance = c.measureText("MMMMMMMMMM").width / 10;
  const [intervals, scripts] = [[], []];
  let before = await new Promise(requestAnimationFrame);
  for (const frame of frames) {
    const begin = performance.now();
    if (gl) {
      gl(frame);
      c.clearRect(0, 0, size.width, size.height);
    } else {
      clear(c);
      BOXES[boxes](c, frame);
    }
    TEXT[text](c, frame, names, advance, kept);
    scripts.push(performance.now() - begin);
    const time = await new Promise(requestAnimationFrame);
    intervals.push(time - before);
    before = time;
  }
  return { intervals, scripts };
};
