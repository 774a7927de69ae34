/** The gateway's own link to the service (SGIP 1.2): unbound when nothing was said for a while. */
import type { Socket } from 'node:net';
import { Malformed } from './bytes.js';
import { GatewayLink } from './gateway-link.js';
import type { Surroundings } from './gateway.js';
import type { Verdict } from './outbox.js';
import * as sgip from './sgip-packets.js';

/** At most 2 KB a packet, 32 without an answer. Sequence numbers are the packets' own. */
export const SGIP_RULES = { least: sgip.HEADER_BYTES, most: 4096, window: 32, hasIds: false };

export type NextSequence = (counter: number) => sgip.Sequence;

export class SgipDialledLink extends GatewayLink {
  private isLeaving = false;

  constructor(
    socket: Socket,
    around: Surroundings,
    private readonly sequence: NextSequence,
    onClose: () => void,
  ) {
    super(socket, around, SGIP_RULES, onClose);
  }

  logIn(): void {
    const { account, secret } = this.around.account;
    const body = sgip.bindBody({ type: sgip.LOGIN.toService, name: account, password: secret });
    this.send(sgip.packet(sgip.COMMAND.bind, this.sequence(this.channel.nextSequence()), body));
  }

  protected packet(frame: Buffer): void {
    const { command, sequence, counter, body } = sgip.headOf(frame);
    switch (command) {
      case sgip.COMMAND.bind + sgip.RESPONSE:
        return body.u8() === sgip.RESULT.ok ? this.loggedIn(true) : this.cut();
      case sgip.COMMAND.deliver + sgip.RESPONSE:
      case sgip.COMMAND.report + sgip.RESPONSE:
        return this.channel.answered(counter, verdictOf(body.u8()));
      case sgip.COMMAND.unbind + sgip.RESPONSE:
        return this.end();
      case sgip.COMMAND.unbind:
        this.send(sgip.packet(command + sgip.RESPONSE, sequence));
        return this.end();
      default:
        throw new Malformed(`command ${command}`);
    }
  }

  /** SGIP does not ask: a link without traffic is given back. */
  protected alive(counter: number): Buffer | undefined {
    if (this.isLeaving) return undefined;
    this.isLeaving = true;
    return sgip.packet(sgip.COMMAND.unbind, this.sequence(counter));
  }
}

function verdictOf(result: number): Verdict {
  if (result === sgip.RESULT.ok) return 'taken';
  return result === sgip.RESULT.busy ? 'again' : { refused: result };
}
