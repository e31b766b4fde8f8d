/**
 * Work on many items at once, results in the order of the items, with a bounded number under way:
 * memory stays flat however long the list.
 */
export async function* orderedMap<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of items) {
      underWay.push(work(item));
      if (underWay.length >= concurrency) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    // A consumer that stops early must not leave rejections unheard.
    await Promise.allSettled(underWay);
  }
}
