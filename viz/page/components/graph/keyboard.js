// What the player does on keys: on those pressed in it, and on a clicker's wherever they arrive.

/**
 * A key that was pressed inside the player.
 * @param {import("./player.js").Player} player
 * @param {KeyboardEvent} event
 */
export function pressed(player, event) {
  const target = /** @type {Element} */ (event.target);
  if (
    target.matches("input[type=search], select") || event.ctrlKey || event.metaKey || event.altKey
  ) return;
  const keys = {
    ArrowRight: () => player.forward(),
    ArrowLeft: () => player.back(),
    Home: () => player.jump(0),
    End: () => player.jump(player.most),
    PageDown: () => player.forward(),
    PageUp: () => player.back(),
    "+": () => player.view.zoom(1.3),
    "=": () => player.view.zoom(1.3),
    "-": () => player.view.zoom(1 / 1.3),
    "0": () => player.view.fit(),
    "?": () => player.explain(),
    Escape: () => player.escape(),
  };
  const node = target.closest(".node");
  if (keys[event.key]) keys[event.key]();
  else if (event.key === " " && !target.closest("button, .node")) player.toggle();
  else if (["Enter", " "].includes(event.key) && node) {
    player.guided.picked(event, node.id);
    player.activate(node);
  } else {
    // Streamlit listens to single letters on the page
    if (event.key.length === 1) event.stopPropagation();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/**
 * A key anywhere on the page: in a lecture a clicker steps, and Esc leads out; arrows step and
 * space plays while nothing has the focus, as on a page that was just opened.
 * @param {import("./player.js").Player} player
 * @param {KeyboardEvent} event
 */
export function pressedAnywhere(player, event) {
  if (!player.data?.present) return;
  if (event.key === "Escape" && !player.filled()) player.leave();
  const step = {
    PageDown: () => player.forward(),
    PageUp: () => player.back(),
    ...(event.target === document.body && {
      ArrowRight: () => player.forward(),
      ArrowLeft: () => player.back(),
      " ": () => player.toggle(),
    }),
  }[event.key];
  if (!step) return;
  event.preventDefault();
  step();
}
