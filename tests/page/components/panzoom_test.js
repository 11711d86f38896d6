// Pan and zoom: what stands where afterwards.

import assert from "node:assert/strict";
import { sharpest } from "../../../viz/page/components/graph/downloads.js";
import {
  MARGIN,
  PanZoom,
  turned,
  within,
  zoomed,
} from "../../../viz/page/components/graph/picture/panzoom.js";

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

Deno.test("a notch of the wheel zooms as the buttons do, however a browser counts it", () => {
  const [pixels, lines] = [{ deltaY: 100, deltaMode: 0 }, { deltaY: 3, deltaMode: 1 }];
  const [one, other] = [pixels, lines].map((event) => turned({ ...event, ctrlKey: false }));
  assert.ok(Math.abs(one - other) < 0.01 && one < 0.9);
  // with Ctrl a notch was ten times as much: in two turns the picture was gone
  assert.ok(Math.abs(turned({ ...pixels, ctrlKey: true }) - 1 / 1.3) < 1e-9);
  assert.ok(turned({ deltaY: -2, deltaMode: 0, ctrlKey: true }) > 1.01); // a pinch, bit by bit
});

Deno.test("Safari's pinch on a trackpad zooms, its pinch on a screen is the pointers' own", () => {
  globalThis.ResizeObserver = /** @type {any} */ (class {
    observe() {}
    disconnect() {}
  });
  const stage = Object.assign(new EventTarget(), {
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
  });
  const canvas = { style: {}, classList: { remove() {} } };
  const view = new PanZoom(stage, canvas, null);
  const pinch = (type, scale) => {
    const event = new Event(type, { cancelable: true });
    stage.dispatchEvent(Object.assign(event, { scale, clientX: 10, clientY: 10 }));
    assert.ok(event.defaultPrevented); // or Safari zooms the page
  };
  pinch("gesturestart", 1);
  pinch("gesturechange", 1.5);
  pinch("gesturechange", 3);
  assert.ok(Math.abs(view.scale - 3) < 1e-9);
  view.pointers.set(1, { x: 0, y: 0 });
  pinch("gesturestart", 1);
  pinch("gesturechange", 2);
  assert.ok(Math.abs(view.scale - 3) < 1e-9);
  view.close();
});

Deno.test("a PNG that is too large for the browser is made smaller; it was none at all", async () => {
  const room = (most) => (scale) => Promise.resolve(scale <= most ? new Blob([`${scale}`]) : null);
  assert.equal(await (await sharpest(2, room(0.6))).text(), "0.5");
  assert.equal(await (await sharpest(2, room(2))).text(), "2");
  await assert.rejects(sharpest(2, room(0)));
});
