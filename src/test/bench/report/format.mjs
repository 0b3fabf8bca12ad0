// Numbers and tables as the documents show them. `@typedef Raw`: a raw file, or one result of it, as the measure wrote it.
/** @typedef {Record<string, any>} Raw */

/** @param {number} value @param {number} [digits] */
export const number = (value, digits = 0) => value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });

/** Three significant digits, or whole. @param {number | null | undefined} value @param {string} [unit] */
export const amount = (value, unit = '') => value === null || value === undefined || Number.isNaN(value) ? '–'
  : `${number(value, value >= 100 ? 0 : 1)}${unit && ` ${unit}`}`;

/** @param {any[]} values */
export const median = (values) => {
  const known = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  return known.length ? (known[(known.length - 1) >> 1] + known[known.length >> 1]) / 2 : NaN;
};

/** @param {Raw[]} results @param {string} field */
export const total = (results, field) => results.reduce((sum, result) => sum + result[field], 0);

/** Groups in the order of their first member. @param {Raw[]} results @param {(result: Raw) => string} key @returns {Raw[][]} */
export const groups = (results, key) => [...new Set(results.map(key))].map((name) => results.filter((result) => key(result) === name));

/** @param {string[]} header @param {string[][]} rows */
export const table = (header, rows) => [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Where the figures come from, in one line. @param {Raw} raw */
export const origin = ({ command, commit, date, machine, note }) => `\`${command}\`, commit ${commit}, ${date}, ${machine}.${note ? ` ${note}` : ''}`;

/** Returns the name of a start-up variant in tables and figures. @param {string} variant */
export const variantName = (variant) => (variant === 'bundle' ? 'packaged server' : variant);
