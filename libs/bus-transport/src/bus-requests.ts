/** Nest transport for requests on the bus: `@MessagePattern(subject)` handlers, over the connection that the process already has. */
import { Catch, type ExceptionFilter, type PipeTransform } from '@nestjs/common';
import {
  BaseRpcContext,
  Server,
  type CustomTransportStrategy,
  type MessageHandler,
} from '@nestjs/microservices';
import { lastValueFrom, of, type Observable } from 'rxjs';
import type { z } from 'zod';
import { answer, type BusConnection } from '#bus';
import { ANY, checkedBody, errorReply, ignoredFields, type Network, type RequestError } from '#protocol';

/**
 * Second argument of `@MessagePattern`. `all`: each instance of the process handles a request, and the first reply counts;
 * otherwise one of them does.
 */
export interface HandlerExtras {
  by: 'one' | 'all';
}

/** `@Ctx()` of a handler. */
export class RequestContext extends BaseRpcContext<[string]> {
  /** On which the request came. NATS vouches for the network in it. */
  get subject(): string {
    return this.getArgByIndex(0) as string;
  }
}

export class BusRequests extends Server implements CustomTransportStrategy {
  /** @param only an adapter's network. Handlers are subscribed for requests to this network, since its account permits no others */
  constructor(
    private readonly link: BusConnection,
    private readonly only?: Network,
  ) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    const subscribed = [...this.messageHandlers].map(([subject, handler]) =>
      answer(
        this.link,
        this.only === undefined ? subject : subject.replace(ANY, this.only),
        (body, asked) => this.reply(handler, body, asked),
        errorReply,
        (handler.extras as HandlerExtras | undefined)?.by ?? 'one',
      ),
    );
    try {
      await Promise.all(subscribed);
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  /** The subscriptions end with the connection, which its owner closes. */
  close(): void {}

  on(): never {
    throw new Error('the transport has no events: BusConnection says when the bus is away');
  }

  unwrap<T>(): T {
    return this.link as T;
  }

  private async reply(handler: MessageHandler, body: unknown, subject: string): Promise<unknown> {
    const result = (await handler(body, new RequestContext([subject]))) as unknown;
    return lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }
}

/** `@Payload(new RequestBody(schema))`: the body, checked. A body that does not match is refused with 30 and every field that is wrong. */
export class RequestBody<Body> implements PipeTransform<unknown, Body> {
  constructor(private readonly schema: z.ZodType<Body>) {}

  transform(body: unknown): Body {
    return checkedBody(this.schema, body);
  }
}

/** `@Payload(new IgnoredFields(schema))`: paths of the fields that `RequestBody` of the same schema leaves out. */
export class IgnoredFields implements PipeTransform<unknown, string[]> {
  constructor(private readonly schema: z.ZodType) {}

  transform(body: unknown): string[] {
    return ignoredFields(body, this.schema.safeParse(body).data ?? body);
  }
}

/** Replies with the error that a handler throws. Nest would replace the error with a text of its own. */
@Catch()
export class ResultReplyFilter implements ExceptionFilter {
  catch(error: unknown): Observable<RequestError> {
    return of(errorReply(error));
  }
}
