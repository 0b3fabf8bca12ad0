import { Refusal, failure } from './envelope.js';

/**
 * Faults on demand.
 *
 * @import { ErrorBody } from './envelope.js'
 * @import { MockRequest } from './requests.js'
 *
 * @typedef {(request: MockRequest, answer: () => Promise<Response>) => Promise<Response>|Response} Interception answer gives
 *   the usual answer
 */

/** Returns the error with which browsers reject a `fetch` that gets no response. */
export const noAnswer = () => new TypeError('Failed to fetch');

/** Decides for each call whether it is answered as usual. */
export class Faults {
  /** @type {{method: string, path: RegExp, interception: Interception}[]} */
  #next = [];
  /** While true, no call is answered. */
  down = false;
  /** While true, event streams deliver nothing. */
  holding = false;
  /** Bytes after which each of the next event streams breaks. @type {number[]} */
  cuts = [];

  /** Answers the next call of this kind in another way. @param {string} method @param {RegExp} path @param {Interception} interception */
  intercept(method, path, interception) {
    this.#next.push({ method, path, interception });
  }

  /** Answers the next call of this kind with an error. @param {string} method @param {RegExp} path @param {number} status @param {ErrorBody} error @param {Record<string, string>} [headers] */
  fail(method, path, status, error, headers) {
    this.intercept(method, path, ({ requestId }) => failure(new Refusal(status, error, headers), requestId));
  }

  /**
   * Breaks the connection of the next call of this kind.
   *
   * @param {string} method @param {RegExp} path
   * @param {{afterwards?: boolean}} [options] afterwards: the server carries out the call, and only its answer is lost
   */
  disconnect(method, path, { afterwards = false } = {}) {
    this.intercept(method, path, async (_, answer) => {
      if (afterwards) await answer();
      throw noAnswer();
    });
  }

  /** Never answers the next call of this kind. @param {string} method @param {RegExp} path */
  silence(method, path) {
    this.intercept(method, path, () => new Promise(() => {}));
  }

  /** Forgets all faults that have not happened yet, and ends those that last. */
  clear() {
    this.#next = [];
    this.cuts = [];
    this.down = false;
    this.holding = false;
  }

  /** @param {MockRequest} request @param {() => Promise<Response>} answer @returns {Promise<Response>} */
  async answer(request, answer) {
    const index = this.#next.findIndex(({ method, path }) => method === request.method && path.test(request.path));
    if (index >= 0) return this.#next.splice(index, 1)[0].interception(request, answer);
    if (this.down) throw noAnswer();
    return answer();
  }
}
