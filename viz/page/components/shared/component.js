// What Streamlit calls a component with.

/**
 * @template Data
 * @typedef {object} Component
 * @property {HTMLElement | ShadowRoot} parentElement where the component stands; it holds `.root`
 * @property {Data} data the record that Python sent
 * @property {(name: string, value: unknown) => void} setStateValue tells Python, and stays
 * @property {(name: string, value: unknown) => void} setTriggerValue tells Python once
 */

export {};
