// A small shop: prices carts, renders receipts and sorts an inventory, for as long as it is told to.
'use strict';

function price(cart) {
  let total = 0;
  for (let i = 0; i < cart.length; i++) {
    for (let d = 0; d < 200; d++) total += (cart[i] * (100 - (d % 7))) / 100;
  }
  return total;
}

function renderReceipt(cart, total) {
  const lines = cart.map((item, i) => ({ line: i, item, share: item / total }));
  return JSON.stringify({ lines, total });
}

function sortInventory(size) {
  const goods = Array.from({ length: size }, (_, i) => ({ id: (i * 7919) % size, name: `good-${i}` }));
  goods.sort((a, b) => a.id - b.id);
  return goods;
}

// Deep enough that a tree of it nests further than most JSON readers follow.
function nested(depth, work) {
  return depth === 0 ? work() : nested(depth - 1, work);
}

// What the shop keeps in memory until it closes.
const inventory = (globalThis.inventory = []);

function serve(millis) {
  const until = Date.now() + millis;
  const kept = inventory;
  while (Date.now() < until) {
    const cart = Array.from({ length: 50 }, (_, i) => i + 1);
    const total = price(cart);
    kept.push(renderReceipt(cart, total));
    nested(90, () => kept.push(sortInventory(40)));
    if (kept.length > 2000) kept.shift();
  }
  return kept.length;
}

const millis = Number(process.argv[2] || 300);
serve(millis);
