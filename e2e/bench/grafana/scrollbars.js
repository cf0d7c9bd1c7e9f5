// Re-exports the default export of a CommonJS module the way Grafana's bundler does; esbuild does not.
export { Scrollbars as default } from "../node_modules/react-custom-scrollbars-2/lib/index.js";
