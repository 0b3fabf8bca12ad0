/**
 * @typedef {(key: string, values?: Record<string, string|number>) => string} Texts gives a text of the page's language
 *   with its `{placeholders}` filled in; a key that there is no text for comes back as it is
 */

/**
 * The texts that the server wrote into the page, from its resource bundle.
 *
 * @param {HTMLTemplateElement} template with one `<data value="key">text</data>` for each text
 * @returns {Texts}
 */
export function readTexts(template) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const data of template.content.querySelectorAll('data')) texts.set(data.value, data.textContent);
  return (key, values = {}) =>
    (texts.get(key) ?? key).replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole)).trim();
}

/**
 * A text that may be missing, as for codes that a newer server may send.
 *
 * @param {Texts} texts @param {string} key @param {string} fallback
 */
export function textOr(texts, key, fallback) {
  const text = texts(key);
  return text === key ? fallback : text;
}
