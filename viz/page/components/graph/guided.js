// A lesson leads the play: it turns to a step, holds it back while a question is open, and asks for
// a card or an arrow to be pointed at.

import { bus } from "../shared/bus.js";
import { cardOf, stepOf } from "./targets.js";

const NEAR = 22; // pixels from an arrow at which it is meant

export class Guided {
  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    this.held = null;
    this.least = "start";
    this.coming = null;
    this.aim = null;
    this.stops = [
      bus.on("hold", ({ target, least }) => this.hold(target, least)),
      bus.on("aim", ({ on }) => this.aimAt(on)),
      bus.on("turn", (told) => this.turn(told)),
      bus.on("move", ({ by }) => by > 0 ? player.forward() : player.back()),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
  }

  // The last step that may be shown now.
  limit() {
    const { data, most } = this.player;
    if (!this.held || !data) return most;
    const at = (target) => stepOf(data.steps, data.details, target) ?? most;
    return Math.min(most, Math.max(at(this.held), at(this.least)));
  }

  // `least` was shown already, and stays to be seen.
  hold(target, least = "start") {
    this.held = target;
    this.least = least;
    const { player } = this;
    player.picture.masked = player.quiz.on || Boolean(target);
    if (!player.data?.steps.length) return;
    const index = Math.min(player.meant ?? player.index, this.limit());
    // a question that is open in the graph stays open
    if (index !== player.index || player.quiz.pending === null) player.go(index, player.meant);
  }

  // The step that the link asks for, where it is still meant and lies beyond this one. At rest a
  // picture whose link asks for none means its last.
  linkedBeyond(index) {
    const { meant, data } = this.player;
    return meant !== null && meant === data.step && meant > index ? meant : null;
  }

  // To a step; `later`: of the picture that is about to come. After an answer (`meant`) to the step
  // that the question held back, if it lies beyond.
  turn({ target, later = false, meant = false }) {
    const { player } = this;
    if (later) {
      this.coming = target;
      return;
    }
    if (!player.data?.steps.length) return;
    const { steps, details } = player.data;
    if (target.startsWith("card:")) player.pick(cardOf(details, target.slice(5)));
    else {
      const to = stepOf(steps, details, target) ?? player.index;
      player.pause();
      const linked = meant ? this.linkedBeyond(to) : null;
      player.go(linked ?? to, linked);
    }
  }

  // A new picture is in: the step that was asked for beforehand.
  loaded() {
    const target = this.coming;
    this.coming = null;
    if (target) this.turn({ target });
  }

  aimAt(on) {
    this.aim = on;
    this.player.stage.classList.toggle("aiming", Boolean(on));
  }

  // Somebody clicked or pressed Enter: a card, or the arrow next to the place; whether it was wanted.
  /**
   * @param {Event} event
   * @param {string | undefined} card
   */
  picked(event, card) {
    if (this.aim === "card" && card) bus.once("picked", { end: [card, null] });
    else if (this.aim === "arrow" && event instanceof MouseEvent) {
      const edge = this.nearest(event);
      if (edge) bus.once("picked", { end: [edge.dataset.source, edge.dataset.target] });
      return Boolean(edge) && !card;
    }
    return false;
  }

  // The arrow that passes nearest to where somebody clicked.
  /** @param {MouseEvent} event */
  nearest({ clientX, clientY }) {
    const far = [...this.player.picture.edges.values()].map((edge) => {
      const line = /** @type {SVGPathElement} */ (edge.querySelector(".line"));
      const matrix = line.getScreenCTM();
      const length = line.getTotalLength();
      const away = Array.from({ length: 24 }, (_, at) => {
        const { x, y } = line.getPointAtLength((length * at) / 23).matrixTransform(matrix);
        return Math.hypot(x - clientX, y - clientY);
      });
      return { edge, away: Math.min(...away) };
    });
    const [best] = far.sort((one, other) => one.away - other.away);
    return best && best.away <= NEAR ? best.edge : null;
  }
}
