// Numbers under way along an arrow.

import assert from "node:assert/strict";
import { along } from "../../../viz/page/components/graph/picture/travel.js";

Deno.test("values go from input to result, contributions back, and never turn round", () => {
  assert.equal(along(0, false), 0);
  assert.equal(along(1, false), 1);
  assert.equal(along(0, true), 1);
  assert.equal(along(1, true), 0);
  const way = Array.from({ length: 11 }, (_, at) => along(at / 10, false));
  assert.ok(way.every((place, at) => at === 0 || place > way[at - 1]));
});
