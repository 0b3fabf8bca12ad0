import { systemClock } from '../clock.js';
import { atom } from './atom.js';
import { newAnswer, newQuestion, requestOf, textOf, unfinishedOf, withBranch, withNode, withReplacement, withTurn } from './conversation.js';
import { Generation, canResume } from './generation.js';
import { randomId } from './ids.js';
import { isBusy, statusAtRest } from './status.js';
import { isEmptyTurn, newTurn } from './turn.js';
import { WireLogs } from './wire-log.js';

/**
 * @import { ReadableAtom } from './atom.js'
 * @import { Answer, Conversation, Picture, Question, Settings } from './conversation.js'
 * @import { Environment } from './generation.js'
 * @import { Status } from './status.js'
 * @import { Turn } from './turn.js'
 *
 * @typedef {Environment & {conversation: Conversation, newId?: () => string, wires?: WireLogs}} ChatOptions
 */

/** The minimum time for which the server keeps a stream and its key, with the default settings. */
const KEY_LIFETIME_MS = 10 * 60_000;

const START_UNKNOWN = {
  code: 'start_unknown',
  message: 'The page was closed before the server had confirmed the request.',
  hint: 'Choose Retry to send the message again.',
};

/**
 * One conversation and the answers that are being created for it. Its actions may be called at any time and have no effect
 * if there is nothing to do. {@link Chat#detach} leaves the answers running on the server, {@link Chat#stop} cancels them.
 */
export class Chat {
  #environment;
  #clock;
  #newId;
  #conversation;
  #status = atom(/** @type {Status} */ ('idle'));
  #retryAt = atom(/** @type {number|null} */ (null));
  /** @type {Map<string, Generation>} by the id of the answer; only those that run */
  #generations = new Map();
  #runs = atom(0);
  #wires;

  /** @param {ChatOptions} options */
  constructor({ conversation, newId = randomId, wires, ...environment }) {
    this.#environment = environment;
    this.#clock = environment.clock ?? systemClock;
    this.#newId = newId;
    this.#wires = wires ?? new WireLogs(this.#clock);
    this.#conversation = atom(conversation);
    this.#refresh();
  }

  /** @returns {ReadableAtom<Conversation>} */
  get conversation() {
    return this.#conversation;
  }

  /** The status of the answer that is shown last; `idle` if there is none. @returns {ReadableAtom<Status>} */
  get status() {
    return this.#status;
  }

  /** When the next attempt to connect begins, in epoch milliseconds; null if none is due. @returns {ReadableAtom<number|null>} */
  get retryAt() {
    return this.#retryAt;
  }

  /** Whether the last question that is shown still waits for an answer, so that no other message can be sent. */
  get busy() {
    return this.#shownGenerations().length > 0;
  }

  /** Whether any answer of this conversation is being created, shown or not. */
  get running() {
    return this.#generations.size > 0;
  }

  /** How many answers of this conversation are being created, shown or not. @returns {ReadableAtom<number>} */
  get runs() {
    return this.#runs;
  }

  /** Returns the status of one answer. @param {string} id @returns {Status} */
  statusOf(id) {
    const generation = this.#generations.get(id);
    if (generation) return generation.status.get();
    const answer = this.answer(id);
    return answer ? statusAtRest(answer.turn) : 'idle';
  }

  /** Returns whether an answer is being created. @param {string} id */
  isRunning(id) {
    return this.#generations.has(id);
  }

  /** Returns an answer, or null if the conversation has none of this id. @param {string} id @returns {Answer|null} */
  answer(id) {
    const node = this.#conversation.get().nodes[id];
    return node?.role === 'assistant' ? node : null;
  }

