// How the player stands, as a link holds it: its step, speed, view, open card and legend.

import { exact } from "../shared/numbers.js";

// How it stands now, by the link's parameters; of the play nothing while it runs, and at its two
// ends.
/**
 * @param {import("./player.js").Player} player
 * @returns {Record<string, string | null>}
 */
export function standing(player) {
  const inside = !player.timer && player.index > 0 && player.index < player.most;
  return {
    step: inside ? String(player.index) : null,
    speed: player.speed === 1 ? null : String(player.speed),
    look: player.view.looking()?.join(",") ?? null,
    card: player.chosen ?? null,
    legend: player.legend.hidden ? null : "1",
  };
}

// A link's first picture: what was looked at and open when the link was made.
/** @param {import("./player.js").Player} player */
export function stand(player) {
  const { card, legend, look } = player.data;
  if (legend && player.legend.hidden) player.explain();
  if (card !== null && player.picture.has(card)) player.pick(card);
  const [x, y, scale] = look.map(exact);
  if (scale) player.view.look(x, y, scale);
}
