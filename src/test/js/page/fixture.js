import { renderView } from '../mock/facelets.js';

/** The real page, as the server renders it, in jsdom. Its scripts are not run: a test starts what it looks at. */
export function loadPage() {
  const page = new DOMParser().parseFromString(renderView('/ai/lmstudio/demo', { contextRoot: '/root' }), 'text/html');
  document.documentElement.dataset.contextRoot = '/root';
  document.body.replaceWith(document.adoptNode(page.body));
}
