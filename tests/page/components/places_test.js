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
const call = (at, ...sent) =>
  standing(
    Kind,
    /** @type {any} */ ({ parentElement: at, data: sent.length ? { sent } : undefined }),
  );

Deno.test("data that newer data overtook end nothing", async () => {
  const at = place();
  const instance = call(at);
  leaving(at, () => {})(); // the overtaken call's
  await later();
  if (!instance.open || call(at) !== instance || at.root.made !== 1) throw new Error("made anew");
});

Deno.test("in whatever order data come, the newest stand at the end", () => {
  for (const order of ["123", "132", "213", "231", "312", "321"]) {
    const at = place();
    let shown = null;
    for (const number of order) {
      const instance = call(at, "session", Number(number));
      if (instance) shown = instance.component.data.sent[1];
    }
    if (shown !== 3) throw new Error(`${order}: ${shown}`);
  }
});

Deno.test("the same data once more, and those of another session, are shown", () => {
  const at = place();
  for (const [session, number] of [["one", 7], ["one", 7], ["two", 1], ["two", 2]]) {
    const instance = call(at, session, number);
    if (instance?.component.data.sent[1] !== number) throw new Error(`${session} ${number}`);
  }
  if (at.root.made !== 1) throw new Error("made anew");
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
