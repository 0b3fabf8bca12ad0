import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Playground } from './playground.js';

/**
 * The page of the current test. The bindings of this module change with every test.
 *
 * @import { BrowserContext, Page } from 'playwright-core'
 * @import { MockOptions } from '../../../main/webapp/js/sdk/mocks/mock-server.js'
 */

/** @type {Playground} */
export let playground;
/** @type {BrowserContext} */
export let context;
/** @type {Page} */
export let page;

/**
 * Opens the page in a browser context of its own for each test of the file. A test fails if a page writes an error to its
 * console.
 *
 * @param {MockOptions} [options] of the mock, if no server is named
 */
export function openForEachTest(options) {
  beforeAll(async () => void (playground = await Playground.open(options)));
  afterAll(() => playground.close());
  beforeEach(async () => {
    playground.complaints = [];
    context = await playground.context();
    page = await playground.page(context);
  });
  afterEach(async () => {
    await context.close();
    playground.mock?.heal();
    expect(playground.complaints).toEqual([]);
  });
}

/** @param {string} name @param {Page} [from] */
export const button = (name, from = page) => from.getByRole('button', { name, exact: true });

/** @param {Page} [from] */
export const message = (from = page) => from.getByRole('textbox', { name: 'Message', exact: true });
