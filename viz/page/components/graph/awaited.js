// Between a change and its answer: the old picture grows dim, and the run can be stopped. The answer
// to an older change, which a slow server may still send, is not the one that is awaited.

import { bus } from "../shared/bus.js";
import { element } from "../shared/dom.js";
import { told } from "../shared/texts.js";

const AT_ONCE = 350; // ms until an answer counts as awaited: while one drags, none is

export class Awaited {
  /**
   * @param {HTMLElement} frame what grows dim
   * @param {HTMLElement} place where it stands, on the old picture: what is said of a step stays clear
   * @param {() => void} stop
   */
  constructor(frame, place, stop) {
    this.frame = frame;
    this.asked = 0;
    this.answered = 0;
    this.words = element("span", {});
    this.button = element("button", { type: "button", onclick: stop });
    this.root = element("div", { class: "awaited", role: "status" }, this.words, this.button);
    place.append(this.root);
    this.stops = [
      bus.on("asked", ({ at }) => {
        this.asked = at;
        this.look();
      }),
      bus.on("replied", ({ asked }) => this.heard(asked)),
    ];
  }

  // An answer has come, to what was asked for up to then.
  /** @param {number} asked */
  heard(asked) {
    this.answered = Math.max(this.answered, asked);
    this.look();
  }

  look() {
    if (this.asked > this.answered) this.wait();
    else this.over();
  }

  wait() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.words.textContent = told("Running …");
      this.button.textContent = told("Stop");
      this.frame.classList.add("awaiting");
      this.hearing = setInterval(() => this.hear(), AT_ONCE);
    }, AT_ONCE);
  }

  // What the page tells of the rounds of a long run.
  hear() {
    const rounds = document.querySelector(".st-key-rounds")?.textContent?.trim();
    if (rounds) this.words.textContent = rounds;
  }

  over() {
    clearTimeout(this.timer);
    clearInterval(this.hearing);
    this.timer = null;
    this.frame.classList.remove("awaiting");
  }

  close() {
    this.over();
    for (const stop of this.stops) stop();
  }
}
