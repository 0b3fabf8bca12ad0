/**
 * @typedef {(key: string, values?: Record<string, string|number>) => string} Texts returns a text of the page's language
 *   with its `{placeholders}` filled in; returns the key if there is no text for it
 */

/**
 * Reads the texts that the server wrote into the page from its resource bundle.
 *
 * @param {HTMLTemplateElement} template contains one `<data value="key">text</data>` for each text
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
 * Returns a text, or `fallback` if there is none. There may be none for a code that only a newer server knows.
 *
 * @param {Texts} texts @param {string} key @param {string} fallback @param {Record<string, string|number>} [values]
 */
export function textOr(texts, key, fallback, values) {
  const text = texts(key, values);
  return text === key ? fallback : text;
}

/** Returns an error in the words of the page: by its code if there is a text for it. @param {Texts} texts @param {{code: string, message: string, hint?: string}} error */
export function errorText(texts, { code, message, hint = '' }) {
  return textOr(texts, `error.${code}`, texts('notice.failed', { message, hint }));
}

/** Returns a number as the language of the page writes it. @param {number} value @param {number} [digits] after the decimal point */
export function decimal(value, digits = 0) {
  const language = globalThis.document?.documentElement.lang || 'en';
  const key = `${language} ${digits}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(key, format);
  return format.format(value);
}

/** By language and digits. Creating one takes much longer than using it. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();
