/**
 * How what was said lately began, so that a reply can quote it to clients that show no references (XEP-0461 with
 * 0428). In memory alone: nothing that people say is kept, and after a restart an old message is not quoted.
 */
import type { DeliveryKey } from '#protocol';
import { LruCache } from '#service';
import { previewOf } from '#text';

const KEPT = 20_000;
/** Graphemes. */
const LENGTH = 80;

export class Excerpts {
  private readonly said = new LruCache<DeliveryKey, string>({ max: KEPT });

  keep(id: DeliveryKey, text: string): void {
    const [line = ''] = text.trimStart().split('\n', 1);
    const { start, more } = previewOf(line.trimEnd(), LENGTH);
    if (start !== '') this.said.set(id, more ? `${start.trimEnd()}…` : start);
  }

  of(id: DeliveryKey): string | undefined {
    return this.said.get(id);
  }
}
