// A CommonJS module's default export, as the bundler that Grafana uses hands it on and esbuild does not.
export { Scrollbars as default } from "../node_modules/react-custom-scrollbars-2/lib/index.js";
