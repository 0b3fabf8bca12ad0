/**
 * An element with classes and children. Strings become text nodes: nothing that comes from a model is ever parsed.
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
 * The element of the page that a module cannot do without.
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

/** Sets the text only if it is another one: a live region would repeat itself. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A text node that grows: appending what is new costs the same however long the text is.
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
