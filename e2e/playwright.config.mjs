// Debian's Chromium, no downloads. Journeys start their own servers; see shop.mjs.
// Timeouts only end journeys that hang: they are long enough for a busy machine, and no journey measures speed.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "journeys",
  timeout: 180_000,
  expect: { timeout: 60_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: !!process.env.CI,
  retries: 0, // a flaky journey is a defect; see README.md
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    // No animation, which would disturb steps and checks of contrast.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    // Recording a trace of each journey costs time; with `TRACE=1` those that fail keep one.
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
