// Pictures to take along, made here of what is on the screen: SVG that stands by itself, and PNG.

import { element, iconButton, svgElement } from "../shared/dom.js";
import { told } from "../shared/texts.js";

// Saves the picture in one of the forms.
export function take(player, form) {
  if (form === "svg") saveSvg(player);
  else savePng(player, 2);
}

// The player's own menu, where the page around it has none.
export function takeMenu(player) {
  const list = element("div", { hidden: true, role: "menu" });
  const button = iconButton("take", told("Save the picture"), () => {
    list.hidden = !list.hidden;
  });
  const item = (form, label) =>
    element("button", {
      type: "button",
      role: "menuitem",
      onclick: () => {
        list.hidden = true;
        take(player, form);
      },
    }, label);
  list.append(
    item("svg", told("SVG, as shown")),
    item("png", told("PNG, as shown (2×)")),
  );
  return element("div", { class: "menu" }, button, list);
}

const DRESSED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "paint-order",
];

// The picture with its styles written into it and the page's ground behind it.
function standing(player) {
  const shown = player.canvas.querySelector("svg");
  const copy = shown.cloneNode(true);
  const [originals, copies] = [shown, copy].map((root) => [...root.querySelectorAll("*")]);
  originals.forEach((original, index) => {
    const style = getComputedStyle(original);
    const set = DRESSED.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) =>
      value
    );
    copies[index].setAttribute("style", set.map(([name, value]) => `${name}:${value}`).join(";"));
    for (const name of ["tabindex", "role", "aria-label"]) copies[index].removeAttribute(name);
  });
  // a number on its way is of the play, not of the picture
  for (const traveller of copy.querySelectorAll(".traveller")) traveller.remove();
  const { x, y, width, height } = shown.viewBox.baseVal;
  const paper = getComputedStyle(player.frame).getPropertyValue("background-color");
  copy.prepend(svgElement("rect", { x, y, width, height, fill: paper }));
  return new XMLSerializer().serializeToString(copy);
}

function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function saveSvg(player) {
  save(new Blob([standing(player)], { type: "image/svg+xml" }), "autograd.svg");
}

async function savePng(player, factor) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([standing(player)], { type: "image/svg+xml" }));
  image.src = url;
  await image.decode();
  const { width, height } = player.picture;
  const blob = await sharpest(factor, (scale) => drawn(image, width * scale, height * scale));
  URL.revokeObjectURL(url);
  save(blob, "autograd.png");
}

/**
 * @param {HTMLImageElement} image
 * @returns {Promise<Blob | null>} nothing where the browser has no canvas so large
 */
function drawn(image, width, height) {
  const canvas = element("canvas", { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const LEAST = 1 / 16;

/**
 * The picture as large as the browser can draw it: half as large, and so on, where it cannot.
 * @param {number} scale
 * @param {(scale: number) => Promise<Blob | null>} draw
 * @returns {Promise<Blob>}
 */
export async function sharpest(scale, draw) {
  const blob = await draw(scale);
  if (blob) return blob;
  if (scale <= LEAST) throw new Error("The browser can draw no picture of this size.");
  return sharpest(scale / 2, draw);
}
