// Pan and zoom: what stands where afterwards.

import assert from "node:assert/strict";
import { MARGIN, within, zoomed } from "../../../viz/page/components/graph/picture/panzoom.js";

Deno.test("a zoom keeps what is under the pointer, within its bounds", () => {
  for (const factor of [1.3, 1 / 1.3, 1e6, 1e-6]) {
    const before = { x: 40, y: -25, scale: 0.8 };
    const after = zoomed(before, factor, 300, 120);
    const under = (view) => [(300 - view.x) / view.scale, (120 - view.y) / view.scale];
    const [one, other] = [under(before), under(after)];
    assert.ok(Math.abs(one[0] - other[0]) < 1e-6 && Math.abs(one[1] - other[1]) < 1e-6);
    assert.ok(after.scale >= 0.05 && after.scale <= 12);
  }
});

Deno.test("there and back is where one was", () => {
  const start = { x: 3, y: 4, scale: 1 };
  const back = zoomed(zoomed(start, 2, 100, 50), 0.5, 100, 50);
  assert.deepEqual(back, start);
});

Deno.test("a small picture is centred, a large one leaves no more ground than a margin", () => {
  assert.equal(within(-500, 400, 300), 50);
  assert.equal(within(900, 400, 1000), MARGIN);
  assert.equal(within(-2000, 400, 1000), 400 - 1000 - MARGIN);
  assert.equal(within(-200, 400, 1000), -200);
});
