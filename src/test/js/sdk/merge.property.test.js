import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, newAnswer, newConversation, newQuestion, pathOf, withBranch, withNode, withTurn } from '../../../main/webapp/js/sdk/store/conversation.js';
import { merge } from '../../../main/webapp/js/sdk/store/merge.js';
import { changedParts, withChanges } from '../../../main/webapp/js/sdk/store/storage.js';

/**
 * Tabs that change one conversation, store it and hear of each other in any order.
 *
 * @import { Answer, Conversation } from '../../../main/webapp/js/sdk/store/conversation.js'
 *
 * @typedef {{own: Conversation, saved: Conversation|null, shown: boolean}} Tab
 */

const TABS = 3;
/** The last entry of each stream. */
const END = 3;

class World {
  /** @type {Conversation} */
  stored = withNode(
    withNode(newConversation({ id: 'c', at: 0 }), newQuestion({ id: 'q', parent: null, at: 0, text: 'Hi' })),
    newAnswer({ id: 'a', parent: 'q', at: 0, settings: DEFAULT_SETTINGS }));
  /** @type {Tab[]} */
  tabs = Array.from({ length: TABS }, (_, index) => {
    const own = structuredClone(this.stored);
    return { own, saved: own, shown: index > 0 };
  });
  time = 0;
  renamed = false;
  /** How far each answer was read. @type {Record<string, number>} */
  read = { a: 0 };

  /** @param {Tab} tab */
  ask(tab) {
    const at = ++this.time;
    tab.own = withNode(tab.own, newQuestion({ id: `q${at}`, parent: tab.own.leaf, at, text: 'Hi' }));
    tab.own = withNode(tab.own, newAnswer({ id: `a${at}`, parent: `q${at}`, at, settings: tab.own.settings }));
    this.read[`a${at}`] = 0;
  }

  /** @param {Tab} tab @param {number} number */
  grow(tab, number) {
    const answers = /** @type {Answer[]} */ (Object.values(tab.own.nodes).filter((node) => node.role === 'assistant' && node.turn.outcome === null));
    const answer = answers[number % answers.length];
    if (!answer) return;
    const cursor = answer.turn.cursor + 1;
    tab.own = withTurn(tab.own, answer.id, { ...answer.turn, cursor, text: 'x'.repeat(cursor), outcome: cursor === END ? 'completed' : null });
    this.read[answer.id] = Math.max(this.read[answer.id], cursor);
  }

  /** @param {Tab} tab @param {number} number */
  rename(tab, number) {
    this.renamed = true;
    tab.own = { ...tab.own, title: `Title ${number}` };
  }

  /** @param {Tab} tab @param {number} number */
  select(tab, number) {
    const ids = Object.keys(tab.own.nodes);
    tab.own = withBranch(tab.own, ids[number % ids.length]);
  }

  /** @param {Tab} tab */
  store(tab) {
    this.stored = structuredClone(/** @type {Conversation} */ (withChanges(this.stored, tab.own, tab.saved)));
    tab.saved = tab.own;
  }

  /** @param {Tab} tab */
  hear(tab) {
    Object.assign(tab, merge({ ...tab, stored: structuredClone(this.stored), isRunning: () => false }));
  }
}

const step = fc.tuple(fc.constantFrom(/** @type {const} */ ('ask'), 'grow', 'grow', 'rename', 'select', 'store', 'hear', 'hear'), fc.nat({ max: TABS - 1 }), fc.nat({ max: 9 }));

it('tabs_comeToTheSameConversationAndLoseNothing', () => {
  fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
    const world = new World();
    for (const [action, tab, number] of steps) world[action](world.tabs[tab], number);
    let rounds = 0;
    const busy = (/** @type {Tab} */ { own, saved }) => changedParts(own, saved).length > 0;
    for (; rounds < 10 && (rounds < 2 || world.tabs.some(busy)); rounds++) {
      for (const tab of world.tabs.filter(busy)) {
        world.store(tab);
        for (const other of world.tabs) if (other !== tab) world.hear(other);
      }
      for (const tab of world.tabs) world.hear(tab);
    }
    // Two tabs that tell each other the same without an end would never come to rest.
    expect(rounds).toBeLessThan(10);
    for (const { own } of world.tabs) {
      expect(own.nodes).toEqual(world.stored.nodes);
      expect(own.title).toBe(world.stored.title);
    }
    for (const [id, cursor] of Object.entries(world.read)) expect(/** @type {Answer} */ (world.stored.nodes[id]).turn.cursor).toBe(cursor);
    expect(world.stored.title).toMatch(world.renamed ? /^Title/ : /^Hi$/);
    expect(pathOf(world.stored).length).toBeGreaterThan(0);
  }), { numRuns: 1000 });
});
