/** Replies of the console to requests on the bus that failed. Its services throw problems of the REST API, too. */
import { Catch } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { ResultReplyFilter } from '#bus-transport';
import { resultOf } from '#http';
import type { RequestError } from '#protocol';

@Catch()
export class ProblemReplyFilter extends ResultReplyFilter {
  override catch(error: unknown): Observable<RequestError> {
    return super.catch(resultOf(error));
  }
}
