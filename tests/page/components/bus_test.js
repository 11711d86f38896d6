// What components tell each other.

import assert from "node:assert/strict";
import { bus } from "../../../viz/page/components/shared/bus.js";

Deno.test("who comes late hears the last word, and who left hears nothing more", () => {
  const heard = [];
  bus.emit("step", { index: 1 });
  const stop = bus.on("step", ({ index }) => heard.push(index));
  bus.emit("step", { index: 2 });
  stop();
  bus.emit("step", { index: 3 });
  assert.deepEqual(heard, [1, 2]);
});

Deno.test("what is done once is no news for who comes later", () => {
  const heard = [];
  bus.once("turn", { target: "start" });
  bus.on("turn", ({ target }) => heard.push(target));
  bus.once("turn", { target: "end" });
  assert.deepEqual(heard, ["end"]);
});
