// One instance of a component in each place, whatever Streamlit tells of it meanwhile.

import { leaving, standing } from "../../../viz/page/components/shell/places.js";

class Kind {
  constructor(root) {
    root.made += 1;
    this.open = true;
  }

  close() {
    this.open = false;
  }
}

function place() {
  const root = { made: 0 };
  return /** @type {any} */ ({ root, isConnected: true, querySelector: () => root });
}

const later = () => new Promise((done) => setTimeout(done, 5));
const call = (at) => standing(Kind, /** @type {any} */ ({ parentElement: at }));

Deno.test("data that newer data overtook end nothing", async () => {
  const at = place();
  const instance = call(at);
  leaving(at, () => {})(); // the overtaken call's
  await later();
  if (!instance.open || call(at) !== instance || at.root.made !== 1) throw new Error("made anew");
});

Deno.test("a component that left its place is closed, once", async () => {
  const at = place();
  const instance = call(at);
  let forgotten = 0;
  at.isConnected = false;
  for (const _ of [1, 2]) leaving(at, () => forgotten += 1)();
  await later();
  if (instance.open || forgotten !== 1) throw new Error("still there");
  if (call(at) === instance) throw new Error("a closed one stands there");
});
