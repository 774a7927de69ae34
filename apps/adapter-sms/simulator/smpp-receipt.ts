/** The text of a delivery receipt as most centres write it (SMPP 3.4, appendix B). */
import { minuteOf } from './china-time.js';

export interface Receipt {
  id: string;
  state: string;
  submitted: Date;
  done: Date;
}

export function receiptText({ id, state, submitted, done }: Receipt): Buffer {
  const delivered = state === 'DELIVRD';
  const fields = [
    `id:${id}`,
    'sub:001',
    `dlvrd:${delivered ? '001' : '000'}`,
    `submit date:${minuteOf(submitted)}`,
    `done date:${minuteOf(done)}`,
    `stat:${state}`,
    `err:${delivered ? '000' : '001'}`,
    'text:',
  ];
  return Buffer.from(fields.join(' '), 'latin1');
}
