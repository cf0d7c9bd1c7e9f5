// Runs in every page before its own scripts: records when a file arrives, when it is decoded and when the flame graph is on
// screen, and plays interactions with one event per frame. Times are those of performance.now().
(() => {
  const bench = { times: {}, painted: null };
  window.__bench = bench;
  const now = () => performance.now();
  const note = (what) => (bench.times[what] ??= now());

  addEventListener("change", (e) => e.target.type === "file" && bench.watch(), true);

  // speedscope logs the start and end of its import.
  const timeEnd = console.timeEnd.bind(console);
  console.timeEnd = (label) => {
    if (label === "import") note("decoded");
    return timeEnd(label);
  };
  // Flarepath's worker posts a message when the tree is built.
  window.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (data?.[0] === "tree") note("decoded");
      });
    }
  };

  // Explore draws the response of its server.
  const fetchAs = window.fetch;
  window.fetch = (...args) => {
    const url = String(args[0].url ?? args[0]);
    if (url.includes("/call-tree") && !bench.painted) bench.watch();
    return fetchAs.apply(window, args);
  };

  const frame = () => new Promise((done) => requestAnimationFrame(done));

  /** Waits for the next drawing on a flame graph; returns how to read back a pixel of it. The first box removes the hooks. */
  const nextDrawing = () =>
    new Promise((drawn) => {
      const restore = [];
      const hook = (prototype, method, isFlame, read) => {
        const original = prototype[method];
        restore.push(() => (prototype[method] = original));
        prototype[method] = function (...args) {
          const result = original.apply(this, args);
          if (isFlame(this.canvas)) {
            restore.splice(0).forEach((undo) => undo());
            drawn(() => read(this));
          }
          return result;
        };
      };
      const flame2d = (c) => c.classList.contains("flame-canvas") || c.dataset.testid === "flameGraph";
      for (const method of ["fillRect", "rect", "clearRect"]) {
        hook(CanvasRenderingContext2D.prototype, method, flame2d, (c) => c.getImageData(0, 0, 1, 1));
      }
      const pixel = new Uint8Array(4);
      for (const type of [WebGLRenderingContext, WebGL2RenderingContext]) {
        for (const method of ["drawArrays", "drawElements"]) {
          hook(type.prototype, method, () => true, (gl) => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel));
        }
      }
    });

  /** Two frames after the first box was drawn, once a pixel can be read back, which waits for rasterization. */
  const painted = async () => {
    const read = await nextDrawing();
    note("drawn");
    await frame();
    await frame();
    read();
    note("painted");
    return bench.times;
  };

  /** Starts waiting for the first drawing of a flame graph. */
  bench.watch = () => {
    bench.times = { begin: now() };
    bench.painted = painted();
  };

  const send = (type, kind, x, y, more = {}) => {
    const target = document.elementFromPoint(x, y);
    target?.dispatchEvent(new kind(type, { bubbles: true, cancelable: true, composed: true, view: window, clientX: x, clientY: y, ...more }));
  };
  const pointer = { pointerId: 1, isPrimary: true, pointerType: "mouse" };
  const turn = (x, y, deltaX, deltaY, ctrlKey) => send("wheel", WheelEvent, x, y, { deltaX, deltaY, ctrlKey });

  /** One step of an interaction: the input of one frame. `at` is a box {x, y, width, height}. */
  const moves = {
    zoomIn: (i, n, { x, y, width, height }) => turn(x + width * 0.3, y + height * 0.5, 0, -40, true),
    zoomOut: (i, n, { x, y, width, height }) => turn(x + width * 0.3, y + height * 0.5, 0, 200, true),
    // Zoom in during the first half, out during the second.
    zoom: (i, n, { x, y, width, height }) => turn(x + width * 0.3, y + height * 0.5, 0, i < n / 2 ? -24 : 24, true),
    // Right and back.
    pan: (i, n, { x, y, width, height }) => turn(x + width * 0.5, y + height * 0.5, i < n / 2 ? 20 : -20, 0, false),
    // Across all rows.
    hover: (i, n, { x, y, width, height }) => {
      const at = [x + width * (0.05 + (0.9 * i) / n), y + 4 + ((i * 7) % Math.max(1, height - 8))];
      send("pointermove", PointerEvent, ...at, pointer);
      send("mousemove", MouseEvent, ...at);
    },
  };

  /** An element that changes in every frame; otherwise Chromium waits for its timer when nothing else changes. */
  const beacon = () => {
    const dot = document.createElement("div");
    dot.style.cssText = "position:fixed;right:0;bottom:0;width:2px;height:2px;z-index:9999";
    document.body.append(dot);
    return { flip: (i) => (dot.style.background = i % 2 ? "#111" : "#eee"), remove: () => dot.remove() };
  };

  /** Plays `n` frames of an interaction; returns the milliseconds between frames. */
  bench.play = async (what, n, at) => {
    const intervals = [];
    const dot = beacon();
    let before = await frame();
    for (let i = 0; i < n; i++) {
      performance.mark("step");
      moves[what](i, n, at);
      dot.flip(i);
      const time = await frame();
      intervals.push(time - before);
      before = time;
    }
    performance.mark("step");
    dot.remove();
    return intervals;
  };

  /**
   * Types `text` into a field, each letter after the flame graph of the previous one is drawn; returns the milliseconds from
   * each key until the flame graph with its matches is drawn and read back.
   */
  bench.type = async (field, text) => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    const took = [];
    for (let i = 1; i <= text.length; i++) {
      await frame();
      performance.mark("step");
      bench.watch();
      set.call(field, text.slice(0, i));
      field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text[i - 1], inputType: "insertText" }));
      const { begin, painted } = await bench.painted;
      took.push(painted - begin);
    }
    performance.mark("step");
    return took;
  };
})();
