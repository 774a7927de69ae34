/** COMPAT(smpp 0.5): it ships no types. Only what the tests use. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:net';

  type Fields = Record<string, unknown>;

  export interface Pdu extends Fields {
    command: string;
    command_status: number;
    sequence_number: number;
    message_id?: string;
    source_addr?: string;
    destination_addr?: string;
    esm_class?: number;
    receipted_message_id?: string;
    message_state?: number;
    data_coding?: number;
    /** The text, or bytes with their header. */
    short_message?: { message: string | Buffer; udh?: Buffer[] };
    response(fields?: Fields): Pdu;
  }

  type Answered = (pdu: Pdu) => void;

  export interface Session extends EventEmitter {
    send(pdu: Pdu): boolean;
    close(closed?: () => void): void;
    destroy(closed?: () => void): void;
    bind_transceiver(fields: Fields, answered: Answered): boolean;
    submit_sm(fields: Fields, answered: Answered): boolean;
    deliver_sm(fields: Fields, answered: Answered): boolean;
    enquire_link(answered: Answered): boolean;
    unbind(answered: Answered): boolean;
  }

  const smpp: {
    connect(options: { url?: string; port?: number; localAddress?: string }, connected: () => void): Session;
    createServer(listener: (session: Session) => void): Server;
  };
  export default smpp;
}
