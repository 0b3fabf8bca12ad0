import { setText } from './dom.js';
import { decimal } from './texts.js';

/**
 * @import { WireLog } from '../sdk/store/wire-log.js'
 * @import { Texts } from './texts.js'
 */

/** How many points are drawn at most. More than that cannot be told apart. */
const POINTS = 2000;
const HEIGHT_PX = 160;

/** A plot of the gaps between the tokens of an answer, with the first token marked. */
export class Timeline {
  #texts;
  /** @type {import('../vendor/uplot.js').default|null} */
  #plot = null;
  /** @type {HTMLElement|null} */
  #element = null;
  #stopWatching = () => {};
  #summary = document.createElement('p');
  /** @type {Promise<typeof import('../vendor/uplot.js')|null>|null} */
  #library = null;

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.#summary.className = 'panel-note';
  }

  /** @param {WireLog} wire @param {HTMLElement} element */
  show(wire, element) {
    const { gaps, first } = gapsOf(wire);
    this.#summarize(gaps, first);
    if (element !== this.#element) {
      this.#stopWatching();
      this.#plot?.destroy();
      this.#plot = null;
      this.#element = element;
      element.append(this.#summary);
    }
    if (gaps.length < 2) return;
    // Without the library, the sentence below tells the same.
    this.#library ??= import('../vendor/uplot.js').catch((/** @type {unknown} */ error) => {
      reportError(error);
      return null;
    });
    void this.#library.then((library) => {
      if (!library || element !== this.#element) return;
      const { default: UPlot } = library;
      /** @type {[number[], number[], (number|null)[]]} */
      const data = [gaps.map(({ at }) => at / 1000), gaps.map(({ ms }) => ms), gaps.map(({ ms }, index) => (index === 0 ? ms : null))];
      if (this.#plot) this.#plot.setData(data);
      else this.#plot = this.#create(UPlot, data, element);
    });
  }

  /** @param {typeof import('../vendor/uplot.js').default} UPlot @param {[number[], number[], (number|null)[]]} data @param {HTMLElement} element */
  #create(UPlot, data, element) {
    // Functions, so that the plot has the colours of the theme whenever it is drawn.
    const color = (/** @type {string} */ name) => () => colorOf(element, name);
    const axis = { stroke: color('--ink-soft'), grid: { stroke: color('--line') }, ticks: { stroke: color('--line') } };
    const plot = new UPlot({
      width: element.clientWidth || 320,
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false } },
      axes: [{ ...axis, label: this.#texts('timeline.time'), labelSize: 20 }, { ...axis, label: this.#texts('timeline.gap'), labelSize: 20 }],
      series: [{}, { stroke: color('--accent'), width: 1.5, points: { show: false } }, { stroke: color('--warn'), width: 0, points: { show: true, size: 9, fill: color('--warn') } }],
    }, data, element);
    const resizing = new ResizeObserver(() => element.clientWidth > 0 && plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resizing.observe(element);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => plot.redraw();
    theme.addEventListener('change', redraw);
    this.#stopWatching = () => {
      resizing.disconnect();
      theme.removeEventListener('change', redraw);
    };
    return plot;
  }

  /** @param {{at: number, ms: number}[]} gaps @param {number|null} first */
  #summarize(gaps, first) {
    const sorted = gaps.slice(1).map(({ ms }) => ms).sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    setText(this.#summary, first === null ? this.#texts('timeline.none') : sorted.length === 0
      ? this.#texts('timeline.first', { first: decimal(first / 1000, 2) })
      : this.#texts('timeline.summary', { first: decimal(first / 1000, 2), median: Math.round(median), longest: Math.round(sorted.at(-1) ?? 0) }));
  }
}

/** Returns a colour of the theme as a canvas understands it. @param {HTMLElement} element @param {string} name of a custom property */
function colorOf(element, name) {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * Returns the gap before each token. The first one is the time to the first token.
 *
 * @param {WireLog} wire
 * @returns {{gaps: {at: number, ms: number}[], first: number|null}}
 */
export function gapsOf({ events }) {
  const times = events.filter(({ type }) => type === 'delta').map(({ offsetMs }) => offsetMs);
  const gaps = times.map((at, index) => ({ at, ms: at - (times[index - 1] ?? 0) }));
  const step = Math.ceil(gaps.length / POINTS);
  // Of each group of tokens, the longest gap is drawn: that is the one that people look for.
  const drawn = step <= 1 ? gaps : Array.from({ length: Math.ceil(gaps.length / step) }, (_, index) =>
    gaps.slice(index * step, (index + 1) * step).reduce((most, gap) => (gap.ms > most.ms ? gap : most)));
  return { gaps: drawn, first: times[0] ?? null };
}
