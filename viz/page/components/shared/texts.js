// The texts of the components in the language that is spoken.

/** @type {Record<string, string>} */
let texts = {};

// From now on texts are told in these words.
/** @param {Record<string, string>} translated */
export function speak(translated) {
  texts = translated;
}

// A translated text, its {places} filled.
/**
 * @param {string} template
 * @param {Record<string, unknown>} [places]
 * @returns {string}
 */
export function told(template, places = {}) {
  const text = texts[template] ?? template;
  return text.replace(
    /\{(\w+)\}/g,
    (whole, name) => (name in places ? String(places[name]) : whole),
  );
}
