import MarkdownIt from '../../vendor/markdown-it.js';
import { complete } from './complete.js';
import { addMath } from './math-rules.js';

/**
 * @import { StateCore, Token } from 'markdown-it'
 *
 * @typedef {{href: string, title: string}} Reference where `[label]: address` leads
 * @typedef {Record<string, Reference|undefined>} References by label, as markdown-it normalises labels
 *
 * @typedef {object} Rendering
 * @property {string} html
 * @property {Token[]} tokens
 * @property {References} references the addresses that the text defines, in front of the known ones
 * @property {Map<string, string|undefined>} lookups the labels that the text asked for, with the addresses that they had
 */

/** Addresses that a link may have. */
const ADDRESS = /^(?:https?:\/\/|mailto:)/i;

/** A last line that may become the end of a fenced block. */
const PARTIAL_FENCE = /(^|\n)[ \t]*(?:`+|~+)[ \t]*$/;

/** The second line of a table, as far as it was written. */
const DELIMITER_ROW = /^[\s|:-]*$/;

const markdown = new MarkdownIt({ html: false, linkify: true });
// `main.rs` and `README.md` are file names, although both end in the name of a country.
markdown.linkify.set({ fuzzyLink: false });
markdown.validateLink = (url) => ADDRESS.test(url.trim());
addMath(markdown);

const { rules } = markdown.renderer;
const { escapeHtml } = markdown.utils;

/** Images would be requests to other servers. The reader decides: the address is a link. */
rules.image = (tokens, index, options, env) => {
  const { children, attrs } = tokens[index];
  const alternative = escapeHtml(markdown.renderer.renderInlineAsText(children ?? [], options, env));
  const address = escapeHtml(String(attrs?.find(([name]) => name === 'src')?.[1] ?? ''));
  let links = 0;
  for (const { type } of tokens.slice(0, index)) links += type === 'link_open' ? 1 : type === 'link_close' ? -1 : 0;
  if (links > 0) return alternative;
  return `<span class="image">${alternative && `${alternative}: `}<a href="${address}">${address}</a></span>`;
};

/** @param {string} code @param {string} [language] @param {boolean} [open] */
const codeBlock = (code, language = '', open = false) =>
  `<pre><code class="${escapeHtml(language && `language-${language}`)}${open ? ' code-open' : ''}">${escapeHtml(code)}</code></pre>\n`;

rules.code_block = (tokens, index) => codeBlock(tokens[index].content);
rules.fence = (tokens, index, _, env = {}) => {
  const token = tokens[index];
  const open = Boolean(env.running) && isOpenFence(token);
  const code = open ? token.content.replace(PARTIAL_FENCE, '$1') : token.content;
  // While the first line is being written, it is not known where the name of the language ends.
  const named = !open || token.content !== '' || String(env.source).endsWith('\n');
  return codeBlock(code, named ? markdown.utils.unescapeAll(token.info).trim().split(/\s+/)[0] : '', open);
};

/** Returns whether the end of a fenced block has not come. @param {Token} token */
export function isOpenFence({ map, content }) {
  const [from, to] = map ?? [0, 0];
  const lines = content.split('\n').length - (content.endsWith('\n') || content === '' ? 1 : 0);
  return to - from < lines + 2;
}

/** The policy of the page forbids style attributes, which markdown-it writes for the columns of a table. @param {StateCore} state */
function alignByClass({ tokens }) {
  for (const token of tokens) {
    const style = token.type === 'th_open' || token.type === 'td_open' ? token.attrGet('style') : null;
    if (style) token.attrs = [['class', `align-${String(style).replace('text-align:', '')}`]];
  }
}
markdown.core.ruler.push('align_by_class', alignByClass);

markdown.core.ruler.before('inline', 'complete_end', ({ tokens, env }) => {
  const last = env.running ? tokens.findLast(({ type }) => type === 'inline' || type === 'fence' || type === 'math_block') : null;
  if (last?.type === 'inline' && !String(env.source).endsWith('\n\n')) {
    const { text, formula } = complete(last.content);
    last.content = text;
    env.formula = formula;
    env.completed = last;
  }
  env.lookups = new Map();
});
markdown.core.ruler.after('inline', 'formula_at_end', (state) => {
  const { formula, completed } = /** @type {{formula?: string|null, completed?: Token}} */ (state.env);
  if (!formula) return;
  const token = new state.Token('math_inline', 'span', 0);
  token.content = formula;
  token.meta = { display: false, open: true };
  completed?.children?.push(token);
});

/**
 * Renders Markdown as HTML. The HTML is not sanitised yet.
 *
 * @param {string} source with `\n` as line ends
 * @param {References} known the addresses that texts before this one define
 * @param {boolean} running whether more text may follow
 * @returns {Rendering}
 */
export function render(source, known, running) {
  const rendering = renderAsIs(source, known, running);
  const shown = running ? withoutFlash(source, rendering.tokens) : source;
  return shown === source ? rendering : renderAsIs(shown, known, true);
}

/** @param {string} source @param {References} known @param {boolean} running @returns {Rendering} */
function renderAsIs(source, known, running) {
  const references = /** @type {References} */ (Object.create(known));
  /** @type {Record<string, any>} */
  const env = { running, source };
  env.references = new Proxy(references, {
    get(_, label) {
      const reference = references[String(label)];
      env.lookups?.set(label, reference?.href);
      return reference;
    },
  });
  const tokens = markdown.parse(source, env);
  return { html: markdown.renderer.render(tokens, markdown.options, env), tokens, references, lookups: env.lookups };
}

/**
 * Finds the blocks that no further text can change: all but the last one.
 *
 * @param {string} source complete lines
 * @param {References} known
 * @returns {number} how many lines they have
 */
export function finishedLines(source, known) {
  const env = { running: true, source, references: Object.create(known) };
  /** @type {Token[]} */
  const tokens = [];
  markdown.block.parse(source, markdown, env, tokens);
  const blocks = tokens.filter(({ level, map, type }) => level === 0 && map && type !== 'reference_definition');
  const last = blocks.at(-1);
  // A formula whose end has not come may turn out to be text of the paragraph before it.
  const kept = last?.type === 'math_block' && last.meta?.open ? 2 : 1;
  return blocks.at(-1 - kept)?.map?.[1] ?? 0;
}

/**
 * Completes block markup at the end of a text that is still being written: the first rows of a table, and a line below a paragraph that
 * may become a list or a heading.
 *
 * @param {string} source @param {Token[]} tokens
 */
function withoutFlash(source, tokens) {
  const last = tokens.at(-1);
  if (last?.type === 'heading_close' && /^[-=]/.test(last.markup) && !source.endsWith('\n')) return source.slice(0, source.lastIndexOf('\n'));
  if (last?.type !== 'paragraph_close' || source.endsWith('\n\n')) return source;
  const [from, to] = tokens.at(-3)?.map ?? [0, 0];
  const lines = source.split('\n');
  const [header, row = '', ...more] = lines.slice(from, to);
  if (!header.startsWith('|') || more.length > 0 || !DELIMITER_ROW.test(row)) return source;
  const whole = header.endsWith('|') ? header : `${header} |`;
  const columns = whole.split(/(?<!\\)\|/).length - 2;
  const table = header.length > 1 ? [whole, `${'|---'.repeat(columns)}|`] : [];
  return [...lines.slice(0, from), ...table].join('\n');
}
