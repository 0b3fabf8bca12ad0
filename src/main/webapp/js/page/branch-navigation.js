import { html, nothing } from '../vendor/lit-html.js';

/**
 * @import { Moment } from './messages.js'
 * @import { Texts } from './texts.js'
 */

/**
 * Returns the buttons that lead to the other versions of a message, as ‹ 2/3 ›; nothing if there is only one version.
 *
 * @param {Moment['branch']} branch @param {Texts} texts @param {(id: string) => void} onSelect
 */
export function branchNavigation({ at, of, previous, next }, texts, onSelect) {
  if (of < 2) return nothing;
  /** @param {string|null} id @param {'previous'|'next'} name @param {string} sign */
  const button = (id, name, sign) => html`
    <button type="button" class="quiet small" aria-label=${texts(`branch.${name}`)} ?disabled=${id === null}
      @click=${() => id !== null && onSelect(id)}>${sign}</button>`;
  return html`<span class="branches">${button(previous, 'previous', '‹')}
    <span aria-label=${texts('branch.place', { at, of })} role="text">${at}/${of}</span>${button(next, 'next', '›')}</span>`;
}
