import { deflateSync, inflateSync } from 'node:zlib';

/**
 * Makes screenshots small: a picture of text has few colours, so 256 of them are enough, and a byte for each pixel is too.
 *
 * @typedef {{width: number, height: number, pixels: Uint8Array}} Picture pixels has three bytes for each: red, green, blue
 */

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const COLOURS = 256;

/** Returns the same picture as a PNG with a palette. @param {Buffer} png 8 bits, without interlacing, as Chromium writes it */
export function withPalette(png) {
  const picture = decode(png);
  const palette = paletteOf(picture.pixels);
  const { width, height } = picture;
  const rows = Buffer.alloc(height * (width + 1));
  /** @type {Map<number, number>} */
  const nearest = new Map();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(picture.pixels, y * width + x);
      let index = nearest.get(colour);
      if (index === undefined) nearest.set(colour, (index = nearestOf(palette, colour)));
      rows[y * (width + 1) + 1 + x] = index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/** @param {Buffer} png @returns {Picture} */
function decode(png) {
  const [width, height, depth, type, interlaced] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25], png[28]];
  const channels = { 2: 3, 6: 4 }[type];
  if (depth !== 8 || !channels || interlaced !== 0) throw new Error(`A PNG with depth ${depth}, type ${type} and interlacing ${interlaced} cannot be read.`);
  const parts = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const data = inflateSync(Buffer.concat(parts));
  const length = width * channels;
  const pixels = new Uint8Array(width * height * 3);
  let above = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const row = unfiltered(data.subarray(y * (length + 1), (y + 1) * (length + 1)), above, channels);
    for (let x = 0; x < width; x++) pixels.set(row.subarray(x * channels, x * channels + 3), (y * width + x) * 3);
    above = row;
  }
  return { width, height, pixels };
}

/** @param {Uint8Array} filtered a filter type and the bytes of a row @param {Uint8Array} above @param {number} channels */
function unfiltered(filtered, above, channels) {
  const [type] = filtered;
  const row = new Uint8Array(above.length);
  for (let x = 0; x < row.length; x++) {
    const left = x < channels ? 0 : row[x - channels];
    const corner = x < channels ? 0 : above[x - channels];
    const guess = [0, left, above[x], (left + above[x]) >> 1, paeth(left, above[x], corner)][type];
    row[x] = filtered[x + 1] + guess;
  }
  return row;
}

/** @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** @param {Uint8Array} pixels @param {number} index */
const colourAt = (pixels, index) => (pixels[index * 3] << 16) | (pixels[index * 3 + 1] << 8) | pixels[index * 3 + 2];

/** The most frequent colours, without those that can hardly be told from a more frequent one. @param {Uint8Array} pixels */
function paletteOf(pixels) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let index = 0; index < pixels.length / 3; index++) {
    const colour = colourAt(pixels, index);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byCount = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  for (let least = 0; ; least += 8) {
    /** @type {number[]} */
    const palette = [];
    for (const colour of byCount) {
      if (palette.length > COLOURS) break;
      if (least === 0 || palette.every((other) => distance(colour, other) >= least)) palette.push(colour);
    }
    if (palette.length <= COLOURS) return palette;
  }
}

/** @param {number[]} palette @param {number} colour */
function nearestOf(palette, colour) {
  let best = 0;
  for (let index = 1; index < palette.length; index++) {
    if (distance(palette[index], colour) < distance(palette[best], colour)) best = index;
  }
  return best;
}

/** @param {number} a @param {number} b */
const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(content.length + 8);
  whole.writeUInt32BE(data.length, 0);
  content.copy(whole, 4);
  whole.writeUInt32BE(crc32(content), content.length + 4);
  return whole;
}

/** The checksum of PNG. Node has it in zlib only since 20.15. @param {Buffer} bytes */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
