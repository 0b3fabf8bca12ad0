import { byId } from './dom.js';
import { figuresLine } from './figures-line.js';
import { ModelsTab } from './models-tab.js';
import { Panel } from './panel.js';
import { ServerTab } from './server-tab.js';
import { SettingsForm } from './settings-form.js';
import { act } from './shared.js';
import { WireTab } from './wire-tab.js';

/** @import { Shared } from './shared.js' */

/** Creates the panel at the side with all its tabs. @param {Shared} shared */
export function createDetails(shared) {
  const { client, clock, contextRoot, texts, models, slots } = shared;
  const wire = new WireTab({
    element: byId('tab-wire', HTMLElement), texts, address: `${location.origin}${contextRoot}/api/v1/ai/lmstudio`,
    chat: () => shared.current, onCopy: (text) => act(shared.copy(text)), clock,
  });
  const figures = () => {
    const leaf = shared.current?.answer(shared.current.conversation.get().leaf ?? '');
    return leaf ? figuresLine(leaf.turn, clock.now(), texts) : [];
  };
  const isAdmin = document.documentElement.dataset.admin === 'true';
  const settings = new SettingsForm({ form: byId('settings', HTMLFormElement), texts, onChange: (changed) => shared.current?.change({ settings: changed }) });
  const panel = new Panel({
    panel: byId('panel', HTMLElement),
    toggle: byId('panel-toggle', HTMLButtonElement),
    close: byId('panel-close', HTMLButtonElement),
    tabs: {
      'tab-settings': { draw: () => settings.show(shared.settings) },
      'tab-wire': wire,
      'tab-models': new ModelsTab({ store: models, client, slots, texts, element: byId('tab-models', HTMLElement), isAdmin }),
      'tab-server': new ServerTab({ client, store: models, clock, texts, element: byId('tab-server', HTMLElement), figures }),
    },
    onChange: (open) => document.body.toggleAttribute('data-panel', open),
  });
  return {
    panel,
    /** Shows what was sent and received for an answer. @param {string} id */
    inspect(id) {
      wire.choose(id);
      panel.open('tab-wire');
    },
    /** The wire tab shows the last answer again. */
    forget: () => wire.choose(null),
  };
}
