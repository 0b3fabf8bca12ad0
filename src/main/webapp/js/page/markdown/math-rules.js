/**
 * @import { MarkdownIt, StateBlock, StateInline } from 'markdown-it'
 */

/** The longest formula that is looked for inside a paragraph. It bounds the search that each `$` starts. */
const MAX_INLINE = 2_000;

/** Formulas in a paragraph, as `[opening, closing, whether the formula is displayed on lines of its own]`. */
const DELIMITERS = /** @type {const} */ ([['$$', '$$', true], ['\\[', '\\]', true], ['\\(', '\\)', false]]);

/**
 * Adds formulas to a parser: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. A formula becomes a placeholder that holds its TeX as text.
 *
 * @param {MarkdownIt} markdown
 */
export function addMath(markdown) {
  markdown.block.ruler.before('fence', 'math_block', mathBlock, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  // Before `escape`, which would read `\(` as an escaped parenthesis.
  markdown.inline.ruler.before('escape', 'math_inline', mathInline);
  const { escapeHtml } = markdown.utils;
  markdown.renderer.rules.math_block = (tokens, index) => {
    const { content, meta } = tokens[index];
    return `<div class="math math-display${meta?.open ? ' math-open' : ''}">${escapeHtml(content)}</div>\n`;
  };
  markdown.renderer.rules.math_inline = (tokens, index) => {
    const { content, meta } = tokens[index];
    return `<span class="math${meta?.display ? ' math-display' : ''}${meta?.open ? ' math-open' : ''}">${escapeHtml(content)}</span>`;
  };
}

/**
 * Reads a formula that has its lines to itself. A blank line cannot be part of it: otherwise a formula whose end never comes could still
 * change blocks that were shown long ago.
 *
 * @param {StateBlock} state @param {number} startLine @param {number} endLine @param {boolean} silent
 */
function mathBlock(state, startLine, endLine, silent) {
  if (state.sCount[startLine] - state.blkIndent >= 4) return false;
  const start = state.bMarks[startLine] + state.tShift[startLine];
  const opening = state.src.slice(start, start + 2);
  if (opening !== '$$' && opening !== '\\[') return false;
  const closing = opening === '$$' ? '$$' : '\\]';
  let line = startLine;
  let open = true;
  /** @type {string[]} */
  const content = [];
  for (; line < endLine && open; line++) {
    const from = line === startLine ? start + 2 : state.bMarks[line] + state.tShift[line];
    const text = state.src.slice(from, state.eMarks[line]);
    if (line > startLine && (text.trim() === '' || state.sCount[line] < state.blkIndent)) return false;
    const end = text.indexOf(closing);
    if (end >= 0 && text.slice(end + 2).trim() !== '') return false;
    open = end < 0;
    content.push(open ? text : text.slice(0, end));
  }
  const tex = content.join('\n').trim();
  // More text may still close it.
  if (open ? !state.env.running || state.eMarks[line - 1] < state.src.length - 1 : tex === '') return false;
  if (silent) return true;
  const token = state.push('math_block', 'div', 0);
  token.block = true;
  token.content = tex;
  token.map = [startLine, line];
  token.meta = { open };
  state.line = line;
  return true;
}

/** @param {StateInline} state @param {boolean} silent */
function mathInline(state, silent) {
  const { src, pos } = state;
  const character = src[pos];
  if (character !== '$' && character !== '\\') return false;
  for (const [opening, closing, display] of DELIMITERS) {
    if (!src.startsWith(opening, pos)) continue;
    const end = src.slice(0, pos + MAX_INLINE).indexOf(closing, pos + 2);
    if (end < 0 || src.slice(pos + 2, end).trim() === '') return false;
    return accept(state, silent, { from: pos + 2, end, after: end + 2, display });
  }
  if (character !== '$') return false;
  const end = endOfDollars(src, pos);
  return end > 0 && accept(state, silent, { from: pos + 1, end, after: end + 1, display: false });
}

/**
 * Returns where a formula between single dollars ends, or -1. Prices are not formulas: spaces may not be next to the dollars on the inside,
 * digits may not follow the second one, and a number may not be followed by words.
 *
 * @param {string} src @param {number} start of the first dollar
 */
function endOfDollars(src, start) {
  if (/[\w$]/.test(src[start - 1] ?? '') || /[\s$]/.test(src[start + 1] ?? ' ')) return -1;
  const limit = Math.min(src.length, start + MAX_INLINE);
  for (let index = start + 1; index < limit; index++) {
    const character = src[index];
    if (character === '\\') index++;
    else if (character === '\n' || character === '`') return -1;
    else if (character === '$') {
      const price = /\s/.test(src[index - 1]) || /[\w$]/.test(src[index + 1] ?? '') || /^\d[^\\]*\s[a-z]{2,}\s/i.test(src.slice(start + 1, index));
      return price ? -1 : index;
    }
  }
  return -1;
}

/** @param {StateInline} state @param {boolean} silent @param {{from: number, end: number, after: number, display: boolean}} place */
function accept(state, silent, { from, end, after, display }) {
  if (after > state.posMax) return false;
  if (!silent) {
    const token = state.push('math_inline', 'span', 0);
    token.content = state.src.slice(from, end).trim();
    token.meta = { display, open: false };
  }
  state.pos = after;
  return true;
}
