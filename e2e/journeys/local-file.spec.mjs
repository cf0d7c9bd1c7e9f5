// A local profile is read in the browser, offline and without requests.
import { expect, test } from "../shop.mjs";

const FOLDED = "main;read_config 3\nmain;serve;parse_request 40\nmain;serve;render 57\n";

async function drop(page, name, text) {
  const files = await page.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      return data;
    },
    [name, text],
  );
  await page.dispatchEvent("body", "dragenter", { dataTransfer: files });
  await page.dispatchEvent("body", "dragover", { dataTransfer: files });
  await page.dispatchEvent("body", "drop", { dataTransfer: files });
}

test("an example is offered to those without a profile, also by link", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await page.getByRole("button", { name: "Open an example" }).click();
  await expect(page.getByText("example.folded")).toBeVisible();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.goto(`${fresh.url}/local?example`);
  await expect(page.getByText("example.folded")).toBeVisible();
});

test("a dropped file is shown without any request", async ({ fresh, page, context }) => {
  await page.goto(`${fresh.url}/local`);
  await expect(page.getByText("Drop a profile anywhere")).toBeVisible();
  // The first file loads the worker that reads files; after that it works offline.
  await drop(page, "warm-up.folded", "main 1\n");
  await page.getByRole("button", { name: "Table", exact: true }).click();
  const table = page.getByRole("grid", { name: "Functions" });
  await expect(table.getByText("main")).toBeVisible();

  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await context.setOffline(true);
  await drop(page, "cpu.folded", FOLDED);
  await expect(page.getByText("cpu.folded")).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click(); // another file resets the view
  await expect(table.getByText("parse_request")).toBeVisible();
  await expect(table.getByText("render")).toBeVisible();
  // The browser may request the page's icon at any time.
  expect(requests.filter((url) => url.startsWith("http") && !url.includes("favicon"))).toEqual([]);
});

test("the page says total, duration, samples, format and size of a file", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await expect(page.getByText("Drop a profile anywhere")).toBeVisible();
  await drop(page, "cpu.folded", FOLDED);
  const summary = page.getByLabel("Summary");
  for (const fact of ["100", "duration not recorded", "samples", "folded stacks", `${FOLDED.length} B`]) await expect(summary).toContainText(fact);
});

test("a file that is not a profile is reported", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await expect(page.getByText("Drop a profile anywhere")).toBeVisible();
  await drop(page, "photo.jpg", "\u0000\u0001\u0002 not a profile");
  await expect(page.getByRole("alert")).toContainText("photo.jpg cannot be read: unknown format");
  await expect(page.getByRole("button", { name: /Open another file/ }).first()).toBeVisible();
});
