/** Requests of the console on the bus: close a business day. */
import { Catch, Controller, Inject, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { of, type Observable } from 'rxjs';
import { resultReply } from '#bus-transport';
import { subjects } from '#protocol';
import { LOG, type Log } from '#service';
import { DayCloser, type CloseReply } from './day-closer.js';

@Catch()
class NotClosed implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown): Observable<object> {
    const { code, detail } = resultReply(error);
    this.log.warn({ code, reason: detail }, 'a day was not closed');
    return of({ code, detail });
  }
}

@Controller()
@UseFilters(NotClosed)
export class ClosingController {
  constructor(private readonly days: DayCloser) {}

  @MessagePattern(subjects.clearingClose)
  close(@Payload() body: unknown): Promise<CloseReply> {
    return this.days.closeOnRequest(body);
  }
}
