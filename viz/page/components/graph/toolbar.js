// The player's buttons: the bar below the picture, which leads through the steps, and the tools
// above it.

import { composing, element, icon, iconButton, kept } from "../shared/dom.js";
import { told } from "../shared/texts.js";
import { takeMenu } from "./downloads.js";

export class Toolbar {
  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    this.bar = element("div", { class: "bar", role: "toolbar" });
    this.tools = element("div", { class: "tools" });
  }

  // Everything here has words in it: made again when the language changes.
  words() {
    this.buttons = {};
    this.bar.replaceChildren(...this.leading());
    this.tools.replaceChildren(...this.looking());
  }

  button(name, label, act) {
    return (this.buttons[name] = iconButton(name, label, act));
  }

  // What leads through the steps.
  leading() {
    const { player } = this;
    this.scrubber = element("input", {
      type: "range",
      min: 0,
      step: 1,
      "aria-label": told("Step"),
      class: "scrubber",
      oninput: () => player.jump(Number(this.scrubber.value)),
    });
    this.count = element("span", { class: "count" });
    this.asker = element("button", {
      type: "button",
      class: "asker",
      title: told("Ask me before each gradient is shown"),
      "aria-pressed": String(player.quiz.on),
      onclick: () => player.askFirst(!player.quiz.on),
    }, told("Quiz me"));
    return [
      this.button("first", told("First step"), () => player.jump(0)),
      this.button("previous", told("Previous step"), () => player.back()),
      this.button("play", told("Play"), () => player.toggle()),
      this.button("next", told("Next step"), () => player.forward()),
      this.button("last", told("Last step"), () => player.jump(player.most)),
      this.scrubber,
      this.count,
      this.asker,
      this.speed(),
    ];
  }

  speed() {
    const { player } = this;
    const speed = element(
      "select",
      {
        "aria-label": told("Speed"),
        class: "speed",
        onchange: () => player.pace(Number(speed.value)),
      },
      ...player.speeds.map((value) =>
        element("option", { value, selected: value === player.speed }, `${value}×`)
      ),
    );
    return speed;
  }

  // What helps to look at the picture.
  looking() {
    const { player } = this;
    const find = element("input", {
      type: "search",
      class: "find",
      placeholder: told("Find"),
      "aria-label": told("Find a node"),
      oninput: () => player.search(find.value),
      onkeydown: (event) => {
        kept(event);
        if (event.key === "Enter" && !composing(event)) player.search(find.value, true);
      },
    });
    return [
      find,
      this.button("legend", told("Legend"), () => player.explain()),
      this.button("farther", told("Zoom out"), () => player.view.zoom(1 / 1.3)),
      this.button("closer", told("Zoom in"), () => player.view.zoom(1.3)),
      this.button("fit", told("Fit"), () => player.view.fit()),
      // phones of Apple and frames of other pages have none
      ...(document.fullscreenEnabled
        ? [this.button("full", told("Full screen"), () => player.full())]
        : []),
      takeMenu(player),
    ];
  }

  // Where the play stands.
  at(index, most, said) {
    this.scrubber.value = index;
    this.scrubber.setAttribute("aria-valuetext", said);
    this.count.textContent = `${index} / ${most}`;
    for (const [name, end] of [["first", 0], ["previous", 0], ["next", most], ["last", most]]) {
      this.buttons[name].disabled = index === end;
    }
  }

  playing(on) {
    const { play } = this.buttons;
    play.replaceChildren(icon(on ? "pause" : "play"));
    for (const name of ["title", "aria-label"]) {
      play.setAttribute(name, on ? told("Pause") : told("Play"));
    }
  }
}
