/** What may go wrong on Yunxin: as on the platforms, downloads included, and in the storage itself. */
import { Faults } from '#simulators';

export class YunxinFaults extends Faults {
  constructor(private readonly clear: () => void) {
    super();
  }

  /** All files stored so far are gone. */
  forgetMedia(): void {
    this.clear();
  }
}
