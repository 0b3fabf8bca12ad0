/**
 * Changes nodes into newly rendered ones and keeps as many of them as possible, so that nothing flickers, and a selection in them survives.
 *
 * @typedef {'same'|'change'|'replace'} Decision what becomes of an element: it shows already what is wanted, its content can be changed, or
 *   it must be replaced
 * @typedef {(old: Element, wanted: Element) => Decision} Compare compares two elements of the same name
 */

/** Attributes that are set after rendering, and not by it. */
const SET_LATER = new Set(['tabindex', 'role', 'aria-label']);

/**
 * Makes `old` equal to `wanted`.
 *
 * @param {Node} parent
 * @param {Node[]} old children of `parent`, next to each other
 * @param {Node[]} wanted nodes that may be moved
 * @param {Compare} compare
 * @returns {Node[]} the children that are now in the place of `old`
 */
export function morph(parent, old, wanted, compare) {
  const after = old.at(-1)?.nextSibling ?? null;
  const result = wanted.map((node, index) => {
    const present = old[index];
    if (present === undefined) return parent.insertBefore(node, after);
    if (become(present, node, compare)) return present;
    parent.replaceChild(node, present);
    return node;
  });
  for (const left of old.slice(wanted.length)) left.parentNode?.removeChild(left);
  return result;
}

/** @param {Node} old @param {Node} wanted @param {Compare} compare @returns {boolean} whether `old` is now equal to `wanted` */
function become(old, wanted, compare) {
  if (old instanceof Text && wanted instanceof Text) {
    changeText(old, wanted.data);
    return true;
  }
  if (!(old instanceof Element && wanted instanceof Element) || old.localName !== wanted.localName) return false;
  const decision = compare(old, wanted);
  if (decision !== 'change') return decision === 'same';
  for (const name of old.getAttributeNames()) if (!wanted.hasAttribute(name) && !SET_LATER.has(name)) old.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  morph(old, [...old.childNodes], [...wanted.childNodes], compare);
  return true;
}

/** @param {Text} node @param {string} text */
function changeText(node, text) {
  const { data } = node;
  if (data === text) return;
  if (text.startsWith(data)) {
    node.appendData(text.slice(data.length));
    return;
  }
  let same = 0;
  while (same < data.length && data[same] === text[same]) same++;
  node.replaceData(same, data.length - same, text.slice(same));
}
