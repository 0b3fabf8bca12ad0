import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../../../..');
const PACKED = path.join(ROOT, 'target/npm');
const TSC = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

const PROGRAM = `
import { Chat, createClient, newConversation, pathOf, textOf } from 'lmstudio-ee';
import { createMockServer } from 'lmstudio-ee/mocks';
import { bind } from 'lmstudio-ee/composables';
import { createVueBindings } from 'lmstudio-ee/vue';
import { createReactBindings } from 'lmstudio-ee/react';

const mock = createMockServer({ answer: (stream) => { stream.deltas('Hello', ' world'); stream.complete(); } });
const client = createClient({ fetch: mock.fetch, accessToken: mock.token });
const chat = new Chat({ client, conversation: newConversation({ id: 'c', at: 0 }) });
await chat.send('Hi');
bind(chat.conversation, (conversation) => console.log(textOf(pathOf(conversation).at(-1))));
console.log(typeof createVueBindings, typeof createReactBindings);
`;

const TYPED = `
import { ApiError, Chat, createClient, newConversation } from 'lmstudio-ee';
import { createMockServer } from 'lmstudio-ee/mocks';
import { createReactBindings } from 'lmstudio-ee/react';
import { createVueBindings } from 'lmstudio-ee/vue';

const mock = createMockServer({ loadMs: 1 });
const client = createClient({ fetch: mock.fetch, accessToken: mock.token });
const chat = new Chat({ client, conversation: newConversation({ id: 'c', at: 0 }) });
const status: 'idle' | 'connecting' | 'waiting' | 'streaming' | 'reconnecting' | 'offline' | 'done' | 'failed' | 'cancelled' = chat.status.get();
const usage: number | undefined = (await client.streamState('x')).usage?.completion_tokens;
// @ts-expect-error a message has a role
void client.infer({ messages: [{ content: 'Hi' }] });
// @ts-expect-error retryMs is a number
createMockServer({ retryMs: '1' });
declare const vue: Parameters<typeof createVueBindings>[0];
const title: string = createVueBindings(vue).useChat(chat).conversation.value.title;
declare const react: Parameters<typeof createReactBindings>[0];
const sent: Promise<void> = createReactBindings(react).useChat(chat).send('Hi');
export const all = [status, usage, title, sent, ApiError];
`;

/** @type {string} */
let folder;

/** @param {string} command @param {string[]} args @param {string} cwd */
const run = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  run(process.execPath, [path.join(ROOT, 'src/main/npm/pack.mjs')], ROOT);
  folder = mkdtempSync(path.join(tmpdir(), 'lmstudio-ee-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "private": true }');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', path.join(PACKED, `lmstudio-ee-${version}.tgz`)], folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('package_holdsTheWholeSdkWithItsTypesAndNothingElse', () => {
  const installed = path.join(folder, 'node_modules/lmstudio-ee');
  const files = readdirSync(installed, { recursive: true }).map(String).filter((file) => path.extname(file) !== '');
  const modules = readdirSync(path.join(ROOT, 'src/main/webapp/js/sdk'), { recursive: true }).map(String).filter((file) => file.endsWith('.js'));
  const expected = [...modules, ...modules.map((file) => file.replace(/\.js$/, '.d.ts')), 'README.md', 'package.json'];
  expect(files.sort()).toEqual(expected.sort());
  expect(JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'))).toMatchObject({ name: 'lmstudio-ee', version });
  expect(readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['lmstudio-ee']);
});

it('program_runsAgainstTheMock', () => {
  writeFileSync(path.join(folder, 'program.js'), PROGRAM);
  expect(run(process.execPath, ['program.js'], folder)).toBe('Hello world\nfunction function\n');
});

it('types_areThoseOfTheSdk', () => {
  mkdirSync(path.join(folder, 'types'));
  writeFileSync(path.join(folder, 'types/program.ts'), TYPED);
  const tsconfig = { compilerOptions: { strict: true, noEmit: true, module: 'nodenext', target: 'es2023', lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'], types: [] }, include: ['.'] };
  writeFileSync(path.join(folder, 'types/tsconfig.json'), JSON.stringify(tsconfig));
  expect(run(process.execPath, [TSC, '--project', 'types'], folder)).toBe('');
});
