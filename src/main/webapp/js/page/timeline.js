import { WireLog } from '../sdk/store/wire-log.js';
import { setText } from './dom.js';
import { shown } from './figures-line.js';
import { Gaps } from './gaps.js';
import { plots } from './markdown/libraries.js';
import { decimal } from './texts.js';

/**
 * @import { Figure } from '../sdk/store/figures.js'
 * @import { Texts } from './texts.js'
 */

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
  /** @type {WireLog|null} */
  #wire = null;
  #gaps = new Gaps(new WireLog());

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.#summary.className = 'panel-note';
  }

  /** @param {WireLog} wire @param {Figure|null} first the time to the first token, as the figures of the answer say @param {HTMLElement} element */
  show(wire, first, element) {
    if (wire !== this.#wire) this.#gaps = new Gaps(wire);
    this.#wire = wire;
    this.#gaps.read();
    this.#summarize(first);
    if (element !== this.#element) {
      this.#stopWatching();
      this.#plot?.destroy();
      this.#plot = null;
      this.#element = element;
      element.append(this.#summary);
    }
    this.#draw(element);
  }

  /** @param {HTMLElement} element */
  #draw(element) {
    const points = this.#gaps.points();
    if (points.length < 2) return;
    if (plots.loaded === null) {
      plots.load().then(() => element === this.#element && this.#draw(element), () => {
        // The server cannot be reached. The sentence below tells the same, and the next drawing tries again.
      });
      return;
    }
    const { first } = this.#gaps;
    /** @type {[number[], number[], (number|null)[]]} */
    const data = [points.map(({ at }) => at / 1000), points.map(({ ms }) => ms), points.map((point) => (point === first ? point.ms : null))];
    if (this.#plot) this.#plot.setData(data);
    else this.#plot = this.#create(plots.loaded, data, element);
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
    const redraw = () => plot.redraw();
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', redraw);
    const chosen = new MutationObserver(redraw);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.#stopWatching = () => {
      resizing.disconnect();
      chosen.disconnect();
      system.removeEventListener('change', redraw);
    };
    return plot;
  }

  /** @param {Figure|null} figure */
  #summarize(figure) {
    const texts = this.#texts;
    const first = figure ? shown(figure, (ms) => decimal(ms / 1000, 2)) : '';
    const gaps = this.#gaps.summary();
    const [median, longest] = [Math.round(gaps?.median ?? 0), Math.round(gaps?.longest ?? 0)];
    if (gaps) setText(this.#summary, figure ? texts('timeline.summary', { first, median, longest }) : texts('timeline.gaps', { median, longest }));
    else setText(this.#summary, figure ? texts('timeline.first', { first }) : texts('timeline.none'));
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
