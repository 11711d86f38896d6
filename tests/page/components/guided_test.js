// A question holds the play back; what it held back comes when it is gone.

import { Guided } from "../../../viz/page/components/graph/guided.js";
import { bus } from "../../../viz/page/components/shared/bus.js";

function player() {
  const steps = ["forward", "forward", "backward", "backward"].map((direction) => ({ direction }));
  const made = /** @type {any} */ ({
    data: null,
    most: 3,
    index: 0,
    meant: null,
    picture: {},
    quiz: { on: false, pending: null },
    pause() {},
    go(index, meant = null) {
      this.index = Math.min(this.guided.limit(), index);
      this.meant = meant;
    },
  });
  made.guided = new Guided(made);
  made.data = { steps, details: {}, step: null };
  return made;
}

function at(one, index) {
  if (one.index !== index) throw new Error(`step ${one.index}, not ${index}`);
}

Deno.test("the step of a link comes when the question of the lesson before is gone", () => {
  const one = player();
  bus.emit("hold", { target: "forward" });
  one.go(2, 2);
  at(one, 1);
  bus.emit("hold", { target: null });
  at(one, 2);
  one.guided.close();
});

Deno.test("a step that somebody turned to meanwhile stays", () => {
  const one = player();
  bus.emit("hold", { target: "forward" });
  one.go(2, 2);
  one.go(0);
  bus.emit("hold", { target: null });
  at(one, 0);
  one.guided.close();
});

Deno.test("after the answer the step of the link comes, and not the one that the lesson shows", () => {
  const one = player();
  one.data.step = 3;
  bus.emit("hold", { target: "forward" });
  one.go(3, 3);
  bus.emit("hold", { target: null });
  one.go(1, 3); // as an open question left it
  bus.once("turn", { target: "step:2", meant: true });
  at(one, 3);
  bus.once("turn", { target: "step:2" }); // somebody chose a word of the lesson
  at(one, 2);
  one.guided.close();
});

Deno.test("a picture at rest whose link asks for no step goes where the answer is shown", () => {
  const one = player();
  bus.emit("hold", { target: "forward" });
  one.go(3, 3);
  if (one.guided.linkedBeyond(one.index) !== null) throw new Error("no link asks for it");
  bus.emit("hold", { target: null });
  one.go(1, 3);
  bus.once("turn", { target: "step:2", meant: true });
  at(one, 2);
  one.guided.close();
});
