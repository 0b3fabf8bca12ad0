import katex from 'katex';

/**
 * Renders a formula as `katex.render` does, but sets styles through the CSSOM. KaTeX itself writes some of them as `style`
 * attributes (`\pmb`, `\vec`, errors), which the Content-Security-Policy of the page blocks.
 *
 * @param {string} tex @param {HTMLElement} element @param {import('katex').KatexOptions} [options]
 */
export function render(tex, element, options) {
  const tree = /** @type {any} */ (katex).__renderToDomTree(tex, options);
  detachStyles(tree);
  const node = /** @type {HTMLElement} */ (tree.toNode());
  for (const styled of /** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll('[data-style]'))) attachStyles(styled);
  if (node.dataset.style !== undefined) attachStyles(node);
  element.replaceChildren(node);
}

/** @param {{attributes?: Record<string, string>, children?: any[]}} node of KaTeX's own tree */
function detachStyles({ attributes, children = [] }) {
  if (attributes?.style !== undefined) {
    attributes['data-style'] = attributes.style;
    delete attributes.style;
  }
  children.forEach(detachStyles);
}

/** @param {HTMLElement} element */
function attachStyles(element) {
  for (const declaration of (element.dataset.style ?? '').split(';')) {
    const colon = declaration.indexOf(':');
    if (colon > 0) element.style.setProperty(declaration.slice(0, colon).trim(), declaration.slice(colon + 1).trim());
  }
  delete element.dataset.style;
}