  /** Returns whether an answer of this conversation comes from the stream. @param {string} streamId */
  hasStream(streamId) {
    return Object.values(this.#conversation.get().nodes).some((node) => node.role === 'assistant' && node.turn.streamId === streamId);
  }

  /** Returns when the next attempt to connect for an answer begins, in epoch milliseconds, or null. @param {string} id */
  retryAtOf(id) {
    return this.#generations.get(id)?.retryAt.get() ?? null;
  }

  /** Returns what was sent and received for an answer since the page was loaded; null if that is not known any more. @param {string} id */
  wireOf(id) {
    return this.#wires.get(id);
  }

  /**
   * Adds a question to the end of what is shown, and asks for its answer.
   *
   * @param {string} text
   * @param {object} [options]
   * @param {Picture[]} [options.pictures]
   * @param {(string|null)[]} [options.models] the models that answer side by side; default the model of the settings
   * @returns {Promise<void>} resolves when the answers have ended, or `stop` or `detach` was called
   */
  async send(text, { pictures = [], models = [] } = {}) {
    const { leaf } = this.#conversation.get();
    if (this.busy || (text.trim() === '' && pictures.length === 0)) return;
    await this.#ask(newQuestion({ id: this.#newId(), parent: leaf, at: this.#clock.now(), text, pictures }), models);
  }

  /**
   * Asks another version of a question. The old version and its answers remain as a branch.
   *
   * @param {string} id of a question
   * @param {string} text
   * @param {{models?: (string|null)[]}} [options] models: as in `send`
   */
  async edit(id, text, { models = [] } = {}) {
    const question = this.#conversation.get().nodes[id];
    if (this.busy || question?.role !== 'user' || text.trim() === '') return;
    await this.#ask(newQuestion({ ...question, id: this.#newId(), at: this.#clock.now(), text }), models);
  }

  /** Asks for another answer to the same question. The old answer remains as a branch. @param {string} [id] of an answer; default the last one */
  async regenerate(id = this.#conversation.get().leaf ?? '') {
    const answer = this.answer(id);
    if (this.busy || !answer || answer.parent === null) return;
    await this.#generate([this.#again(answer)]);
  }

  /** Lets the model continue an answer, for example after a stop. The old answer remains as a branch. @param {string} [id] of an answer; default the last one */
  async continueAnswer(id = this.#conversation.get().leaf ?? '') {
    const answer = this.answer(id);
    if (this.busy || !answer || answer.parent === null || textOf(answer) === '') return;
    await this.#generate([{ ...this.#again(answer), prefix: textOf(answer) }]);
  }

  /**
   * Continues reading an answer if its stream may exist; otherwise replaces it with a new request. Never adds a question.
   *
   * @param {string} [id] of an answer; default the last one
   */
  async retry(id = this.#conversation.get().leaf ?? '') {
    const answer = this.answer(id);
    if (this.busy || !answer || answer.turn.outcome === 'completed') return;
    if (canResume(answer.turn)) return this.#run(answer.id, (generation) => generation.resume());
    if (answer.parent === null) return;
    // The key of the request is the id of the answer, so another request needs another answer.
    const again = { ...this.#again(answer), prefix: answer.prefix };
    if (!isEmptyTurn(answer.turn)) return this.#generate([again]);
    this.#conversation.set(withReplacement(this.#conversation.get(), answer, again));
    await this.#post(again.id);
  }

  /** Continues every answer that was running when the page was left. */
  async resume() {
    await this.#goOn(unfinishedOf(this.#conversation.get()));
  }

  /** @param {Answer[]} answers */
  async #goOn(answers) {
    const runs = answers.filter(({ id }) => !this.#generations.has(id)).map((answer) => {
      if (canResume(answer.turn)) return this.#run(answer.id, (generation) => generation.resume());
      if (answer.parent !== null && this.#clock.now() - answer.at < KEY_LIFETIME_MS) return this.#post(answer.id);
      return this.#setTurn(answer.id, { ...answer.turn, outcome: 'failed', error: START_UNKNOWN });
    });
    await Promise.all(runs);
  }

  /** Shows a stream that was started in another program, and reads it. @param {string} streamId */
  async follow(streamId) {
    if (this.hasStream(streamId)) return;
    const { settings } = this.#conversation.get();
    const answer = newAnswer({ id: this.#newId(), parent: null, at: this.#clock.now(), settings, streamId });
    this.#conversation.set(withNode(this.#conversation.get(), answer));
    await this.#run(answer.id, (generation) => generation.resume());
  }

  /** Cancels the answers to the last question that is shown. */
  async stop() {
    await Promise.all(this.#shownGenerations().map((generation) => generation.stop()));
  }

  /** Cancels every answer that is being created, also those that nobody reads, or only another tab. */
  async stopAll() {
    void this.resume();
    await Promise.all([...this.#generations.values()].map((generation) => generation.stop()));
  }

  /** Leaves the answers running on the server and stops reading them. */
  detach() {
    for (const generation of this.#generations.values()) generation.detach();
    this.#generations.clear();
    this.#refresh();
  }

  /** Connects at once if the next attempt is due later. */
  wake() {
    for (const generation of this.#generations.values()) generation.wake();
  }

  /** Cancels the running answers and deletes all messages. */
  async clear() {
    const stopped = this.stopAll();
    this.#conversation.set({ ...this.#conversation.get(), title: '', leaf: null, nodes: {} });
    this.#refresh();
    await stopped;
  }

  /** Shows another version of a message. @param {string} id of the version */
  select(id) {
    this.#conversation.set(withBranch(this.#conversation.get(), id));
    this.#refresh();
  }

  /**
   * Changes what is not a message. Settings that are not given stay as they are.
   *
   * @param {{title?: string, draft?: string, settings?: Partial<Settings>}} fields
   */
  change({ settings, ...fields }) {
    const current = this.#conversation.get();
    const next = { ...current.settings, ...settings };
    // Unchanged settings must be the same object. A new object would be stored as a change of this tab.
    const same = JSON.stringify(next) === JSON.stringify(current.settings);
    this.#conversation.set({ ...current, ...fields, settings: same ? current.settings : next });
  }

  /**
   * Replaces the conversation by a version into which the changes of another tab were merged.
   *
   * @param {Conversation} merged @param {{read: boolean}} options read: whether to read the answers that are new and still running
   */
  async takeOver(merged, { read }) {
    const own = this.#conversation.get();
    const news = Object.values(merged.nodes).filter((node) => node !== own.nodes[node.id]);
    const superseded = news.map(({ id }) => this.#generations.get(id));
    for (const { id } of news) this.#generations.delete(id);
    this.#conversation.set(merged);
    for (const generation of superseded) generation?.detach();
    this.#refresh();
    // Where reading has failed in another tab, it would fail here too. Each tab would tell the other, without an end.
    if (read) await this.#goOn(unfinishedOf(merged).filter((answer) => news.includes(answer) && answer.turn.error === null));
  }

  /** @param {Question} question @param {(string|null)[]} models */
  async #ask(question, models) {
    const asked = models.length > 0 ? models : [this.#conversation.get().settings.model];
    const answers = asked.map((model) => this.#newAnswer(question.id, model));
    const sideBySide = answers.length > 1 ? { sideBySide: answers.map(({ id }) => id) } : {};
    this.#conversation.set(withNode(this.#conversation.get(), { ...question, ...sideBySide }));
    await this.#generate(answers);
  }

  /** @param {string} parent @param {string|null} [model] @returns {Answer} */
  #newAnswer(parent, model = this.#conversation.get().settings.model) {
    const settings = { ...this.#conversation.get().settings, model };
    return newAnswer({ id: this.#newId(), parent, at: this.#clock.now(), settings });
  }

  /** Returns another answer to the same question. One of several side by side stays with its model. @param {Answer} answer @returns {Answer} */
  #again({ id, parent, settings }) {
    const question = this.#conversation.get().nodes[parent ?? ''];
    const isBeside = question?.role === 'user' && question.sideBySide?.includes(id);
    return this.#newAnswer(/** @type {string} */ (parent), isBeside ? settings.model : undefined);
  }

  /** @param {Answer[]} answers new ones; the first is shown */
  async #generate(answers) {
    for (const answer of answers.toReversed()) this.#conversation.set(withNode(this.#conversation.get(), answer));
    await Promise.all(answers.map(({ id }) => this.#post(id)));
  }

  /** @param {string} id of an answer */
  #post(id) {
    const request = requestOf(this.#conversation.get(), id);
    return this.#run(id, (generation) => generation.start(request, { key: id }));
  }

  /** @param {string} id of an answer @param {(generation: Generation) => Promise<void>} action */
  async #run(id, action) {
    const wire = this.#wires.open(id);
    const turn = this.answer(id)?.turn ?? newTurn();
    const generation = new Generation({ ...this.#environment, turn, events: wire });
    this.#generations.set(id, generation);
    generation.turn.subscribe((next) => this.#setTurn(id, next));
    generation.status.subscribe((status) => {
      // An answer that has ended needs no generation. A stop continues in the background, and may correct the answer.
      if (!isBusy(status) && status !== 'idle') this.#forget(id, generation);
      this.#refresh();
    });
    generation.retryAt.subscribe(() => this.#refresh());
    try {
      await action(generation);
    } finally {
      this.#forget(id, generation);
      this.#refresh();
    }
  }

  /** @param {string} id @param {Generation} generation */
  #forget(id, generation) {
    if (this.#generations.get(id) === generation) this.#generations.delete(id);
  }

  /** @param {string} id @param {Turn} turn */
  #setTurn(id, turn) {
    this.#conversation.set(withTurn(this.#conversation.get(), id, turn));
  }

  /** The generations of the last answer that is shown, and of those beside it. @returns {Generation[]} */
  #shownGenerations() {
    const last = this.answer(this.#conversation.get().leaf ?? '');
    return last === null ? [] : [...this.#generations].flatMap(([id, generation]) => (this.answer(id)?.parent === last.parent ? generation : []));
  }

  #refresh() {
    const { leaf } = this.#conversation.get();
    this.#runs.set(this.#generations.size);
    this.#status.set(leaf === null ? 'idle' : this.statusOf(leaf));
    this.#retryAt.set(this.retryAtOf(leaf ?? ''));
  }
}
