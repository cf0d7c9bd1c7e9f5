// A dialog that is higher than the window keeps its heading and its buttons in sight.
import { openDialog, shareDialog } from "../sharing.mjs";
import { expect, test } from "../shop.mjs";

for (const size of [
  { width: 1440, height: 600 },
  { width: 390, height: 640 },
]) {
  test(`the share dialog has its button in sight at ${size.width} × ${size.height}`, async ({ shop, page }) => {
    await page.setViewportSize(size);
    await page.goto(shop.explore({ mode: "table" }));
    await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
    await openDialog(page);
    const dialog = shareDialog(page);
    await expect(dialog.getByRole("heading", { name: "Kept" })).toBeAttached();
    const create = dialog.getByRole("button", { name: "Create snapshot link" });
    await expect(create).toBeInViewport({ ratio: 1 });
    await dialog.getByRole("heading", { name: "Kept" }).scrollIntoViewIfNeeded();
    await expect(create).toBeInViewport({ ratio: 1 });
    await expect(dialog.getByRole("heading", { name: "Share this view" })).toBeInViewport({ ratio: 1 });
  });
}
