// Two kinds of figures, written by hand: readable on a light and on a dark page.
import { amount } from './format.mjs';

const COLOURS = ['#2a78d6', '#d9822b', '#3f9c62', '#a05fc4'];
const WIDTH = 720, LEFT = 190, RIGHT = 90, BAR = 16, GAP = 5;
const STYLE = `<style>text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:14px}.faint{fill:#777}.axis{stroke:#999;stroke-width:1}
@media (prefers-color-scheme:dark){text{fill:#ddd}.faint{fill:#999}.axis{stroke:#777}}</style>`;

/** @param {string} text */
const safe = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
/** @param {number} value */
const at = (value) => String(Math.round(value * 10) / 10);
/** @param {number} x @param {number} y @param {string} text @param {string} [more] */
const label = (x, y, text, more = '') => `<text x="${at(x)}" y="${at(y)}"${more}>${safe(text)}</text>`;
/** @param {string} title @param {number} height @param {string[]} parts */
const figure = (title, height, parts) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${safe(title)}">
${[STYLE, label(0, 16, title, ' class="title"'), ...parts].join('\n')}\n</svg>\n`;
/** @param {string[]} series @param {number} y */
const legend = (series, y) => series.map((name, i) => `<rect x="${LEFT + i * 130}" y="${y - 10}" width="10" height="10" fill="${COLOURS[i]}"/>${label(LEFT + 14 + i * 130, y, name)}`);

/**
 * Bars beside each other, one group a thing, one bar a series; each with its figure.
 * @param {{title: string, unit: string, series: string[], rows: {name: string, values: (number | null)[]}[]}} chart
 */
export const bars = ({ title, unit, series, rows }) => {
  const known = (/** @type {number | null} */ value) => value !== null && Number.isFinite(value) ? value : 0;
  const most = Math.max(1e-9, ...rows.flatMap(({ values }) => values.map(known)));
  const group = series.length * (BAR + 1) + 2 * GAP;
  const top = series.length > 1 ? 44 : 26;
  const parts = rows.flatMap(({ name, values }, g) => [label(LEFT - 8, top + g * group + group / 2 + 4, name, ' text-anchor="end"'), ...values.map((value, i) => {
    const y = top + g * group + GAP + i * (BAR + 1), length = Math.max(1, (WIDTH - LEFT - RIGHT) * known(value) / most);
    return `<rect x="${LEFT}" y="${y}" width="${at(length)}" height="${BAR}" rx="2" fill="${COLOURS[i]}"/>${label(LEFT + length + 6, y + 12.5, amount(value, unit))}`;
  })]);
  return figure(title, top + rows.length * group + 4, [...(series.length > 1 ? legend(series, 36) : []), ...parts]);
};

/**
 * Panels below each other over one time axis, each with its own scale from zero.
 * @param {{title: string, x: string, panels: {name: string, unit: string, points: [number, number][]}[]}} chart
 */
export const lines = ({ title, x, panels }) => {
  const TALL = 70, STEP = 96, width = WIDTH - LEFT - RIGHT;
  const last = Math.max(1e-9, ...panels.flatMap(({ points }) => points.map(([t]) => t)));
  const parts = panels.flatMap(({ name, unit, points }, p) => {
    const bottom = 32 + p * STEP + TALL, most = Math.max(1e-9, ...points.map(([, value]) => value));
    const path = points.map(([t, value]) => `${at(LEFT + width * t / last)},${at(bottom - TALL * value / most)}`).join(' ');
    return [`<line class="axis" x1="${LEFT}" y1="${bottom}" x2="${LEFT + width}" y2="${bottom}"/>`, label(LEFT - 8, bottom - TALL / 2, name, ' text-anchor="end"'),
      label(LEFT - 8, bottom - TALL / 2 + 16, `at most ${amount(most, unit)}`, ' class="faint" text-anchor="end"'),
      `<polyline points="${path}" fill="none" stroke="${COLOURS[0]}" stroke-width="2" stroke-linejoin="round"/>`,
      ...(points.length ? [label(LEFT + width + 6, bottom - TALL * points[points.length - 1][1] / most + 4, amount(points[points.length - 1][1], unit))] : [])];
  });
  const height = 32 + panels.length * STEP + 10;
  return figure(title, height, [...parts, label(LEFT, height - 8, '0', ' class="faint"'), label(LEFT + width, height - 8, `${amount(last)} ${x}`, ' class="faint" text-anchor="end"')]);
};
