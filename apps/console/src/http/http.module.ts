/** Common behaviour of the REST API: problem+json, strict input, idempotency keys. */
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { allowedMethods, InputPipe, ProblemFilter } from '#http';
import { AddressesModule } from '../addresses/addresses.module.js';
import { CanonicalInput } from './canonical-input.js';
import { IdempotencyInterceptor } from './idempotency.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { StorableInput } from './storable-input.js';
import { UndeclaredInput } from './undeclared-input.js';

@Module({
  imports: [AddressesModule],
  providers: [
    IdempotencyRepository,
    allowedMethods,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: StorableInput },
    { provide: APP_PIPE, useClass: InputPipe },
    { provide: APP_PIPE, useClass: CanonicalInput },
    { provide: APP_INTERCEPTOR, useClass: UndeclaredInput },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
})
export class HttpModule {}
