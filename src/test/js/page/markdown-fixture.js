import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MarkdownView } from '../../../main/webapp/js/page/markdown.js';
import { ManualClock } from '../mock/manual-clock.js';

/** @param {string} key */
export const texts = (key) => key;

/** A view in an element of its own. Its clock stands still, so that every call renders at once. */
export function newView() {
  const container = document.createElement('div');
  /** @type {string[]} */
  const copied = [];
  const view = new MarkdownView(container, { texts, clock: new ManualClock(), onCopy: (text) => void copied.push(text) });
  return { container, view, copied };
}

/** @param {string} text @param {boolean} [running] */
export function shown(text, running = false) {
  const { container, view } = newView();
  view.show(text, { running });
  return container;
}

/** A long answer with every kind of block. */
export const SAMPLE = readFileSync(path.join(import.meta.dirname, 'markdown-sample.md'), 'utf8');

/** What is in an element. @param {Node} node */
export const markupOf = (node) => [...node.childNodes].map((child) => new XMLSerializer().serializeToString(child)).join('');
