/**
 * The checks of request bodies, as the server makes them.
 *
 * @typedef {{field: string, message: string}} Detail
 * @typedef {(value: any, field: string) => Detail[]} Check
 */

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'];

/** @param {any} value */
function kindOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

/** @param {string} kind @param {(value: any) => boolean} test @returns {Check} */
const is = (kind, test) => (value, field) => (test(value) ? [] : [{ field, message: `is ${kindOf(value)}; it must be ${kind}` }]);

const text = is('a string', (value) => typeof value === 'string');
const flag = is('a boolean', (value) => typeof value === 'boolean');
const object = is('an object', (value) => typeof value === 'object' && !Array.isArray(value));
const list = is('an array', Array.isArray);
const number = is('a number', (value) => typeof value === 'number');
/** A value of any type, which LM Studio checks. @type {Check} */
const any = () => [];

/** @param {number} least @param {number} most @returns {Check} */
const between = (least, most) => (value, field) => {
  if (typeof value !== 'number') return number(value, field);
  return value >= least && value <= most ? [] : [{ field, message: `is ${value}; it must be from ${least} to ${most}` }];
};

/** @type {Check} */
const whole = (value, field) => {
  if (typeof value !== 'number') return number(value, field);
  return Number.isInteger(value) ? [] : [{ field, message: `is ${value}; it must be a whole number of 64 bits` }];
};

/** @type {Check} */
const limit = (value, field) => {
  const wrong = whole(value, field);
  return wrong.length > 0 || value >= 1 || value === -1 ? wrong : [{ field, message: `is ${value}; it must be at least 1, or -1 for no limit` }];
};

/** @type {Check} */
const stop = (value, field) => {
  if (typeof value === 'string') return [];
  if (!Array.isArray(value)) return [{ field, message: `is ${kindOf(value)}; it must be a string or an array of strings` }];
  if (value.length > 4) return [{ field, message: `has ${value.length} entries; at most 4 are allowed` }];
  return value.flatMap((entry, index) => text(entry, `${field}[${index}]`));
};

/** @type {Check} */
const messages = (value, field) => {
  if (!Array.isArray(value)) return list(value, field);
  if (value.length === 0) return [{ field, message: 'is empty' }];
  return value.flatMap((one, index) => message(one, `${field}[${index}]`));
};

/** @type {Check} */
function message(value, field) {
  if (kindOf(value) !== 'an object') return [{ field, message: `is ${kindOf(value)}; it must be an object` }];
  const { role, content } = value;
  const wrong = ROLES.includes(role) ? [] : [{ field: `${field}.role`, message: `is ${JSON.stringify(role)}; it must be one of ${ROLES.join(', ')}` }];
  const hasCalls = role === 'assistant' && Array.isArray(value.tool_calls);
  if ((content === null || content === undefined) && hasCalls) return wrong;
  return [...wrong, ...contentDetails(content, `${field}.content`)];
}

/** @type {Check} */
function contentDetails(content, field) {
  if (typeof content === 'string') return [];
  if (!Array.isArray(content)) return [{ field, message: 'must be a string or an array of parts' }];
  if (content.length === 0) return [{ field, message: 'is empty' }];
  return content.flatMap((part, index) => (typeof part?.type === 'string' ? [] : [{ field: `${field}[${index}].type`, message: 'must be a string' }]));
}

/** @type {Check} */
const prompt = (value, field) => (value === '' ? [{ field, message: 'is empty' }] : text(value, field));

/** @type {Record<string, Check>} */
const INFER = {
  model: text, messages, prompt, stream: flag, temperature: between(0, 2), top_p: between(0, 1), top_k: whole, min_p: number,
  max_tokens: limit, max_completion_tokens: limit, presence_penalty: between(-2, 2), frequency_penalty: between(-2, 2),
  repeat_penalty: number, seed: whole, stop, tools: list, tool_choice: any, response_format: object, reasoning_effort: text, ttl: number,
  draft_model: text, logit_bias: object, suffix: text, parallel_tool_calls: flag, logprobs: any, top_logprobs: whole, user: text,
  metadata: object, extra: object,
};

/** @param {any} body @param {Record<string, Check>} fields @param {string} [unknown] the message for a field that is not listed @returns {Detail[]} */
function fieldDetails(body, fields, unknown) {
  if (kindOf(body) !== 'an object') return [{ field: '', message: `is ${kindOf(body)}; it must be an object` }];
  return Object.entries(body).flatMap(([field, value]) => {
    if (!Object.hasOwn(fields, field)) return unknown === undefined ? [] : [{ field, message: unknown }];
    return value === null ? [] : fields[field](value, field);
  });
}

/** Returns every wrong field of an infer request. @param {any} body @returns {Detail[]} */
export function inferDetails(body) {
  const wrong = fieldDetails(body, INFER, 'is not a field of this request; put other fields for LM Studio into extra');
  if (wrong.some(({ field }) => field === '')) return wrong;
  const given = ['messages', 'prompt'].filter((field) => body[field] !== undefined && body[field] !== null);
  if (given.length === 0) wrong.push({ field: 'messages', message: 'is missing' });
  if (given.length === 2) wrong.push({ field: 'messages', message: 'is given beside prompt; give only one of them' });
  const extra = body.extra ?? {};
  for (const field of Object.keys(extra)) {
    if (field === 'stream_options' || Object.hasOwn(INFER, field)) wrong.push({ field: `extra.${field}`, message: 'is not allowed inside extra' });
  }
  return wrong;
}

/** Returns every wrong field of a request to load or unload a model. @param {any} body @param {'load'|'unload'} action @returns {Detail[]} */
export function modelDetails(body, action) {
  const wrong = fieldDetails(body, { model: text, instance_id: text, context_length: whole });
  if (wrong.some(({ field }) => field === '')) return wrong;
  const named = typeof body.model === 'string' || (action === 'unload' && typeof body.instance_id === 'string');
  return named || wrong.length > 0 ? wrong : [{ field: 'model', message: 'is missing' }];
}
