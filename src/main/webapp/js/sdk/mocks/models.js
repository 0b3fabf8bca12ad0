import { Refusal } from './envelope.js';

/**
 * @import { Clock } from '../clock.js'
 * @import { Model } from '../client.js'
 * @import { StreamLog } from './stream-log.js'
 */

/** @type {(Model & {object: string, status: string})[]} */
export const MODELS = [
  { id: 'mock-chat', object: 'model', owned_by: 'mock', type: 'llm', status: 'loaded', state: 'loaded', metadata: { context_length: 8192, format: 'gguf' } },
  { id: 'mock-loading', object: 'model', owned_by: 'mock', type: 'vlm', status: 'loading', state: 'loading' },
  { id: 'mock-asleep', object: 'model', owned_by: 'mock', type: 'llm', status: 'not-loaded', state: 'not-loaded' },
  { id: 'mock-embed', object: 'model', owned_by: 'mock', type: 'embeddings', status: 'loaded', state: 'loaded' },
];

/** Returns one page of the list. @param {Model[]} models @param {URLSearchParams} query @returns {{models: Model[], next: string|null}} */
export function pageOf(models, query) {
  const owner = query.get('owned_by');
  const status = query.get('status');
  const found = models.filter((model) => (owner === null || model.owned_by === owner)
    && (status === null || model.state === status || /** @type {any} */ (model).status === status));
  const from = Number(query.get('cursor') ?? 0);
  const limit = query.get('limit') === null ? found.length : Number(query.get('limit'));
  const wrong = [['cursor', from, 0], ['limit', limit, query.get('limit') === null ? 0 : 1]]
    .filter(([, value, least]) => !Number.isInteger(value) || value < least);
  if (wrong.length > 0) {
    throw new Refusal(422, { code: 'validation_failed', message: `${wrong[0][0]}: is wrong`, details: wrong.map(([field]) => ({ field, message: 'must be a whole number' })) });
  }
  return { models: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : null };
}

/** How many steps of progress a loading model shows. */
const STEPS = 4;

/**
 * Plays the loading or unloading of a model.
 *
 * @param {StreamLog} stream @param {Model} model @param {'load'|'unload'} action
 * @param {{clock: Clock, loadMs: number}} options loadMs is how long a model takes to load
 */
export function playModelChange(stream, model, action, { clock, loadMs }) {
  const phase = action === 'load' ? 'loading_model' : 'unloading_model';
  const before = model.state ?? 'not-loaded';
  const loaded = before === 'loaded';
  /** @param {string} state */
  const set = (state) => Object.assign(model, { state, status: state });
  stream.append('progress', { phase });
  if (action === 'unload') {
    if (!loaded) return stream.fail({ code: 'model_not_loaded', message: `No instance of the model '${model.id}' is loaded`, hint: 'Choose a loaded model from the model list.' });
    set('not-loaded');
    return stream.complete({ finish_reason: 'unloaded', usage: null, stats: null });
  }
  if (loaded) return stream.complete({ finish_reason: 'already_loaded', usage: null, stats: null });
  set('loading');
  let step = 0;
  let cancelTimer = () => {};
  const play = () => {
    if (!stream.running) return;
    step++;
    if (step < STEPS) {
      stream.append('progress', { phase, progress: step / STEPS });
      cancelTimer = clock.after(loadMs / STEPS, play);
    } else {
      set('loaded');
      stream.complete({ finish_reason: 'loaded', usage: null, stats: null });
    }
  };
  cancelTimer = clock.after(loadMs / STEPS, play);
  stream.onCancel = () => {
    cancelTimer();
    set(before);
  };
}
