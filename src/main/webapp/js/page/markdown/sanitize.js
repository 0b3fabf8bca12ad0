import DOMPurify from '../../vendor/dompurify.js';

/** What our Markdown renders to, and the spans of highlighted code. Everything else is left out. */
const ALLOWED_TAGS = [
  'p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'em', 'strong', 's', 'a', 'br', 'hr',
  'table', 'thead', 'tbody', 'tr', 'th', 'td', 'div', 'span',
];

const CONFIG = {
  ALLOWED_TAGS,
  ALLOWED_ATTR: ['href', 'title', 'start', 'class'],
  // DOMPurify takes the value of every other attribute for an address.
  ADD_URI_SAFE_ATTR: ['start'],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/**
 * Parses HTML and removes everything that Markdown does not need. DOMPurify's policy, `dompurify`, is the only one with which this page
 * turns text of a model into HTML.
 *
 * @param {string} html
 * @returns {DocumentFragment} nodes of this document
 */
export function sanitized(html) {
  const fragment = document.createDocumentFragment();
  if (html === '') return fragment;
  const clean = /** @type {Node} */ (/** @type {unknown} */ (DOMPurify.sanitize(html, CONFIG)));
  fragment.append(document.importNode(clean, true));
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    withoutOverrides(link);
  }
  return fragment;
}

/** Removes what would show the letters of a link in another order, for example another address than its own. @param {Node} node */
function withoutOverrides(node) {
  for (const child of node.childNodes) {
    if (child instanceof Text) child.data = child.data.replace(/[\u202A-\u202E\u2066-\u2069]/g, '');
    else withoutOverrides(child);
  }
}
