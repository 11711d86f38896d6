// The texts of the components in the language that is spoken.

let texts = {};

// From now on texts are told in these words.
export function speak(translated) {
  texts = translated;
}

// A translated text, its {places} filled.
export function told(template, places = {}) {
  const text = texts[template] ?? template;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in places ? String(places[name]) : whole));
}
