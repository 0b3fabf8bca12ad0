/** Installs the packages of package-lock.json, unless the last build has done so: `npm ci` alone would download or copy all of them again. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const ROOT = path.join(import.meta.dirname, '../../..');
const MARK = path.join(ROOT, 'node_modules/.installed');
const wanted = createHash('sha256').update(readFileSync(path.join(ROOT, 'package-lock.json'))).digest('hex');

if (!existsSync(MARK) || readFileSync(MARK, 'utf8') !== wanted) {
  // Only errors: the clients of src/test/clients ask for Node 22. Their tests run with Node 20, too.
  const args = ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  execFileSync('npm', args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  writeFileSync(MARK, wanted);
}
