/** Table of permissions and roles. Each route names its permission with `@Requires`; `RouteAccessCheck` stops the start if one does not. */
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Role } from '#database';

export const PERMISSIONS = {
  'networks:read': ['admin', 'operator', 'auditor'],
  'networks:write': ['admin'],
  // Only an operator announces or withdraws the departure of their network. Two admins can propose an early departure, or remove it.
  'networks:leave': ['operator'],
  'leave-notices:decide': ['admin'],
  'stand-in:write': ['admin', 'operator'],
  // Gives somebody a contact of the network; shows no secret.
  'pairings:write': ['admin', 'operator'],
  'abuse:report': ['operator'],
  'abuse:read': ['admin', 'operator', 'auditor'],
  'abuse:answer': ['operator'],
  'blocked:read': ['admin', 'operator', 'auditor'],
  'blocked:write': ['admin', 'operator'],
  // No admins: with the credentials of a network one can read messages to its people.
  'credentials:issue': ['operator'],
  'credentials:read': ['admin', 'operator', 'auditor'],
  'credentials:revoke': ['admin', 'operator'],
  'certifications:read': ['admin', 'operator', 'auditor'],
  'certifications:start': ['admin', 'operator'],
  'certifications:share': ['admin', 'operator'],
  'adapters:revoke': ['admin'],
  'trace:read': ['admin', 'operator', 'auditor'],
  'dead-letters:read': ['admin', 'operator', 'auditor'],
  'dead-letters:write': ['admin', 'operator'],
  'disputes:read': ['admin', 'operator', 'auditor'],
  // No admins: they rule on disputes and therefore take no steps of a side.
  'disputes:write': ['operator'],
  'disputes:arbitrate': ['admin'],
  'adjustments:read': ['admin', 'operator', 'auditor', 'integrator'],
  'settlement:read': ['admin', 'operator', 'auditor'],
  'settlement:confirm': ['operator'],
  'differences:resolve': ['admin'],
  'payments:read': ['admin', 'operator', 'auditor', 'integrator'],
  'payments:write': ['admin'],
  // Own records are the member's: neither admins nor auditors see what was compared.
  'reconciliations:read': ['operator'],
  'reconciliations:write': ['operator'],
  'subscribers:read': ['admin', 'operator', 'auditor'],
  'subscribers:write': ['admin', 'operator'],
  // Both codes go to the subscriber, whose own network starts the link.
  'links:make': ['operator'],
  'numbers:resolve': ['admin', 'operator'],
  'ported:read': ['admin', 'operator', 'auditor'],
  'ported:write': ['admin'],
  'me:read': ['admin', 'operator', 'auditor', 'integrator'],
  'me:write': ['admin', 'operator', 'auditor', 'integrator'],
  'people:read': ['admin', 'operator', 'auditor'],
  // An operator proposes and disables colleagues of their own network.
  'people:write': ['admin', 'operator'],
  'people:roles': ['admin'],
  'people:recover': ['admin'],
  'keys:read': ['admin', 'operator', 'auditor', 'integrator'],
  // Everybody for themselves; for others by the rules of KeyRequests.
  'keys:write': ['admin', 'operator', 'auditor', 'integrator'],
  'agreements:read': ['admin', 'operator', 'auditor'],
  'changes:read': ['admin', 'operator', 'auditor'],
  // No admins: they cannot confirm for a member.
  'changes:confirm': ['operator'],
  'acceptance-rules:read': ['admin', 'operator', 'auditor'],
  'acceptance-rules:write': ['operator'],
  'exchange:write': ['admin'],
  'announcements:read': ['admin', 'operator', 'auditor'],
  'announcements:mark': ['operator'],
  // An operator has those of their network, the others have those of the exchange.
  'webhooks:read': ['admin', 'operator', 'auditor'],
  'webhooks:write': ['admin', 'operator'],
  'audit:read': ['admin', 'operator', 'auditor'],
  // An integrator reads the days, statements and adjustments of its own party, and nothing else.
  'clearing:read': ['admin', 'operator', 'auditor', 'integrator'],
  'clearing:verify': ['admin', 'auditor'],
  'clearing:close': ['admin'],
  'audit:verify': ['admin', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

export const PERMISSION_KEY = 'permission';
/** OpenAPI extension that contains the permission of an operation. */
export const PERMISSION_EXTENSION = 'x-permission';
export const Requires = (permission: Permission): MethodDecorator =>
  applyDecorators(SetMetadata(PERMISSION_KEY, permission), ApiExtension(PERMISSION_EXTENSION, permission));

export function isAllowed(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}
