/** Requests of the console on the bus: close a business day. */
import { Catch, Controller, Inject, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import { ResultReplyFilter, RequestBody } from '#bus-transport';
import { CloseDayRequest, subjects, toHubError, type CloseDayAnswer, type RequestError } from '#protocol';
import { LOG, type Log } from '#service';
import { DayCloser } from './day-closer.js';

@Catch()
class NotClosed extends ResultReplyFilter {
  constructor(@Inject(LOG) private readonly log: Log) {
    super();
  }

  override catch(error: unknown): Observable<RequestError> {
    const { code, detail } = toHubError(error);
    this.log.warn({ code, reason: detail }, 'a day was not closed');
    return super.catch(error);
  }
}

@Controller()
@UseFilters(NotClosed)
export class ClosingController {
  constructor(private readonly days: DayCloser) {}

  @MessagePattern(subjects.clearingClose)
  close(@Payload(new RequestBody(CloseDayRequest)) request: CloseDayRequest): Promise<CloseDayAnswer> {
    return this.days.closeOnRequest(request);
  }
}
