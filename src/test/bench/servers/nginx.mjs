// The floor: an unbuffered reverse proxy in C.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../base/clock.mjs';
import { target } from '../base/paths.mjs';
import { children, start } from '../base/process.mjs';

// keepalive_timeout: below the 5 s after which the stand-in, as LM Studio, closes an idle connection; else requests are posted on dying ones and lost.
const configuration = (port, upstream) => `
worker_processes 2; worker_rlimit_nofile 16384; daemon off; pid nginx.pid; error_log stderr;
events { worker_connections 16384; }
http {
  access_log off;
  upstream lmstudio { server ${upstream}; keepalive 256; keepalive_timeout 3s; }
  server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://lmstudio; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 300s; } }
}
`;

/** The running nginx, or null and a message where it is not installed. @param {{port: number, upstream: string}} options */
export const startNginx = async ({ port, upstream }) => {
  if (spawnSync('nginx', ['-v'], { stdio: 'ignore' }).error) {
    console.error('nginx is left out: it is not installed (Debian: apt-get install nginx-light).');
    return null;
  }
  const prefix = join(target, 'nginx');
  mkdirSync(prefix, { recursive: true });
  writeFileSync(join(prefix, 'nginx.conf'), configuration(port, new URL(upstream).host));
  const server = start('nginx', 'nginx', ['-e', 'stderr', '-c', join(prefix, 'nginx.conf'), '-p', prefix]);
  await until('nginx has its workers', () => { server.alive(); return children(server.pid).length === 2; });
  return { name: 'nginx', url: `http://127.0.0.1:${port}/v1/chat/completions`, headers: {}, pids: () => children(server.pid), stop: server.stop };
};
