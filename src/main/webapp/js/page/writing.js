import { pathOf } from '../sdk/store/conversation.js';
import { Composer } from './composer.js';
import { byId } from './dom.js';
import { canChat } from './model-list.js';
import { ModelPicker } from './model-picker.js';
import { canSee } from './pictures.js';
import { act } from './shared.js';

/** @import { Shared } from './shared.js' */

/**
 * Creates the message box, the model picker, and the second one for answers side by side.
 *
 * @param {Shared} shared
 * @param {{onSend: () => void}} events onSend is called before a message is sent
 */
export function createWriting(shared, { onSend }) {
  const { models, texts, preferences } = shared;
  const picker = new ModelPicker({
    store: models, texts,
    select: byId('model', HTMLSelectElement),
    note: byId('model-note', HTMLElement),
    onPick(model) {
      shared.current?.change({ settings: { model } });
      preferences.set('model', model ?? '');
      composer.refresh();
    },
  });
  /** What is sent next goes to the model that is shown as picked, even if the conversation was held with one that is gone. */
  const settle = () => shared.chat.change({ settings: { model: picker.model } });
  const comparison = createComparison(shared, picker);
  const composer = new Composer({
    form: byId('composer', HTMLFormElement),
    message: byId('message', HTMLTextAreaElement),
    send: byId('send', HTMLButtonElement),
    stop: byId('stop', HTMLButtonElement),
    attach: byId('attach', HTMLButtonElement),
    files: byId('files', HTMLInputElement),
    attached: byId('attached', HTMLElement),
  }, {
    onSend(text, pictures) {
      onSend();
      settle();
      act(shared.chat.send(text, { pictures, models: comparison.models() }));
    },
    onStop: () => act(shared.chat.stop()),
    onDraft: (draft) => shared.chat.change({ draft }),
    onPictures: shared.drawSoon,
    earlierPictures: () => (shared.current ? pathOf(shared.current.conversation.get()) : []).flatMap((node) => (node.role === 'user' ? node.pictures : [])),
    whyNoPictures: () => (canSee(models.find(picker.model)) === false ? texts('pictures.blind', { model: picker.model ?? '' }) : ''),
  }, texts);
  return { composer, picker, settle, compared: comparison.models };
}

/** @param {Shared} shared @param {ModelPicker} picker the first one */
function createComparison({ models, texts, preferences }, picker) {
  const second = new ModelPicker({ store: models, texts, select: byId('second-model', HTMLSelectElement), note: null, onPick: (model) => preferences.set('second-model', model ?? '') });
  second.pick(preferences.get('second-model'));
  const compare = byId('compare', HTMLButtonElement);
  const comparing = () => compare.getAttribute('aria-pressed') === 'true';
  compare.addEventListener('click', () => {
    compare.setAttribute('aria-pressed', String(!comparing()));
    byId('second', HTMLElement).hidden = !comparing();
    // Two answers of one model are seldom what a comparison is for.
    const other = models.models.get().list.find((model) => canChat(model) && model.id !== picker.model);
    if (other && second.model === picker.model) second.pick(other.id);
  });
  return {
    /** The models that answer side by side; empty if only one answers. */
    models: () => (comparing() ? [picker.model, second.model] : []),
  };
}
