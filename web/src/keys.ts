/** Keys of pictures and tables. */

/** The browser's own, such as zoom and back: not for a picture that has the focus. */
export function isShortcut({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey;
}
