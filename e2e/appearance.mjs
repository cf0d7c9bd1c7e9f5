// What a page looks like, the same on every machine: its fonts are those of the preview images, its boxes are whole pixels, and what is
// drawn on its canvases is a list. Compares all that with files; see README.md.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "@playwright/test";

const FONTS = [
  ["Test Sans", "DejaVuSans.ttf", "400"],
  ["Test Sans", "DejaVuSans-Bold.ttf", "600 700"],
  ["Test Mono", "DejaVuSansMono.ttf", "400"],
];
/** Share of the pixels that may differ. */
const TOLERANCE = 0.01;
const updates = Boolean(process.env.UPDATE_PICTURES);

let fontFolder;

/** Where the server's dependency `dejavu` keeps its fonts. */
function fonts() {
  if (fontFolder) return fontFolder;
  const options = { cwd: join(import.meta.dirname, ".."), maxBuffer: 1 << 28, encoding: "utf8" };
  // Of this platform alone: the server's build has fetched these, and no others.
  const host = execFileSync("rustc", ["-vV"], options).match(/^host: (.*)$/m)[1];
  const about = ["metadata", "--locked", "--filter-platform", host, "--format-version", "1"];
  const { packages } = JSON.parse(execFileSync("cargo", about, options));
  const { manifest_path } = packages.find(({ name }) => name === "dejavu");
  return (fontFolder = join(dirname(manifest_path), "assets/dejavu-fonts-ttf-2.37/ttf"));
}

/** Gives the page fixed fonts, and records what it draws. Before the first `goto`. */
export async function prepare(page) {
  await page.route("**/test-fonts/*", (route) =>
    route.fulfill({ path: join(fonts(), route.request().url().split("/").at(-1)), contentType: "font/ttf" }),
  );
  await page.addInitScript((fonts) => {
    if (!location.protocol.startsWith("http")) return;
    for (const [family, file, weight] of fonts) {
      const face = new FontFace(family, `url(/test-fonts/${file})`, { weight });
      document.fonts.add(face);
      face.load();
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':root:root:root { --font: "Test Sans"; --mono: "Test Mono"; --flame-font: 12px "Test Mono"; }');
    document.adoptedStyleSheets = [sheet];

    const lists = new WeakMap();
    window.drawnOn = (canvas) => lists.get(canvas) ?? [];
    const half = (value) => (typeof value === "number" ? Math.round(value * 2) / 2 : value);
    for (const name of ["fillRect", "strokeRect", "rect", "roundRect", "fillText"]) {
      const draw = CanvasRenderingContext2D.prototype[name];
      CanvasRenderingContext2D.prototype[name] = function (...values) {
        const [x, y, w, h] = values;
        const { width, height } = this.canvas;
        const anew = name === "fillRect" && x === 0 && y === 0 && w >= width - 1 && h >= height - 1;
        const list = anew ? [] : window.drawnOn(this.canvas);
        list.push([name, this.fillStyle, ...values.filter((value) => typeof value !== "object").map(half)]);
        lists.set(this.canvas, list);
        return draw.apply(this, values);
      };
    }
  }, FONTS);
}

/** Has the page drawn again once its fonts are there; returns its boxes and what is on its canvases. */
async function seenOn(page) {
  return page.evaluate(async () => {
    await Promise.all([...document.fonts].map((face) => face.load()));
    // Canvases are drawn again after a change of the theme, as which any attribute of the root counts.
    document.documentElement.setAttribute("data-fonts", "loaded");
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
    const name = (element) => [element.tagName.toLowerCase(), element.getAttribute("role"), element.getAttribute("aria-label")].filter(Boolean).join(" ");
    const box = (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [name(element), ...[x, y, width, height].map(Math.round)];
    };
    return {
      boxes: shown("header, main, main > *, main section, main canvas, main [role=grid], main [role=tree]").map(box),
      drawn: shown(".flame-canvas, .heat-canvas").map((canvas) => window.drawnOn(canvas)),
    };
  });
}

/** One line for each box and each thing drawn, so that differences can be read. */
function text({ boxes, drawn }) {
  const lines = (list) => `[\n${list.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
  return `{\n  "boxes": ${lines(boxes)},\n  "drawn": [${drawn.map(lines).join(", ")}]\n}\n`;
}

/**
 * Compares the page with the files `NAME.json` (boxes and lists of what is drawn) and `NAME.png` (pixels, except for `mask`), or writes
 * them with `UPDATE_PICTURES=1`. In another major version of Chromium than that of the files, differences are warnings.
 */
export async function expectAppearance(page, info, name, mask = []) {
  const [json, picture, version] = [`${name}.json`, `${name}.png`, "chromium.txt"].map((file) => info.snapshotPath(file));
  const major = page.context().browser().version().split(".")[0];
  const seen = text(await seenOn(page));
  const pixels = await page.screenshot({ animations: "disabled", caret: "hide", mask, maskColor: "#808080" });
  if (updates) {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, seen);
    writeFileSync(picture, pixels);
    writeFileSync(version, `${major}\n`);
    return;
  }
  for (const file of [json, picture, version]) {
    if (!existsSync(file)) throw new Error(`${file} is missing. Make it with \`UPDATE_PICTURES=1 npm --prefix e2e test -- pictures\`, look at it, and commit it.`);
  }
  try {
    expect(seen, `boxes and drawing of ${name}`).toBe(readFileSync(json, "utf8"));
    expect(pixels).toMatchSnapshot(`${name}.png`, { maxDiffPixelRatio: TOLERANCE });
  } catch (error) {
    const made = readFileSync(version, "utf8").trim();
    if (made === major) throw error;
    console.warn(`${name} differs, but its files are of Chromium ${made}, and this is ${major}: update them if the page is right.\n${error.message}`);
  }
}
