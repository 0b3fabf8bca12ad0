// One client of the WAR: begins, joins, reads and cancels streams.
import { until } from '../base/clock.mjs';
import { inferBody, listen } from '../base/sse.mjs';
import { must, Reading } from './reading.mjs';

export class Client {
  /** @param world war, upstream, random, onDelay, count */
  constructor({ war, upstream, random, onDelay, count }) {
    Object.assign(this, { war, upstream, random, onDelay, count });
  }

  between(low, high) { return low + Math.floor(this.random() * (high - low + 1)); }

  script(more = {}) {
    return { tokens: this.between(5, 200), gap: this.between(10, 60), fill: 12, key: Math.floor(this.random() * 2 ** 48).toString(36), ...more };
  }

  /** Begins a stream; resolves once its headers are there. */
  begin(script, { live = true, ...options } = {}) {
    return this.connect(this.war.url, new Reading(script, live ? this.onDelay : undefined), { body: inferBody(script, { stream: true }), ...options });
  }

  /** Listens to a stream that is there, behind what the reading has. */
  join(location, reading, options = {}) {
    must(location, 'a stream has no address: it never began');
    reading.live = false;
    return this.connect(location, reading, { ...options, ...(reading.last && { headers: { 'last-event-id': String(reading.last) } }) });
  }

  connect(url, reading, { headers, body, onEvent = () => {}, onResponse = () => {} }) {
    return new Promise((resolve) => {
      const before = reading.tokens;
      const stream = { reading };
      const { ended, leave } = listen(url, { headers: { ...this.war.headers, ...headers }, body,
        onEvent: (event) => { reading.take(event); onEvent(event, stream); },
        onResponse: (response) => { stream.location = response.headers.location && new URL(response.headers.location, this.war.url); onResponse(response); resolve(stream); } });
      Object.assign(stream, { leave, ended: ended.then((end) => { this.count('tokens', reading.tokens - before); return end; }) });
      ended.then(() => resolve(stream));
    });
  }

  /** Resolves when so many tokens are there, or the stream is over. */
  async tokens(script, count, options) {
    let enough;
    const there = new Promise((resolve) => { enough = resolve; });
    const stream = await this.begin(script, { ...options, onEvent: (_, { reading }) => { if (reading.tokens >= count) enough(); } });
    await Promise.race([there, stream.ended]);
    return stream;
  }

  async json(url, options = {}) {
    const answer = await fetch(url, { ...options, headers: { ...this.war.headers, connection: 'close', accept: 'application/json', 'content-type': 'application/json', ...options.headers } });
    return { ...(await answer.json()), status: answer.status };
  }

  async state(location) {
    const { status, data } = await this.json(location);
    must(status === 200, `the state of ${location}: HTTP ${status}`);
    return data;
  }

  async cancel(location) {
    const { status, data } = await this.json(location, { method: 'DELETE' });
    must(status === 200, `DELETE: HTTP ${status}`);
    return data;
  }

  async postedExactly(script, times) {
    const seen = await this.upstream.seen(script.key);
    must(seen?.posted === times, `posted ${seen?.posted} times instead of ${times}`);
  }

  closedUpstream(script) {
    return until(`Upstream of ${script.key} is closed`, async () => { const seen = await this.upstream.seen(script.key); return seen?.open === 0 && seen.closedAt !== null; }, { seconds: 60, every: 200 });
  }
}
