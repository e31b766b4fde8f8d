/**
 * Bounds on what an untrusted file may make a reader allocate. A reader checks a claimed size against
 * these and against the bytes that are really there before it allocates.
 */

/** The largest file that is read at all, bytes: a thousand times an ordinary scan. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** The most a container may expand to in all, bytes. */
export const MAX_EXPANDED_BYTES = 256 * 1024 * 1024;

/** Entries of a ZIP directory. Instrument archives hold tens. */
export const MAX_ZIP_ENTRIES = 10_000;

/** Depth of nesting and number of elements of an XML document. */
export const MAX_XML_DEPTH = 128;
export const MAX_XML_ELEMENTS = 4_000_000;
