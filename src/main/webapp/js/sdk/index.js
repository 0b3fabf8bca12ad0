/**
 * The SDK for pages and JavaScript programs. START HERE: `createClient` calls the HTTP API; `Generation` creates one answer
 * as a stream; `Chat` holds one conversation, `Conversations` all of them.
 */
export { createClient } from './client.js';
export { systemClock } from './clock.js';
export { ApiError, LmStudioError, NetworkError, OfflineError, ProtocolError, isRetryable } from './errors.js';
export { atom, until } from './store/atom.js';
export { Chat } from './store/chat.js';
export {
  DEFAULT_SETTINGS, branchesOf, newConversation, pathOf, requestOf, textOf,
} from './store/conversation.js';
export { Conversations } from './store/conversations.js';
export { exportJson, exportMarkdown, importJson } from './store/files.js';
export { figuresOf } from './store/figures.js';
export { Generation, canResume } from './store/generation.js';
export { randomId } from './store/ids.js';
export { isBusy } from './store/status.js';
export { memoryStorage, withChanges } from './store/storage.js';
export { newTurn } from './store/turn.js';
export { backoff } from './stream/backoff.js';
export { StreamReading } from './stream/reading.js';
export { sharedSlots, unlimitedSlots } from './stream/slots.js';
export { SseParser } from './stream/sse-parser.js';
export { createTransports } from './stream/transports.js';
