/** One JSON line per event; never message content, never a secret. */
import { pino, type Logger } from 'pino';

export type Log = Logger;

export function createLog(app: string, level: string): Log {
  return pino({
    level,
    base: { app },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*.password', '*.token', '*.secret', '*.authorization', 'password', 'token', 'secret'],
      censor: '[hidden]',
    },
  });
}

export const silentLog: Log = pino({ level: 'silent' });
