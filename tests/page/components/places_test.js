// One instance of a component in each place, whatever Streamlit tells of it meanwhile.

import { stand } from "../../../viz/page/components/shell/places.js";

class Kind {
  constructor(root) {
    root.made.push(this);
    this.open = true;
  }

  close() {
    this.open = false;
  }
}

// A place, and what its calls have done.
function place() {
  const root = { made: [] };
  const at = /** @type {any} */ ({ root, isConnected: true, querySelector: () => root });
  const told = { forgotten: 0, shown: [] };
  return {
    at,
    told,
    made: root.made,
    call: (data) =>
      stand(
        Kind,
        /** @type {any} */ ({ parentElement: at, data }),
        (instance, shown) => told.shown.push([shown, instance.component.data === shown].join()),
        () => told.forgotten += 1,
      ),
  };
}

const later = () => new Promise((done) => setTimeout(done, 5));

function expect(told, ...wanted) {
  if (told.join(" ") !== wanted.map((data) => `${data},true`).join(" ")) {
    throw new Error(told.join(" "));
  }
}

Deno.test("data that newer data overtook end nothing", async () => {
  const { call, made, told } = place();
  call("old")(); // the overtaken call's
  await later();
  call("new");
  await later();
  if (!made[0].open || made.length !== 1) throw new Error("made anew");
  expect(told.shown, "old", "new");
});

Deno.test("what was overtaken and comes last gives way to the newest", async () => {
  const { call, told } = place();
  call("new");
  call("old")();
  await later();
  expect(told.shown, "new", "old", "new");
});

Deno.test("in whatever order calls come, the newest stands at the end", async () => {
  const orders = ["012", "021", "102", "120", "201", "210"]; // the newest is 2
  for (const order of orders) {
    for (const apart of [true, false]) {
      const { call, told } = place();
      call("before");
      await later();
      const late = [];
      for (const data of order) {
        const over = call(data);
        if (data !== "2") apart ? over() : late.push(over);
      }
      for (const over of late) over();
      await later();
      if (told.shown.at(-1) !== "2,true") throw new Error(`${order}: ${told.shown.join(" ")}`);
    }
  }
});

Deno.test("what counts no more does not come back", async () => {
  const { call, told } = place();
  call("first");
  await later();
  const over = call("second"); // it counts, until its place goes
  await later();
  over();
  await later();
  expect(told.shown, "first", "second");
});

Deno.test("a component that left its place is closed, once", async () => {
  const { at, call, made, told } = place();
  const over = call("data");
  at.isConnected = false;
  over();
  over();
  await later();
  if (made[0].open || told.forgotten !== 1) throw new Error("still there");
  call("data");
  if (made.length !== 2) throw new Error("a closed one stands there");
});
