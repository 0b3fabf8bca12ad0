/**
 * @import { Model } from '../sdk/client.js'
 * @import { Picture } from '../sdk/store/conversation.js'
 */

/** Vision models shrink larger images themselves, so more pixels would only make the request longer. */
const LONGEST_SIDE_PX = 1568;
/** The maximum length of one data URI. A request may have 8 MiB. */
const LONGEST_URL = 1_500_000;
const QUALITIES = [0.85, 0.7, 0.5, 0.3];

/** How many pictures one message may have. */
export const MOST_PICTURES = 4;

/** The maximum length of all data URIs of a request, those of earlier messages included. The rest of 8 MiB is for the texts. */
export const LONGEST_URLS = 7_000_000;

/**
 * Returns a picture that is small enough for a request.
 *
 * @param {File} file
 * @returns {Promise<Picture|null>} null if the browser cannot read it as an image, or it stays too large
 */
export async function pictureOf(file) {
  let image;
  try {
    image = await createImageBitmap(file);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(image.width, image.height));
  const [width, height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) return null;
  // JPEG has no transparency, and would show it as black.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  image.close();
  const url = QUALITIES.map((quality) => canvas.toDataURL('image/jpeg', quality)).find(({ length }) => length <= LONGEST_URL);
  return url === undefined ? null : { name: file.name, url, width, height };
}

/** Returns how long the data URIs of pictures are together. @param {Picture[]} pictures */
export const lengthOf = (pictures) => pictures.reduce((sum, { url }) => sum + url.length, 0);

/** Returns whether a model can see: true, false, or null if LM Studio does not say. @param {Model|undefined} model */
export function canSee(model) {
  if (!model?.type) return null;
  return model.type === 'vlm' || model.capabilities?.includes('vision') === true;
}

/** Returns the image files of a paste or a drop. @param {DataTransfer|null} data @returns {File[]} */
export function imagesOf(data) {
  return [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
}
