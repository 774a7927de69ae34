/** Who may do what: one table. Each route names the permission that it needs; `RouteAccessCheck` refuses to start without. */
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Role } from '#database';

export const PERMISSIONS = {
  'networks:read': ['admin', 'operator', 'auditor'],
  'networks:write': ['admin'],
  // Only the network itself leaves or stays; two admins may propose that it leaves early, or remove it.
  'networks:leave': ['operator'],
  'leave-notices:decide': ['admin'],
  'stand-in:write': ['admin', 'operator'],
  'abuse:report': ['operator'],
  'abuse:read': ['admin', 'operator', 'auditor'],
  'abuse:answer': ['operator'],
  'blocked:read': ['admin', 'operator', 'auditor'],
  'blocked:write': ['admin', 'operator'],
  // Never an admin: whoever holds a network's credentials reads what is sent to its people.
  'credentials:issue': ['operator'],
  'credentials:read': ['admin', 'operator', 'auditor'],
  'credentials:revoke': ['admin', 'operator'],
  'certifications:read': ['admin', 'operator', 'auditor'],
  'certifications:start': ['admin', 'operator'],
  'adapters:revoke': ['admin'],
  'trace:read': ['admin', 'operator', 'auditor'],
  'dead-letters:read': ['admin', 'operator', 'auditor'],
  'dead-letters:write': ['admin', 'operator'],
  'disputes:read': ['admin', 'operator', 'auditor'],
  // An admin who rules on a dispute takes no side in it.
  'disputes:write': ['operator'],
  'disputes:arbitrate': ['admin'],
  'adjustments:read': ['admin', 'operator', 'auditor'],
  'settlement:read': ['admin', 'operator', 'auditor'],
  'settlement:confirm': ['operator'],
  'differences:resolve': ['admin'],
  'subscribers:read': ['admin', 'operator', 'auditor'],
  'subscribers:write': ['admin', 'operator'],
  // Both codes go to the subscriber, whose network asks for them.
  'links:make': ['operator'],
  'numbers:resolve': ['admin', 'operator'],
  'ported:read': ['admin', 'auditor'],
  'ported:write': ['admin'],
  'me:read': ['admin', 'operator', 'auditor'],
  'people:read': ['admin', 'operator', 'auditor'],
  // An operator proposes and disables colleagues, of their own network.
  'people:write': ['admin', 'operator'],
  'people:roles': ['admin'],
  'keys:read': ['admin', 'operator', 'auditor'],
  // Everybody for oneself; for others with the rules of KeysController.
  'keys:write': ['admin', 'operator', 'auditor'],
  'agreements:read': ['admin', 'operator', 'auditor'],
  'changes:read': ['admin', 'operator', 'auditor'],
  // An admin cannot confirm for a member.
  'changes:confirm': ['operator'],
  'acceptance-rules:read': ['admin', 'operator', 'auditor'],
  'acceptance-rules:write': ['operator'],
  'exchange:write': ['admin'],
  'announcements:read': ['admin', 'operator', 'auditor'],
  'announcements:mark': ['operator'],
  'audit:read': ['admin', 'operator', 'auditor'],
  'clearing:read': ['admin', 'operator', 'auditor'],
  'clearing:verify': ['admin', 'auditor'],
  'clearing:close': ['admin'],
  'audit:verify': ['admin', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export const PERMISSION_KEY = 'permission';
/** The permission in the OpenAPI document. */
export const PERMISSION_EXTENSION = 'x-permission';
export const Requires = (permission: Permission): MethodDecorator =>
  applyDecorators(SetMetadata(PERMISSION_KEY, permission), ApiExtension(PERMISSION_EXTENSION, permission));

export function isAllowed(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}
