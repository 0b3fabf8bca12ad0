import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['target/', 'node_modules/'] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-properties': ['error', ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write'].map((property) => ({
        ...(property === 'write' ? { object: 'document' } : {}), property, message: 'Text from a model goes into text nodes only.',
      }))],
      'max-lines': ['error', 400],
    },
  },
  { files: ['src/main/webapp/**'], languageOptions: { globals: globals.browser } },
  { files: ['src/main/vendor/**', 'src/test/**', '*.config.js'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
