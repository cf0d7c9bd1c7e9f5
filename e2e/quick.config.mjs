import base from "./playwright.config.mjs";
export default { ...base, timeout: 120_000, expect: { timeout: 20_000 } };
