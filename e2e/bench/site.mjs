// Serves the peers' pages from 127.0.0.1: speedscope from its package, Grafana's panel alone in a page.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const here = import.meta.dirname;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** Bundles the page around Grafana's panel into `folder`. */
async function buildGrafana(folder) {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(here, "grafana/page.jsx")],
    outdir: folder,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    jsx: "automatic",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    alias: {
      "@grafana/assistant": join(here, "grafana/assistant.js"),
      "react-custom-scrollbars-2": join(here, "grafana/scrollbars.js"),
    },
    loader: { ".svg": "dataurl", ".ttf": "empty", ".woff": "empty", ".woff2": "empty" },
  });
  const head = `<!doctype html><meta charset="utf-8"><title>panel</title><link rel="stylesheet" href="page.css">`;
  writeFileSync(join(folder, "index.html"), `${head}<div id="root"></div><script type="module" src="page.js"></script>`);
}

/** Also serves the panel's data from the folder `sets`. `url`, `stop()`, and `downloaded()`: brotli bytes of every file requested since the last call. */
export async function startSite(work) {
  await buildGrafana(join(work, "grafana"));
  const roots = { speedscope: join(here, "node_modules/speedscope/dist/release"), grafana: join(work, "grafana"), sets: join(work, "sets") };
  let asked = new Set();
  const server = http.createServer((request, response) => {
    const [, viewer, ...rest] = normalize(new URL(request.url, "http://localhost").pathname).split("/");
    const file = roots[viewer] && join(roots[viewer], ...rest);
    if (!file || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    asked.add(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    downloaded: () => {
      const bytes = [...asked].reduce((sum, file) => sum + brotli(readFileSync(file)), 0);
      asked = new Set();
      return bytes;
    },
    stop: () => new Promise((closed) => (server.closeAllConnections(), server.close(closed))),
  };
}

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
