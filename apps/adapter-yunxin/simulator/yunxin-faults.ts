/** Faults of Yunxin: those of the platforms, with downloads, and those of the storage. */
import { Faults } from '#simulators';

export class YunxinFaults extends Faults {
  constructor(private readonly clear: () => void) {
    super();
  }

  /** Deletes all stored files. */
  forgetMedia(): void {
    this.clear();
  }
}
