/** What becomes of a submit: a fault, or the answer, the handsets and the reports, in the order that is asked for. */
import type { Exchange, Report } from './exchange.js';
import type { SmsFaults } from './faults.js';
import type { Part, ShortMessage } from './carried-message.js';

export interface Submit {
  /** One for each number of the request. */
  messages: readonly ShortMessage[];
  /** Where the protocol has fields for it beside the text. */
  part?: Part | undefined;
  wantsReport: boolean;
  /** The service sees these ids in its answer and in reports, one for each message. */
  ids(): readonly string[];
  /** @param ids empty with a code */
  answer(code: number, ids: readonly string[]): void;
  cut(): void;
  report(id: string, report: Report): void;
}

export class Intake {
  /** Segments that handsets or the network took. */
  taken = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly faults: SmsFaults,
    /** The protocol's code for flow control. */
    private readonly busy: number,
  ) {}

  take(submit: Submit): void {
    const fate = this.faults.takeFate();
    switch (fate.kind) {
      case 'refused':
        return submit.answer(fate.code, []);
      case 'throttled':
        return submit.answer(this.busy, []);
      case 'silence':
        if (fate.arrives) this.deliver(submit, submit.ids());
        return submit.cut();
      case 'mute':
        return this.deliver(submit, submit.ids());
      case 'answered': {
        const ids = submit.ids();
        const early = this.faults.take('reportFirst');
        if (early) this.deliver(submit, ids);
        submit.answer(0, ids);
        if (!early) this.deliver(submit, ids);
      }
    }
  }

  private deliver(submit: Submit, ids: readonly string[]): void {
    for (const [at, message] of submit.messages.entries()) {
      const id = ids[at] ?? '';
      this.taken++;
      const withheld = submit.wantsReport && this.faults.take('withhold');
      this.exchange.deliver(message, id, submit.part, (report) => {
        if (submit.wantsReport && !withheld) submit.report(id, report);
      });
    }
  }
}
