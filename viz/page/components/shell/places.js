// Which instance of a component stands in which place of the page: one for each, as long as the
// place is there. And which data it is shown: the newest. Streamlit makes a call for each new data
// once the component's script is there, and those that wait for it go on in any order, the browser's.

/**
 * @typedef {[session: string, number: number]} Sent as `components/sending.py` tells it
 * @typedef {{ instance: any, sent?: Sent }} Place
 */

/** @type {WeakMap<Node, Place>} */
const places = new WeakMap();

// The instance in a component's place, made where there is none; null for data older than those that
// it was shown.
/**
 * @param {new (root: HTMLElement, component: any) => any} Kind
 * @param {import("../shared/component.js").Component<any>} component
 */
export function standing(Kind, component) {
  const root = component.parentElement;
  const place = places.get(root) ?? { instance: new Kind(root.querySelector(".root"), component) };
  places.set(root, place);
  const sent = component.data?.sent;
  if (sent && place.sent?.[0] === sent[0] && sent[1] < place.sent[1]) return null;
  place.sent = sent;
  place.instance.component = component;
  return place.instance;
}

// What Streamlit calls when a component leaves its place. It does so, too, for data that newer data
// have overtaken on their way to the script: then the place is still there, and all stays.
/**
 * @param {Node} root
 * @param {(instance: any) => void} forgotten
 */
export function leaving(root, forgotten) {
  return () =>
    setTimeout(() => {
      const place = places.get(root);
      if (root.isConnected || !place) return;
      forgotten(place.instance);
      place.instance.close?.();
      places.delete(root);
    }, 0);
}
