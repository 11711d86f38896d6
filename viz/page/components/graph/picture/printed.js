// On paper nothing plays: a run that plays is printed whole, and plays on afterwards.

export class Printed {
  /** @param {import("../player.js").Player} player */
  constructor(player) {
    /** @type {number | null} the step at which the play waits for the printer */
    let waits = null;
    this.before = () => {
      if (!player.timer) return;
      waits = player.index;
      player.jump(player.end);
    };
    this.after = () => {
      if (waits === null) return;
      player.go(waits);
      player.play();
      waits = null;
    };
    addEventListener("beforeprint", this.before);
    addEventListener("afterprint", this.after);
  }

  close() {
    removeEventListener("beforeprint", this.before);
    removeEventListener("afterprint", this.after);
  }
}
