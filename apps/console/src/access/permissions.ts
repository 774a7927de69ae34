/** Who may do what: one table. A route names the permission that it needs; a route without one does not start. */
import { SetMetadata } from '@nestjs/common';
import type { Role } from '#database';

export const PERMISSIONS = {
  'networks:read': ['admin', 'operator', 'auditor'],
  'networks:write': ['admin'],
  'stand-in:write': ['admin', 'operator'],
  'abuse:report': ['operator'],
  'abuse:read': ['admin', 'operator', 'auditor'],
  'abuse:answer': ['operator'],
  'blocked:read': ['admin', 'operator', 'auditor'],
  'blocked:write': ['admin', 'operator'],
  'credentials:issue': ['admin', 'operator'],
  'trace:read': ['admin', 'operator', 'auditor'],
  'dead-letters:read': ['admin', 'operator', 'auditor'],
  'dead-letters:write': ['admin', 'operator'],
  'keys:read': ['admin', 'auditor'],
  'keys:write': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export const PERMISSION_KEY = 'permission';
export const Requires = (permission: Permission): MethodDecorator => SetMetadata(PERMISSION_KEY, permission);

export function isAllowed(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}
