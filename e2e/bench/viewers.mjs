// The three viewers behind one interface: the page, opening a profile, the area of the flame graph, the search field.
const openFile = async (page, path) => {
  await page.locator("input[type=file]").first().setInputFiles(path, { timeout: 0 });
  await page.waitForFunction(() => window.__bench.painted, null, { timeout: 0 });
  return page.evaluate(() => window.__bench.painted);
};

const boxOf = (page, selector) =>
  page.evaluate((s) => {
    const { x, y, width, height } = document.querySelector(s).getBoundingClientRect();
    return { x, y, width, height: Math.min(height, innerHeight - y) };
  }, selector);

export const flarepath = {
  name: "Flarepath",
  path: "/local",
  /** The page fetches its worker for the first file: that is part of the time until its picture. */
  ready: (page) => page.locator("input[type=file]").first().waitFor({ state: "attached" }),
  show: (page, { file }) => openFile(page, file),
  area: (page) => boxOf(page, ".flame-pad"),
  field: (page) => page.locator("input.search-field"),
  can: ["zoom", "pan", "hover", "search"],
};

export const speedscope = {
  name: "speedscope",
  path: "/speedscope/index.html",
  ready: (page) => page.locator("input[type=file]").first().waitFor({ state: "attached" }),
  show: (page, { file }) => openFile(page, file),
  // Below the overview of the whole profile.
  area: async () => ({ x: 0, y: 160, width: 1440, height: 600 }),
  field: async (page) => {
    await page.keyboard.press("Control+f");
    return page.locator("input:not([type=file])").first();
  },
  can: ["zoom", "pan", "hover", "search"],
};

export const grafana = {
  name: "Grafana's panel",
  path: "/grafana/index.html",
  ready: (page) => page.waitForFunction(() => window.show),
  /** `set` is the address of the panel's data as JSON; reading it is not measured. */
  show: async (page, { set, flameGraphOnly = true }) => {
    await page.evaluate(async (address) => (window.profile = await (await fetch(address)).json()), set);
    return page.evaluate((only) => {
      window.__bench.watch();
      window.show(window.profile, only);
      return window.__bench.painted;
    }, flameGraphOnly);
  },
  /** The panel shows a table beside the graph at first; the others do not. */
  settle: (page) => page.getByText("Flame Graph", { exact: true }).first().evaluate((label) => label.click()),
  area: (page) => boxOf(page, "[data-testid=flameGraph]"),
  field: (page) => page.getByPlaceholder("Search...").first(),
  // It zooms only by a menu and does not pan.
  can: ["hover", "search"],
};
