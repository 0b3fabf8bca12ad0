import packaged from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

const ARGS = [
  '--no-sandbox', '--no-zygote', '--no-first-run', '--disable-quic',
  // Without these Chromium calls home.
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // Drawing in software, or screenshots fail now and then.
  '--in-process-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
  '--font-render-hinting=none',
];

/** Unpacks Chromium before the first test: two workers that unpack it at the same time disturb each other. */
export async function setup() {
  process.env.CHROMIUM ??= await packaged.executablePath();
}

/** A headless Chromium that npm brought: nothing is downloaded, nothing of the system is needed. */
export async function launchBrowser() {
  const executablePath = process.env.CHROMIUM ?? (await packaged.executablePath());
  return chromium.launch({ executablePath, args: ARGS });
}
