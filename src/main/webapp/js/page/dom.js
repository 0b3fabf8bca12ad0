/**
 * Creates an element with classes and children. Strings become text nodes, so text of a model is never parsed as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string} [className]
 * @param {...(Node|string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, className = '', ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/**
 * Returns an element of the page. Throws if the page does not have it.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const node = document.getElementById(id);
  if (!(node instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return node;
}

/** Sets the text unless it is unchanged, because a live region would read it aloud again. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A text node that grows. The cost of appending does not depend on the length of the text.
 */
export class GrowingText {
  #node = document.createTextNode('');
  #text = '';

  /** @param {Element} parent */
  constructor(parent) {
    parent.append(this.#node);
  }

  /** @param {string} text */
  show(text) {
    if (text === this.#text) return;
    if (text.startsWith(this.#text)) this.#node.appendData(text.slice(this.#text.length));
    else this.#node.data = text;
    this.#text = text;
  }
}
