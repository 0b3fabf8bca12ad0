// Where and from what a result comes: it stands in every raw file.
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.mjs';

export const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
export const jcmd = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/jcmd') : 'jcmd';

const javaVersion = () => {
  const version = execFileSync(java, ['--version'], { encoding: 'utf8' }).split('\n')[0];
  if (Number(/\d+/.exec(version)) < 21) throw new Error(`${java} is ${version}: set JAVA_HOME to a JDK 21 or later`);
  return version;
};
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** The commit; `+` says that source files differed from it. Without git, or outside a clone, nobody knows. */
const commit = () => {
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src', 'pom.xml', 'server-config', 'bin') ? '+' : '');
  } catch {
    return 'unknown';
  }
};

/** Without the paths of this machine. */
const argument = (arg) => { const own = arg.replace(root, ''); return own.startsWith('/') ? 'FOLDER' : own; };

export const provenance = () => ({ command: ['node', ...process.argv.slice(1).map(argument)].join(' '), commit: commit(), date: new Date().toISOString().slice(0, 16) + 'Z',
  machine: `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${javaVersion()}` });
