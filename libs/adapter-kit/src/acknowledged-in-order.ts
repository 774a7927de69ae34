/**
 * For a network that acknowledges in order: a queue of the server, a cursor. Inputs of different conversations end in any
 * order; acknowledged is the highest id up to which all of them have ended, so that after a restart the network hands over
 * again from there.
 */
export class AcknowledgedInOrder<Id> {
  /** The inputs from the first unfinished one on. The network bounds it: it hands over only so much before an acknowledgement. */
  private open: { id: Id; ended: boolean }[] = [];

  /** @param onAdvance called with the id up to which everything has ended */
  constructor(private readonly onAdvance: (id: Id) => void) {}

  /** Ids in the order of the network. @returns to be called when this input need not come again */
  begin(id: Id): () => void {
    const entry = { id, ended: false };
    this.open.push(entry);
    return () => {
      entry.ended = true;
      this.advance();
    };
  }

  /** The network hands over everything unacknowledged again: what came before does not count any more. */
  reset(): void {
    this.open = [];
  }

  private advance(): void {
    const first = this.open.findIndex(({ ended }) => !ended);
    const ended = this.open.splice(0, first < 0 ? this.open.length : first);
    const last = ended.at(-1);
    if (last) this.onAdvance(last.id);
  }
}
