import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Nest's own lines through our log, so that a process speaks one format. */
export function nestLog(log: Log): LoggerService {
  const line =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) => {
      log[level]({ context: rest.at(-1) }, String(message));
    };
  return {
    log: line('debug'),
    warn: line('warn'),
    error: line('error'),
    debug: line('debug'),
    verbose: line('debug'),
    fatal: line('error'),
  };
}
