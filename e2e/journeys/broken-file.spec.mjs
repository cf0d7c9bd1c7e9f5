// Unknown formats, truncated files and deep stacks: errors name the problem, and readable data are shown.
import { readFileSync } from "node:fs";
import { expect, expectAccessible, test } from "../shop.mjs";

const data = (name) => readFileSync(`../crates/profile/testdata/${name}`);
const alert = (page) => page.getByRole("alert");

async function open(page, url, name, buffer) {
  await page.goto(`${url}/local`);
  await page.locator("input[type=file]").first().setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}

test("a file of an unknown format: the error lists the formats that can be read", async ({ fresh, page }) => {
  await open(page, fresh.url, "photo.jpg", Buffer.from("\u0000\u0001\u0002 no profile"));
  await expect(alert(page)).toContainText("photo.jpg cannot be read: unknown format");
  await expect(alert(page)).toContainText("speedscope");
});

for (const [name, path, part] of [
  ["JSON", "v8/shop.cpuprofile", 0.9],
  ["gzipped pprof", "pprof/shop-0-0.pb.gz", 0.7],
  ["text", "perf_script/shop.perf.txt", 0.5],
]) {
  test(`truncated ${name} is read up to the end of the data`, async ({ fresh, page }) => {
    const complete = data(path);
    await open(page, fresh.url, "cut", complete.subarray(0, complete.length * part));
    await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
    await expect(alert(page).first()).toContainText("the numbers are incomplete");
    await page.getByRole("button", { name: "Table", exact: true }).click();
    await expect(alert(page).first()).toBeVisible();
    await expectAccessible(page);
  });
}

test("stacks of five thousand frames, negative and zero values", async ({ fresh, page }) => {
  const deep = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(";");
  await open(page, fresh.url, "deep.folded", Buffer.from(`${deep} 10\nmain;less -3\nmain;nothing 0\n`));
  const tree = page.getByRole("tree", { name: "Flame graph" });
  await expect(tree).toBeVisible();
  await page.locator(".search-field").fill("f4999");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("f4999");
});
