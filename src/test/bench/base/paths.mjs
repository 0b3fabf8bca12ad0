import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));
export const bench = join(root, 'src/test/bench');
/** Logs, and results that are not for publishing. */
export const target = join(root, 'target/bench');
export const docs = join(root, 'docs');
