// The graph player where no server answers: the pictures of all that can be opened are there.

import { Player } from "../graph/player.js";
import { speak } from "../shared/texts.js";

// Shows the player in the place of what `host` holds, which stays where scripts are off.
/**
 * @param {HTMLElement} host
 * @param {string[]} styles
 * @param {Record<string, import("../shared/records.js").GraphPlayer>} pictures by what is opened
 * @param {Record<string, string>} texts
 */
export function play(host, styles, pictures, texts) {
  speak(texts);
  host.replaceChildren();
  const shadow = host.attachShadow({ mode: "open" });
  for (const text of styles) {
    const style = document.createElement("style");
    style.textContent = text;
    shadow.append(style);
  }
  const root = document.createElement("div");
  root.className = "root";
  shadow.append(root);
  let opened = [];
  const component = {
    parentElement: shadow,
    data: pictures[""],
    setTriggerValue() {},
    setStateValue(name, clicks) {
      if (name !== "fold") return;
      const next = folded(opened, clicks.at(-1));
      const picture = pictures[next.join(" ")];
      if (!picture) return;
      opened = next;
      player.update(picture);
    },
  };
  const player = new Player(root, component);
  player.update(component.data);
}

// What is open after a click that opens one thing or closes several.
export function folded(opened, { opens, closes }) {
  if (closes) return opened.filter((name) => !closes.split(" ").includes(name));
  const [name] = opens.split(" ");
  return opened.includes(name) ? opened : [...opened, name].sort();
}
