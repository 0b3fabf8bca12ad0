/** Packs the SDK as an npm package: target/npm/lmstudio-ee-VERSION.tgz. Nothing is published. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

const HERE = import.meta.dirname;
const ROOT = path.join(HERE, '../../..');
const OUT = path.join(ROOT, 'target/npm');
const FOLDER = path.join(OUT, 'package');

/** @param {string} file */
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
/** @param {string} command @param {string[]} args @param {string} cwd */
const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });

rmSync(OUT, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
cpSync(path.join(ROOT, 'src/main/webapp/js/sdk'), FOLDER, { recursive: true });
cpSync(path.join(ROOT, 'LICENSE'), path.join(FOLDER, 'LICENSE'));
cpSync(path.join(ROOT, 'NOTICE'), path.join(FOLDER, 'NOTICE'));
cpSync(path.join(HERE, 'README.md'), path.join(FOLDER, 'README.md'));
const { name, ...rest } = json(path.join(HERE, 'package.json'));
const { version } = json(path.join(ROOT, 'package.json'));
writeFileSync(path.join(FOLDER, 'package.json'), `${JSON.stringify({ name, version, ...rest }, null, 2)}\n`);
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
run(process.execPath, [tsc, '--project', HERE], ROOT);
run('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', OUT], FOLDER);
