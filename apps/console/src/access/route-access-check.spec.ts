/** A route that declares no access stops the start. */
import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Public } from '#service';
import { Requires } from './permissions.js';
import { RouteAccessCheck } from './route-access-check.js';

@Controller('declared')
class Declared {
  @Get('keys')
  @Requires('keys:read')
  keys(): string {
    return '';
  }

  @Get('health')
  @Public()
  health(): string {
    return '';
  }

  noRoute(): string {
    return '';
  }
}

@Controller('forgotten')
class Forgotten {
  @Get()
  everything(): string {
    return '';
  }
}

@Module({ imports: [DiscoveryModule], controllers: [Declared], providers: [RouteAccessCheck] })
class Sound {}

@Module({ imports: [Sound], controllers: [Forgotten] })
class Leaky {}

test('routes with a permission, and public ones, let the application start', async () => {
  const made = await Test.createTestingModule({ imports: [Sound] }).compile();
  await expect(made.init()).resolves.toBe(made);
});

test('a route with neither is named, and nothing starts', async () => {
  const made = await Test.createTestingModule({ imports: [Leaky] }).compile();
  await expect(made.init()).rejects.toThrow('routes without @Requires or @Public: Forgotten.everything');
});
