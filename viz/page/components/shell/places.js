// Which instance of a component stands in which place of the page: one for each, as long as the
// place is there. And which of the calls of a place counts: Streamlit makes one for each new data once
// the component's script is there, and those that wait for a script go on in any order, the browser's.

/**
 * @typedef {import("../shared/component.js").Component<any>} Call
 * @typedef {object} Place
 * @property {any} instance
 * @property {Call[]} calls the last that counted, and what came since
 */

/** @type {WeakMap<Node, Place>} */
const places = new WeakMap();

// Hands a call to the instance in its place, made where there is none. Gives what Streamlit calls when
// the component leaves its place, and at once for a call that newer data have overtaken on their way
// to the script: then the place is still there, all stays, and what was called before counts again.
/**
 * @param {new (root: HTMLElement, component: any) => any} Kind
 * @param {Call} call
 * @param {(instance: any, data: unknown) => void} hand
 * @param {(instance: any) => void} forgotten
 */
export function stand(Kind, call, hand, forgotten) {
  const root = call.parentElement;
  const place = places.get(root) ??
    { instance: new Kind(root.querySelector(".root"), call), calls: [] };
  places.set(root, place);
  const take = (one) => {
    place.instance.component = one;
    hand(place.instance, one.data);
  };
  place.calls.push(call);
  // the overtaken are told before this comes: what is older than one that counts is not needed
  const counts = setTimeout(() => place.calls.splice(0, place.calls.indexOf(call)), 0);
  take(call);
  return () => {
    clearTimeout(counts);
    setTimeout(() => {
      if (places.get(root) !== place) return;
      if (root.isConnected) {
        const last = place.calls.at(-1);
        place.calls = place.calls.filter((one) => one !== call);
        if (last === call && place.calls.length) take(place.calls.at(-1));
        return;
      }
      forgotten(place.instance);
      place.instance.close?.();
      places.delete(root);
    }, 0);
  };
}
