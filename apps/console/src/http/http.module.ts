/** How the REST API answers: problems as problem+json, strict input, idempotency keys. */
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { AddressesModule } from '../addresses/addresses.module.js';
import { AllowedMethods } from './allowed-methods.js';
import { CanonicalInput } from './canonical-input.js';
import { IdempotencyInterceptor } from './idempotency.js';
import { IdempotencyStore } from './idempotency.store.js';
import { InputPipe } from './input.pipe.js';
import { ProblemFilter } from './problem.js';
import { StorableInput } from './storable-input.js';
import { UndeclaredInput } from './undeclared-input.js';

@Module({
  imports: [AddressesModule],
  providers: [
    IdempotencyStore,
    {
      provide: AllowedMethods,
      inject: [HttpAdapterHost],
      useFactory: ({ httpAdapter }: HttpAdapterHost<FastifyAdapter>) =>
        new AllowedMethods(httpAdapter.getInstance()),
    },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: StorableInput },
    { provide: APP_PIPE, useClass: InputPipe },
    { provide: APP_PIPE, useClass: CanonicalInput },
    { provide: APP_INTERCEPTOR, useClass: UndeclaredInput },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
})
export class HttpModule {}
