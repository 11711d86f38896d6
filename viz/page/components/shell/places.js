// Which instance of a component stands in which place of the page: one for each, as long as the
// place is there.

/** @type {WeakMap<Node, any>} */
const instances = new WeakMap();

// The instance in a component's place, made where there is none.
/**
 * @param {new (root: HTMLElement, component: any) => any} Kind
 * @param {import("../shared/component.js").Component<any>} component
 */
export function standing(Kind, component) {
  const place = component.parentElement;
  let instance = instances.get(place);
  if (!instance) {
    instance = new Kind(place.querySelector(".root"), component);
    instances.set(place, instance);
  }
  instance.component = component;
  return instance;
}

// What Streamlit calls when a component leaves its place. It does so, too, for data that newer data
// have overtaken on their way to the script: then the place is still there, and all stays.
/**
 * @param {Node} place
 * @param {() => void} forgotten
 */
export function leaving(place, forgotten) {
  return () =>
    setTimeout(() => {
      if (place.isConnected || !instances.has(place)) return;
      forgotten();
      instances.get(place).close?.();
      instances.delete(place);
    }, 0);
}
